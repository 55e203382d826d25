// What statements rest on: raised numbers in the line, and the dialog that asks for a source.
// Readers' pages number by the same rule (articles/rendering.py): in order of appearance, and
// the same source twice has one number.

import { element } from "./finder.js";

export const sourcesOf = (editor) => {
  const found = new Map();
  editor.state.doc.descendants((node, place) => {
    if (node.type.name !== "sourceReference") return;
    const key = JSON.stringify([node.attrs.source, node.attrs.address]);
    if (!found.has(key)) found.set(key, { ...node.attrs, number: found.size + 1, places: [] });
    found.get(key).places.push(place);
  });
  return [...found.values()];
};

export const numberSources = (editor) => {
  if (editor.isDestroyed) return;
  for (const source of sourcesOf(editor)) {
    for (const place of source.places) {
      const dom = editor.view.nodeDOM(place);
      if (dom && dom.dataset.number !== String(source.number)) dom.dataset.number = source.number;
    }
  }
};

// The button of the toolbar knows the editor; keys and the number itself only press it.
export const openSource = () => {
  document.querySelector('[data-command="source"]')?.click();
  return true;
};

const isAddress = (text) => {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
};

// A field with its label and room for what is wrong with it.
const labelled = (id, words, field) => {
  const wrong = element("p", { className: "errorlist", id: `${id}-error`, role: "alert" });
  field.id = id;
  field.setAttribute("aria-describedby", wrong.id);
  const complain = (text) => {
    wrong.textContent = text;
    field.setAttribute("aria-invalid", String(Boolean(text)));
    if (text) field.focus();
  };
  return { box: element("p", {}, element("label", { htmlFor: id, textContent: words }), field, wrong), complain };
};

// Resolves with {source, address}, with "remove", or with null.
const askSource = (current, known) =>
  new Promise((resolve) => {
    const words = element("textarea", { rows: 3, maxLength: 500, value: current?.source ?? "" });
    const address = element("input", { type: "text", inputMode: "url", value: current?.address ?? "" });
    const wordsField = labelled("source-words", "Was ist die Quelle?", words);
    const addressField = labelled("source-address", "Adresse (https://…), wenn es eine gibt", address);
    const help = element("p", {
      className: "help",
      textContent: "Wer, Titel, wo erschienen, Datum. Zum Beispiel: Statistisches Landesamt: Wohnungsbau 2025, Tabelle 4, 12. März 2026",
    });
    const form = element(
      "form",
      { method: "dialog", noValidate: true },
      element("h2", { id: "source-heading", textContent: current ? "Quelle ändern" : "Quelle angeben" }),
    );
    if (!current && known.length) {
      const choice = element("select", { id: "source-known" }, element("option", { value: "", textContent: "Neue Quelle" }));
      for (const [place, { number, source }] of known.entries()) {
        choice.append(element("option", { value: String(place), textContent: `${number}  ${source}` }));
      }
      choice.addEventListener("change", () => {
        const picked = known[choice.value];
        words.value = picked?.source ?? "";
        address.value = picked?.address ?? "";
      });
      const name = element("label", { htmlFor: "source-known", textContent: "Schon genannt" });
      form.append(element("p", {}, name, choice));
    }
    const buttons = element("p", { className: "dialog-buttons" });
    form.append(wordsField.box, help, addressField.box, buttons);
    const dialog = element("dialog", { className: "finder source-dialog", "aria-labelledby": "source-heading" }, form);
    let answer = null;
    const finish = (value) => {
      answer = value;
      dialog.close();
    };
    const button = (text, className, run) => {
      const made = element("button", { type: run ? "button" : "submit", className, textContent: text });
      if (run) made.addEventListener("click", run);
      buttons.append(made);
    };
    button("Übernehmen", "default");
    button("Abbrechen", "plain", () => finish(null));
    if (current) button("Quelle entfernen", "plain", () => finish("remove"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const source = words.value.replace(/\s+/g, " ").trim();
      const target = address.value.trim();
      addressField.complain(
        !target || isAddress(target) ? "" : "Bitte die ganze Adresse angeben, mit https:// am Anfang, oder das Feld leeren.",
      );
      wordsField.complain(
        /[\p{L}\p{N}]/u.test(source) ? "" : "Bitte sagen, was die Quelle ist: wer, Titel, wo erschienen, Datum.",
      );
      if (form.querySelector("[aria-invalid=true]")) return;
      finish({ source, address: target || null });
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    words.focus();
  });

export const selectedSource = (editor) => {
  const { node } = editor.state.selection;
  return node?.type.name === "sourceReference" ? node : null;
};

// The browser tells the editor of a moved cursor a little later. Whoever is quick on the keys must
// not find the number where the cursor was before.
const cursorIsKnown = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));

export const source = async (editor) => {
  await cursorIsKnown();
  const node = selectedSource(editor);
  const answer = await askSource(node?.attrs, sourcesOf(editor));
  if (answer === null) return void editor.commands.focus();
  if (answer === "remove") return void editor.chain().focus().deleteSelection().run();
  if (!node) {
    // Behind what is marked, not instead of it: these are the words that it backs.
    const place = editor.state.selection.to;
    return void editor.chain().focus().insertContentAt(place, { type: "sourceReference", attrs: answer }).run();
  }
  // One entry of the list: all its numbers change together.
  const same = sourcesOf(editor).find(({ places }) => places.includes(editor.state.selection.from));
  editor
    .chain()
    .focus()
    .command(({ tr }) => {
      for (const place of same.places) tr.setNodeMarkup(place, null, answer);
      return true;
    })
    .run();
};
