// Pictures in the newsroom's forms: chosen or uploaded in a dialog, without leaving the page.

import { element, find } from "./finder.js";
import { uploads } from "./uploads.js";

// The upload box for the chooser; several at once where the place has room for several.
export const uploader =
  (many = false) =>
  (pick, dialog) => {
    const template = document.querySelector("#upload-template");
    const box = element("div", { className: "upload-box" });
    if (!template) return box;
    box.append(template.content.cloneNode(true));
    const state = uploads(box.querySelector("form"), { use: pick, many });
    dialog.addEventListener("cancel", (event) => {
      if (!state.isOpen()) return;
      event.preventDefault();
      state.say("Noch ist nicht alles bestätigt. „Schließen“ verwirft, was Sie eingegeben haben; die Bilder bleiben im Archiv.");
    });
    return box;
  };

// A field that holds the number of one picture.
export const pictureField = (box, chosen = () => {}) => {
  const field = box.querySelector("input");
  const shown = box.querySelector("[data-shown]");
  const clear = box.querySelector("[data-clear]");
  const choose = box.querySelector("[data-choose]");
  if (!choose) return;
  const set = (found) => {
    field.value = found?.id ?? "";
    shown.replaceChildren();
    if (found) {
      if (found.thumbnail) shown.append(element("img", { src: found.thumbnail, alt: "" }));
      shown.append(element("span", { textContent: found.detail }));
      chosen(found);
    }
    clear.hidden = !found;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  choose.addEventListener("click", async () => {
    const name = box.closest("fieldset")?.querySelector("legend")?.textContent ?? "Bild";
    const found = await find("pictures", `${name} wählen`, uploader(), { nur: box.dataset.only ?? "" });
    if (found) set(found);
  });
  clear.addEventListener("click", () => {
    set(null);
    choose.focus();
  });
};
