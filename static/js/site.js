// Makes the menu a true dialog and offers what only a script can do. Every page reads without it.

const menu = document.getElementById("menu");
const opener = document.querySelector("[data-menu]");

if (menu?.showModal && opener) {
  menu.removeAttribute("popover");
  const closer = menu.querySelector("[data-menu-close]");
  for (const button of [opener, closer]) button.removeAttribute("popovertarget");
  opener.setAttribute("aria-haspopup", "dialog");
  opener.setAttribute("aria-expanded", "false");

  opener.addEventListener("click", () => {
    menu.showModal();
    opener.setAttribute("aria-expanded", "true");
  });
  closer.addEventListener("click", () => menu.close());
  // The sheet fills the dialog: a click on the dialog itself is one beside it.
  menu.addEventListener("click", (event) => event.target === menu && menu.close());
  menu.addEventListener("close", () => {
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  });
  // Round and round: the last stop is followed by the first.
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const stops = menu.querySelectorAll("a[href], button");
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const leaving = event.shiftKey ? first : last;
    if (document.activeElement !== leaving) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  });
  // A page is left with its menu closed: so it fades into the next, and so it comes back.
  for (const leaving of ["pageswap", "pagehide"]) addEventListener(leaving, () => menu.open && menu.close());
}

// How large the text is. early.js has set what was chosen before; „normal“ leaves nothing behind.
const TEXT_SIZE = "renewz:schrift";
const { dataset } = document.documentElement;

const showTextSize = () => {
  for (const button of document.querySelectorAll("[data-text-size-choice] button")) {
    button.setAttribute("aria-pressed", button.value === dataset.textSize);
  }
};

const keepTextSize = (size) => {
  try {
    if (size === "normal") localStorage.removeItem(TEXT_SIZE);
    else localStorage.setItem(TEXT_SIZE, size);
  } catch {
    // A browser that keeps nothing: the choice holds for this page.
  }
};

for (const choice of document.querySelectorAll("[data-text-size-choice]")) {
  choice.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const before = choice.getBoundingClientRect().top;
    dataset.textSize = button.value;
    // The page grows above it; the choice stays under the finger.
    (choice.closest("dialog") ?? window).scrollBy(0, choice.getBoundingClientRect().top - before);
    keepTextSize(button.value);
    showTextSize();
    choice.querySelector("[role=status]").textContent = `Schriftgröße: ${button.lastChild.textContent}`;
  });
}
showTextSize();
// A page from the browser's memory may be older than the choice.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  try {
    dataset.textSize = localStorage.getItem(TEXT_SIZE) ?? "normal";
  } catch {
    return;
  }
  showTextSize();
});

// The banner of breaking news can be closed. early.js keeps it closed on the next page.
const banner = document.querySelector(".breaking");

if (banner) {
  banner.querySelector(".breaking-row").append(banner.querySelector("template").content);
  banner.querySelector("button").addEventListener("click", () => {
    dataset.breakingClosed = "";
    document.querySelector("main").focus({ preventScroll: true });
    try {
      localStorage.setItem("renewz:eilmeldung", dataset.breaking);
    } catch {
      // A browser that keeps nothing: closed on this page.
    }
  });
}

const share = document.querySelector("[data-share]");

if (share) {
  const address = document.querySelector("link[rel=canonical]")?.href ?? location.href;
  const title = document.querySelector("h1")?.textContent.trim() ?? document.title;
  const show = (selector, action) => {
    const button = share.querySelector(selector);
    button.parentElement.hidden = false;
    button.addEventListener("click", () => action(button));
  };

  if (navigator.share) {
    // The reader may change her mind: that is no fault.
    show("[data-share-native]", () => navigator.share({ title, url: address }).catch(() => {}));
  }
  if (navigator.clipboard) {
    show("[data-share-copy]", async (button) => {
      const words = button.querySelector("span");
      const before = words.textContent;
      try {
        await navigator.clipboard.writeText(address);
        words.textContent = "Adresse kopiert";
      } catch {
        words.textContent = "Kopieren ging nicht";
      }
      setTimeout(() => (words.textContent = before), 3000);
    });
  }
}

// Whoever rests on a link will follow it: the page is fetched ahead, and the click only asks
// whether it still holds (304). A prefetched page is never shown without that question.
const AHEAD_AFTER = 65; // milliseconds; a pointer that only passes by is faster
const AHEAD_AT_MOST = 8; // pages fetched ahead from one page
const { connection } = navigator;
const frugal =
  connection?.saveData || /2g/.test(connection?.effectiveType ?? "") || matchMedia("(prefers-reduced-data: reduce)").matches;

if (!frugal && document.createElement("link").relList.supports?.("prefetch")) {
  const known = new Set([location.pathname + location.search]);
  let resting;
  const fetchAhead = ({ origin, pathname, search }) => {
    // Articles, sections, topics, names: never rooms, files or questions.
    if (origin !== location.origin || search || /^\/(admin|suche|media|static)\/|\.\w+$/.test(pathname)) return;
    if (known.has(pathname) || known.size > AHEAD_AT_MOST) return;
    known.add(pathname);
    document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: pathname }));
  };
  const rest = (event, after) => {
    clearTimeout(resting);
    const link = event.target.closest?.("a[href]");
    if (link) resting = setTimeout(fetchAhead, after, link);
  };
  addEventListener("pointerover", (event) => event.pointerType === "mouse" && rest(event, AHEAD_AFTER));
  addEventListener("pointerdown", (event) => rest(event, 0));
  addEventListener("focusin", (event) => rest(event, 3 * AHEAD_AFTER));
}
