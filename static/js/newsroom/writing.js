// The writing page: connects the editor, the lists and the counters; keeps typed text from being lost.

import { element, find } from "./finder.js";
import { bylines, picked, topics } from "./lists.js";
import { connect } from "./toolbar.js";

const form = document.querySelector("form[data-finder]");

// --- a new picture, inside the chooser ---

const upload = (pick) => {
  const template = document.querySelector("#upload-template");
  if (!template) return element("div");
  const box = template.content.cloneNode(true).firstElementChild;
  const send = box.querySelector("button");
  const status = box.querySelector("[role=status]");
  send.addEventListener("click", async () => {
    const data = new FormData();
    for (const input of box.querySelectorAll("input")) data.append(input.name, input.files?.[0] ?? input.value);
    data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    status.textContent = "Wird hochgeladen …";
    try {
      const response = await fetch(form.dataset.upload, { method: "POST", body: data });
      const answer = await response.json();
      if (answer.results) return pick(answer.results[0]);
      status.textContent = Object.values(answer.errors).flat().join(" ");
    } catch {
      status.textContent = "Das Bild kam nicht an. Bitte noch einmal versuchen.";
    }
    return null;
  });
  return box;
};

const picture = (box) => {
  const field = box.querySelector("input");
  const shown = box.querySelector("[data-shown]");
  const set = (found) => {
    field.value = found?.id ?? "";
    shown.replaceChildren();
    if (found) {
      shown.append(element("img", { src: found.thumbnail, alt: "" }), element("span", { textContent: found.detail }));
      const caption = form.elements.lead_caption;
      if (caption && !caption.value) caption.value = found.caption;
    }
    box.querySelector("[data-clear]").hidden = !found;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  box.querySelector("[data-choose]").addEventListener("click", async () => {
    const found = await find("pictures", "Aufmacherbild wählen", upload);
    if (found) set(found);
  });
  box.querySelector("[data-clear]").addEventListener("click", () => set(null));
};

// --- counters ---

const count = () => {
  const text = document.querySelector(".ProseMirror")?.innerText ?? "";
  const words = text.split(/\s+/).filter(Boolean).length;
  const values = {
    headline: `${form.elements.headline.value.length} Zeichen`,
    lead: `${form.elements.lead.value.length} Zeichen`,
    body: `${words} Wörter, ${text.length} Zeichen, etwa ${Math.max(1, Math.ceil(words / 200))} Min. Lesezeit`,
  };
  for (const [name, value] of Object.entries(values)) {
    const place = form.querySelector(`[data-count="${name}"]`);
    if (place) place.textContent = value;
  }
};

// --- start ---

if (form) {
  for (const box of form.querySelectorAll("[data-bylines]")) bylines(box);
  for (const box of form.querySelectorAll("[data-picked]")) picked(box);
  for (const box of form.querySelectorAll("[data-topics]")) topics(box);
  for (const box of form.querySelectorAll("[data-picture]")) picture(box);

  const ready = (editor) => {
    const surface = editor.view.dom;
    surface.setAttribute("aria-label", "Text");
    surface.setAttribute("role", "textbox");
    surface.setAttribute("aria-multiline", "true");
    const toolbar = form.querySelector("[role=toolbar]");
    if (toolbar && editor.isEditable) connect(toolbar, editor, upload);
    count();
  };
  // Which of the two modules runs first is chance: the editor may be there already.
  const there = form.querySelector(".ProseMirror")?.editor;
  if (there) ready(there);
  else document.addEventListener("prose-editor:ready", (event) => ready(event.detail.editor), { once: true });

  // A headline has one line: Enter leads on.
  form.elements.headline.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.elements.lead.focus();
  });

  let dirty = false;
  form.addEventListener("input", () => {
    dirty = true;
    count();
  });
  form.addEventListener("submit", () => {
    dirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]"));
    }
  });
  // An action with nothing typed since the last save leads straight on: looking is not writing.
  for (const button of form.querySelectorAll("button[data-address]")) {
    button.addEventListener("click", (event) => {
      if (dirty) return;
      event.preventDefault();
      window.location.assign(button.dataset.address);
    });
  }
  count();
}
