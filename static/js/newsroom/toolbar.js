// The toolbar of the text: German words, one tab stop, arrows inside, state told to everyone.

import { find, element } from "./finder.js";
import { uploader } from "./pictures.js";
import { selectedSource, source } from "./sources.js";

const ask = (title, fieldLabel, value, type = "text") =>
  new Promise((resolve) => {
    const input = element("input", { type, id: "ask-value", value: value ?? "" });
    const ok = element("button", { type: "submit", className: "default", textContent: "Übernehmen" });
    const cancel = element("button", { type: "button", className: "plain", textContent: "Abbrechen" });
    const form = element(
      "form",
      { method: "dialog" },
      element("h2", { id: "ask-heading", textContent: title }),
      element("label", { htmlFor: "ask-value", textContent: fieldLabel }),
      input,
      element("p", { className: "dialog-buttons" }, ok, cancel),
    );
    const dialog = element("dialog", { className: "finder", "aria-labelledby": "ask-heading" }, form);
    let answer = null;
    form.addEventListener("submit", () => {
      answer = input.value.trim();
    });
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });

const link = async (editor) => {
  const current = editor.getAttributes("link").href ?? "";
  if (editor.state.selection.empty && !current) {
    await ask("Link setzen", "Bitte zuerst die Wörter markieren, die verlinkt werden sollen.", "");
    return;
  }
  const typed = await ask("Link setzen", "Adresse (leer: Link entfernen)", current);
  if (typed === null) return;
  // The server drops what is no whole address: „www.bundestag.de“ is meant as one.
  const href = /^[^\s/:?#@.]+(\.[^\s/:?#@.]+)+(:\d+)?([/?#]|$)/.test(typed) ? `https://${typed}` : typed;
  const chain = editor.chain().focus().extendMarkRange("link");
  (href ? chain.setLink({ href }) : chain.unsetLink()).run();
};

const ownLink = async (editor) => {
  if (editor.state.selection.empty) return link(editor);
  const picked = await find("articles", "Eigenen Artikel verlinken");
  if (picked) editor.chain().focus().setLink({ href: `/artikel/${picked.id}/` }).run();
};

const insert = (editor, type, attrs) => editor.chain().focus().insertContent({ type, attrs }).run();

const related = async (editor) => {
  const picked = await find("articles", "„Lesen Sie auch“ einfügen");
  if (picked) insert(editor, "relatedBlock", { related: String(picked.id) });
};

const picture = async (editor) => {
  const picked = await find("pictures", "Bilder einfügen", uploader(true));
  if (!picked) return;
  const blocks = [picked].flat().map((one) => ({
    type: "pictureBlock",
    attrs: { image: String(one.id), caption: one.caption || null },
  }));
  editor.chain().focus().insertContent(blocks).run();
};

const embed = async (editor) => {
  const address = await ask("Inhalt von außen", "Adresse (https://…)", "", "url");
  if (address) insert(editor, "embedBlock", { embed: address });
};

const facts = (editor) =>
  editor
    .chain()
    .focus()
    .insertContent({
      type: "factBox",
      content: [
        { type: "heading", attrs: { level: 3 }, content: [{ type: "text", text: "Kasten" }] },
        { type: "paragraph" },
      ],
    })
    .run();

const quote = (editor) => {
  if (editor.isActive("blockquote")) return editor.chain().focus().lift("blockquote").run();
  return editor.chain().focus().wrapIn("blockquote").run();
};

const speaker = (editor) => {
  const { $from } = editor.state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const node = $from.node(depth);
    if (node.type.name !== "blockquote") continue;
    if (node.lastChild.type.name === "quoteSource") return;
    const end = $from.end(depth);
    editor.chain().focus().insertContentAt(end, { type: "quoteSource" }).setTextSelection(end + 1).run();
    return;
  }
};

const COMMANDS = {
  bold: { run: (e) => e.chain().focus().toggleBold().run(), active: (e) => e.isActive("bold") },
  italic: { run: (e) => e.chain().focus().toggleItalic().run(), active: (e) => e.isActive("italic") },
  h2: {
    run: (e) => e.chain().focus().toggleHeading({ level: 2 }).run(),
    active: (e) => e.isActive("heading", { level: 2 }),
  },
  h3: {
    run: (e) => e.chain().focus().toggleHeading({ level: 3 }).run(),
    active: (e) => e.isActive("heading", { level: 3 }),
  },
  bullets: { run: (e) => e.chain().focus().toggleBulletList().run(), active: (e) => e.isActive("bulletList") },
  numbers: { run: (e) => e.chain().focus().toggleOrderedList().run(), active: (e) => e.isActive("orderedList") },
  quote: { run: quote, active: (e) => e.isActive("blockquote") },
  speaker: { run: speaker, shown: (e) => e.isActive("blockquote") },
  source: { run: source, active: (e) => Boolean(selectedSource(e)) },
  link: { run: link, active: (e) => e.isActive("link") },
  ownlink: { run: ownLink },
  related: { run: related },
  picture: { run: picture },
  facts: { run: facts },
  embed: { run: embed },
  table: {
    run: (e) => e.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
    shown: (e) => !e.isActive("table"),
  },
  "row-add": { run: (e) => e.chain().focus().addRowAfter().run(), shown: (e) => e.isActive("table") },
  "row-remove": { run: (e) => e.chain().focus().deleteRow().run(), shown: (e) => e.isActive("table") },
  "column-add": { run: (e) => e.chain().focus().addColumnAfter().run(), shown: (e) => e.isActive("table") },
  "column-remove": { run: (e) => e.chain().focus().deleteColumn().run(), shown: (e) => e.isActive("table") },
  "table-remove": { run: (e) => e.chain().focus().deleteTable().run(), shown: (e) => e.isActive("table") },
  undo: { run: (e) => e.chain().focus().undo().run() },
  redo: { run: (e) => e.chain().focus().redo().run() },
};

export function connect(toolbar, editor) {
  const buttons = [...toolbar.querySelectorAll("button")];
  const visible = () => buttons.filter((button) => !button.hidden);
  const update = () => {
    for (const button of buttons) {
      const { active, shown } = COMMANDS[button.dataset.command];
      if (active) button.setAttribute("aria-pressed", String(active(editor)));
      if (shown) button.hidden = !shown(editor);
    }
    const stops = visible();
    if (!stops.some((button) => button.tabIndex === 0) && stops[0]) stops[0].tabIndex = 0;
  };
  for (const [place, button] of buttons.entries()) {
    button.tabIndex = place ? -1 : 0;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => COMMANDS[button.dataset.command].run(editor));
  }
  toolbar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = visible();
    const next = stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });
  editor.on("transaction", update);
  update();
  toolbar.hidden = false;
}
