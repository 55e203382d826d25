// Pages with picture fields and a focal point: the page of a picture, swapping, an author's profile.

import { focus } from "./focus.js";
import { pictureField } from "./pictures.js";

for (const box of document.querySelectorAll("[data-focus]")) focus(box);
for (const box of document.querySelectorAll("[data-picture]")) pictureField(box);

const form = document.querySelector(".picture-form");
if (form?.querySelector("[data-save]")) {
  let dirty = false;
  for (const name of ["input", "change"]) {
    form.addEventListener(name, () => {
      dirty = true;
    });
  }
  form.addEventListener("submit", () => {
    dirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-save]"));
  });
}
