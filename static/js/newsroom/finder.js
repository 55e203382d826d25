// A chooser: type, pick from a short list. Used for articles and pictures.
// find() resolves with the picked result {id, title, detail, …}, with several in a list, or null.

const address = (kind) => document.querySelector(`[data-finder][data-${kind}]`).dataset[kind];

export async function look(kind, parameters) {
  const response = await fetch(`${address(kind)}?${new URLSearchParams(parameters)}`);
  if (!response.ok) throw new Error(`Suche nicht möglich (${response.status})`);
  return (await response.json()).results;
}

export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
};

const row = (result, pick) => {
  const button = element("button", { type: "button", className: "finder-row" });
  if (result.thumbnail) button.append(element("img", { src: result.thumbnail, alt: "", width: 96, height: 54 }));
  button.append(
    element("span", { className: "finder-title", textContent: result.title }),
    element("span", { className: "finder-detail", textContent: result.detail }),
  );
  button.addEventListener("click", () => pick(result));
  return element("li", {}, button);
};

export function find(kind, title, extra = null, parameters = {}) {
  return new Promise((resolve) => {
    const status = element("p", { className: "finder-status", role: "status" });
    const list = element("ul", { className: "finder-list" });
    const input = element("input", { type: "search", id: "finder-words", autocomplete: "off" });
    const close = element("button", { type: "button", className: "plain", textContent: "Schließen" });
    const dialog = element(
      "dialog",
      { className: "finder", "aria-labelledby": "finder-heading" },
      element("h2", { id: "finder-heading", textContent: title }),
      element("label", { htmlFor: "finder-words", textContent: "Suchen" }),
      input,
      status,
      list,
    );
    let picked = null;
    const pick = (result) => {
      picked = result;
      dialog.close();
    };
    if (extra) list.before(extra(pick, dialog));
    dialog.append(close);

    let latest = 0;
    const refresh = async () => {
      const mine = ++latest;
      try {
        const results = await look(kind, { ...parameters, q: input.value });
        if (mine !== latest) return;
        list.replaceChildren(...results.map((result) => row(result, pick)));
        status.textContent = results.length ? "" : "Nichts gefunden.";
      } catch (error) {
        status.textContent = error.message;
      }
    };
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(refresh, 150);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        list.querySelector("button")?.click();
      } else if (event.key === "ArrowDown") {
        event.preventDefault();
        list.querySelector("button")?.focus();
      }
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = document.activeElement.closest("li")?.[step];
      (next?.querySelector("button") ?? input).focus();
    });
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(picked);
    });
    document.body.append(dialog);
    dialog.showModal();
    refresh();
  });
}
