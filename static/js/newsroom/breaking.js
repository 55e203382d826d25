// The form for breaking news: counts the signs, and lets an article be chosen instead of typing its number.

import { find } from "./finder.js";

const form = document.querySelector("form[data-finder]");

const text = form.elements.text;
const help = document.getElementById(`${text.id}_helptext`);
const words = help.textContent;
const count = () => {
  help.textContent = `${words} Noch ${text.maxLength - text.value.length}.`;
};
text.addEventListener("input", count);
count();

const box = form.querySelector("[data-article]");
const [shown, choose, clear] = ["shown", "choose", "clear"].map((name) => box.querySelector(`[data-${name}]`));
const field = box.querySelector("input");
const show = (headline) => {
  shown.textContent = headline;
  shown.hidden = clear.hidden = !field.value;
};
field.type = "hidden";
choose.hidden = false;
show(shown.textContent || (field.value && `Artikel Nr. ${field.value}`));
choose.addEventListener("click", async () => {
  const found = await find("articles", "Artikel auswählen");
  if (!found) return;
  field.value = found.id;
  show(found.title);
});
clear.addEventListener("click", () => {
  field.value = "";
  show("");
  choose.focus();
});
