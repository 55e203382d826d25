// The library: upload many, look at one without leaving the grid.

import { element } from "./finder.js";
import { uploads } from "./uploads.js";

const form = document.querySelector("form[data-upload]");
if (form) uploads(form);

const links = [...document.querySelectorAll("[data-quick]")];

const look = (start) => {
  let place = start;
  const body = element("div", { className: "quick-body" });
  const step = (text, by) => {
    const made = element("button", { type: "button", className: "plain", textContent: text });
    made.addEventListener("click", () => show(place + by));
    return made;
  };
  const [back, on] = [step("Voriges", -1), step("Nächstes", 1)];
  const close = element("button", { type: "button", className: "plain", textContent: "Schließen" });
  const dialog = element(
    "dialog",
    { className: "finder quick-dialog", "aria-labelledby": "schnellansicht" },
    element("p", { className: "quick-steps" }, back, on, close),
    body,
  );
  let latest = 0;
  const show = async (wanted) => {
    if (wanted < 0 || wanted >= links.length) return;
    place = wanted;
    back.disabled = place === 0;
    on.disabled = place === links.length - 1;
    const mine = ++latest;
    try {
      const response = await fetch(`${links[place].href}?teil`);
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      const text = await response.text();
      if (mine !== latest) return;
      body.replaceChildren(...document.adoptNode(new DOMParser().parseFromString(text, "text/html").body).childNodes);
    } catch {
      window.location.assign(links[place].href);
    }
  };
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    show(place + by);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    links[place].focus();
  });
  document.body.append(dialog);
  show(start).then(() => {
    dialog.showModal();
    close.focus();
  });
};

for (const [place, link] of links.entries()) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    look(place);
  });
}
