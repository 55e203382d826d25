// Lists on the writing page: bylines and hand-picked articles to sort, topics as words.

import { element, find, look } from "./finder.js";

const say = (text) => {
  document.querySelector("[data-announcer]").textContent = text;
};

// Rows can be moved with buttons, with Alt+arrow and with the mouse.
export function sortable(list) {
  const changed = () => list.dispatchEvent(new Event("input", { bubbles: true }));
  const rows = () => [...list.querySelectorAll(":scope > [data-row]")];
  const name = (row) => row.querySelector("select")?.selectedOptions[0]?.textContent ?? row.dataset.name ?? "";
  const move = (row, step, keep) => {
    const all = rows();
    const place = all.indexOf(row) + step;
    if (place < 0 || place >= all.length) return;
    if (step < 0) all[place].before(row);
    else all[place].after(row);
    keep?.focus();
    say(`${name(row)}: Platz ${place + 1} von ${all.length}`);
    changed();
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-move], button[data-remove]");
    const row = button?.closest("[data-row]");
    if (!row) return;
    if (button.dataset.move) return move(row, Number(button.dataset.move), button);
    const next = row.nextElementSibling ?? row.previousElementSibling;
    say(`${name(row)} entfernt`);
    row.remove();
    next?.querySelector("button, select")?.focus();
    changed();
  });
  list.addEventListener("keydown", (event) => {
    const step = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = event.target.closest("[data-row]");
    if (!step || !row) return;
    event.preventDefault();
    move(row, step, event.target);
  });
  let dragged = null;
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-row]");
    dragged?.classList.add("dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-row]");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged);
    else over.after(dragged);
  });
  list.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    changed();
  });
}

export function bylines(box) {
  const list = box.querySelector("[data-rows]");
  const template = box.querySelector("template");
  sortable(list);
  box.querySelector("[data-add]").addEventListener("click", () => {
    list.append(template.content.cloneNode(true));
    list.lastElementChild.querySelector("select").focus();
  });
}

export function picked(box) {
  const list = box.querySelector("[data-rows]");
  const template = box.querySelector("template");
  sortable(list);
  box.querySelector("[data-add]").addEventListener("click", async () => {
    const found = await find("articles", "„Lesen Sie auch“ auswählen");
    if (!found || list.querySelector(`input[value="${found.id}"]`)) return;
    const row = template.content.cloneNode(true).firstElementChild;
    row.dataset.name = found.title;
    row.querySelector("input").value = found.id;
    row.querySelector("[data-title]").textContent = found.title;
    list.append(row);
    list.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// The field stays a plain list of words with commas; this shows it as words with suggestions.
export function topics(box) {
  const field = box.querySelector("input");
  if (field.disabled) return;
  const words = () => field.value.split(",").map((word) => word.trim()).filter(Boolean);
  const chips = element("ul", { className: "chips" });
  const options = element("ul", { className: "suggestions", id: "topic-suggestions", role: "listbox", hidden: true });
  const entry = element("input", {
    type: "text",
    id: "topic-entry",
    autocomplete: "off",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "topic-suggestions",
    "aria-autocomplete": "list",
    placeholder: "Thema hinzufügen …",
  });
  let current = -1;
  let latest = 0;
  const write = (list) => {
    field.value = list.join(", ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  };
  const show = () => {
    chips.replaceChildren(
      ...words().map((word) => {
        const remove = element("button", { type: "button", "aria-label": `Thema ${word} entfernen`, textContent: "×" });
        remove.addEventListener("click", () => {
          write(words().filter((other) => other !== word));
          say(`Thema ${word} entfernt`);
          entry.focus();
        });
        return element("li", {}, word, remove);
      }),
    );
  };
  const close = () => {
    options.hidden = true;
    current = -1;
    entry.setAttribute("aria-expanded", "false");
    entry.removeAttribute("aria-activedescendant");
  };
  const take = (word) => {
    const clean = word.replaceAll(",", " ").trim();
    if (clean && !words().some((other) => other.toLowerCase() === clean.toLowerCase())) write([...words(), clean]);
    entry.value = "";
    latest++; // what is still on its way comes too late
    close();
  };
  const mark = (wanted) => {
    current = wanted;
    const all = [...options.children];
    for (const [place, option] of all.entries()) option.setAttribute("aria-selected", String(place === current));
    if (current < 0) entry.removeAttribute("aria-activedescendant");
    else entry.setAttribute("aria-activedescendant", all[current].id);
  };
  const step = (by) => {
    const number = options.children.length;
    if (number) mark((current + by + number) % number);
  };
  entry.addEventListener("input", async () => {
    const mine = ++latest;
    if (entry.value.includes(",")) return take(entry.value);
    if (!entry.value.trim()) return close();
    const found = await look("tags", { q: entry.value }).catch(() => []);
    if (mine !== latest) return;
    // Whoever has chosen while the answer was on its way keeps the choice.
    const chosen = options.children[current]?.textContent;
    options.replaceChildren(
      ...found.map((word, place) => {
        const option = element("li", { role: "option", id: `topic-${place}`, textContent: word });
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(word);
        });
        return option;
      }),
    );
    mark(found.indexOf(chosen));
    options.hidden = !found.length;
    entry.setAttribute("aria-expanded", String(Boolean(found.length)));
  });
  entry.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(current >= 0 ? options.children[current].textContent : entry.value);
    } else if (event.key === "Escape") close();
    else if (event.key === "Backspace" && !entry.value) write(words().slice(0, -1));
  });
  entry.addEventListener("blur", () => take(entry.value));
  field.type = "hidden";
  box.append(chips, entry, options);
  const label = document.querySelector(`label[for="${field.id}"]`);
  if (label) label.htmlFor = "topic-entry";
  show();
}
