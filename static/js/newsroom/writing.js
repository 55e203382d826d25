// The writing page: connects the editor, the lists and the counters; keeps typed text from being lost.

import { bylines, picked, topics } from "./lists.js";
import { pictureField } from "./pictures.js";
import { connect } from "./toolbar.js";

const form = document.querySelector("form[data-finder]");

// --- counters ---

const count = () => {
  const text = (document.querySelector(".ProseMirror")?.innerText ?? "").trim(); // an empty one has a line end
  const words = text.split(/\s+/).filter(Boolean).length;
  const values = {
    headline: `${form.elements.headline.value.length} Zeichen`,
    lead: `${form.elements.lead.value.length} Zeichen`,
    body: `${words} ${words === 1 ? "Wort" : "Wörter"}, ${text.length} Zeichen, etwa ${Math.max(1, Math.ceil(words / 200))} Min. Lesezeit`,
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
  for (const box of form.querySelectorAll("[data-picture]")) {
    pictureField(box, (found) => {
      const caption = form.elements.lead_caption;
      if (!caption.value) caption.value = found.caption;
    });
  }

  const ready = (editor) => {
    const surface = editor.view.dom;
    surface.setAttribute("aria-label", "Text");
    surface.setAttribute("role", "textbox");
    surface.setAttribute("aria-multiline", "true");
    const toolbar = form.querySelector("[role=toolbar]");
    if (toolbar && editor.isEditable) connect(toolbar, editor);
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
