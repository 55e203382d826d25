// Many files at once: two at a time, each with its progress; then what must be known of each.

import { element } from "./finder.js";
import { focus } from "./focus.js";

const MOST_FILES = 20;
const MOST_BYTES = 20 * 1024 * 1024;
const AT_ONCE = 2;
const TYPES = /^image\//;

const part = (html) => document.adoptNode(new DOMParser().parseFromString(html, "text/html").body.firstElementChild);
const button = (text, act, className = "plain") => {
  const made = element("button", { type: "button", className, textContent: text });
  made.addEventListener("click", act);
  return made;
};

const faultOf = (request) => {
  const answer = request.response;
  if (answer?.errors) return Object.values(answer.errors).flat().join(" ");
  if (request.status === 413) return "Die Datei ist größer als 20 MB. Bitte verkleinern Sie das Bild.";
  if (request.status === 403 || request.status === 200) {
    return "Ihre Anmeldung gilt nicht mehr. Kopieren Sie, was Sie noch nicht gespeichert haben; laden Sie dann die Seite neu und melden Sie sich wieder an.";
  }
  return "Die Datei kam nicht an. Bitte versuchen Sie es noch einmal.";
};

// ``form`` is the plain form for one file. ``use`` takes pictures into an article; without it the
// pictures are only kept. ``many``: whether several may be taken at once.
export function uploads(form, { use = null, many = true } = {}) {
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const list = element("ol", { className: "upload-list" });
  const status = element("p", { className: "upload-status", role: "status" });
  const take = element("p", { className: "dialog-buttons" });
  const waiting = [];
  const ready = [];
  let running = 0;
  input.multiple = true;
  form.querySelector("[data-plain]").hidden = true;
  form.querySelector("[data-with-script]").hidden = false;
  // Outside the form: what must be known of each picture is a form of its own.
  form.after(status, list, take);

  const say = (text) => {
    status.textContent = text;
  };
  const offer = (picture) => {
    ready.push(picture);
    if (!use || !many) return;
    const words = ready.length === 1 ? "1 Bild einfügen" : `${ready.length} Bilder einfügen`;
    take.replaceChildren(button(words, () => use(ready), "default"));
  };
  const finish = (row, picture, words) => {
    const line = element("p", { className: "upload-done", textContent: words });
    line.append(" ", element("a", { href: row.address, target: "_blank", rel: "noopener", textContent: "Ansehen" }));
    row.about.replaceChildren(line);
    if (use && !many) row.about.append(button("Verwenden", () => use(picture), "default"));
    offer(picture);
  };

  const confirm = (row, html) => {
    const asked = part(html);
    row.about.querySelector("form")?.remove();
    row.about.append(asked);
    for (const box of asked.querySelectorAll("[data-focus]")) focus(box);
    asked.addEventListener("submit", async (event) => {
      event.preventDefault();
      const send = asked.querySelector("button[type=submit]");
      send.disabled = true;
      try {
        const response = await fetch(asked.action, { method: "POST", body: new FormData(asked) });
        const answer = await response.json();
        if (answer.picture) {
          finish(row, answer.picture, `„${answer.picture.title}“ ist bestätigt.`);
          say(`„${answer.picture.title}“ ist bestätigt.`);
          const next = list.querySelector("form.confirm") ?? take;
          next.querySelector("input:not([type=hidden]), textarea, button")?.focus();
          return;
        }
        const again = confirm(row, answer.form);
        again.querySelector(".has-error :is(input, textarea, select)")?.focus();
      } catch {
        say("Die Angaben kamen nicht an. Sie stehen noch da; bitte versuchen Sie es noch einmal.");
        send.disabled = false;
      }
    });
    return asked;
  };

  const done = (row, answer) => {
    row.address = answer.address;
    row.bar.remove();
    row.stop.remove();
    if (answer.picture.thumbnail) row.item.prepend(element("img", { src: answer.picture.thumbnail, alt: "", className: "upload-thumbnail" }));
    if (answer.known && !answer.form) {
      const words = answer.picture.publishable ? "Dieses Bild gibt es schon." : "Dieses Bild gibt es schon; ihm fehlen noch Angaben.";
      finish(row, answer.picture, words);
      say(`${row.file.name}: ${words}`);
      return;
    }
    row.about.replaceChildren();
    if (answer.known) row.about.append(element("p", { textContent: "Dieses Bild gibt es schon; ihm fehlen noch Angaben." }));
    confirm(row, answer.form);
    say(`${row.file.name} ist da. Bitte bestätigen Sie die Angaben.`);
  };

  // What was refused will be refused again; what got lost on the way may be tried once more.
  const failed = (row, words, again = false) => {
    row.bar.remove();
    row.stop.remove();
    row.about.replaceChildren(element("p", { className: "errorlist", textContent: words }));
    const retry = button("Noch einmal", () => {
      row.item.remove();
      add(row.file);
    });
    if (again) row.about.append(retry);
    say(`${row.file.name}: ${words}`);
  };

  const next = () => {
    while (running < AT_ONCE && waiting.length) send(waiting.shift());
  };
  const send = (row) => {
    running += 1;
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("file", row.file);
    data.append("csrfmiddlewaretoken", token);
    row.request = request;
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      row.bar.value = event.loaded / event.total;
      row.words.textContent = event.loaded < event.total ? `${Math.round(row.bar.value * 100)} %` : "wird geprüft …";
    });
    request.addEventListener("load", () => {
      if (request.status === 200 && request.response?.picture) done(row, request.response);
      else failed(row, faultOf(request), !request.response?.errors && request.status !== 413);
    });
    request.addEventListener("error", () => failed(row, faultOf(request), true));
    request.addEventListener("loadend", () => {
      running -= 1;
      next();
    });
    request.open("POST", form.dataset.upload);
    request.send(data);
  };
  const stop = (row) => {
    const place = waiting.indexOf(row);
    if (place >= 0) waiting.splice(place, 1);
    else row.request?.abort();
    row.item.remove();
    say(`${row.file.name} abgebrochen.`);
    input.focus();
  };
  const add = (file) => {
    const row = {
      file,
      item: element("li", { className: "upload-row" }),
      bar: element("progress", { max: 1, value: 0, "aria-label": `Fortschritt: ${file.name}` }),
      words: element("span", { className: "quiet", textContent: "wartet …" }),
      about: element("div", { className: "upload-about" }),
    };
    row.stop = button("Abbrechen", () => stop(row));
    row.stop.setAttribute("aria-label", `Abbrechen: ${file.name}`);
    row.about.append(row.words);
    row.item.append(element("span", { className: "upload-name", textContent: file.name }), row.bar, row.stop, row.about);
    list.append(row.item);
    if (file.size > MOST_BYTES) failed(row, "Die Datei ist größer als 20 MB. Bitte verkleinern Sie das Bild oder speichern Sie es als JPEG.");
    else waiting.push(row);
    next();
  };
  const receive = (files) => {
    const all = [...files];
    for (const file of all.slice(0, MOST_FILES)) add(file);
    if (all.length > MOST_FILES) say(`Höchstens ${MOST_FILES} auf einmal: Die ersten ${MOST_FILES} werden hochgeladen.`);
    else if (all.length) say(all.length === 1 ? "1 Datei wird hochgeladen." : `${all.length} Dateien werden hochgeladen.`);
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("change", () => {
    receive(input.files);
    input.value = "";
  });
  const carries = (event) => [...(event.dataTransfer?.items ?? [])].some((item) => item.kind === "file" && (!item.type || TYPES.test(item.type)));
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      drop.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    receive(event.dataTransfer.files);
  });
  window.addEventListener("beforeunload", (event) => {
    if (running) event.preventDefault();
  });
  return { isOpen: () => running > 0 || list.querySelector("form.confirm") !== null, say };
}
