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
  // A page that comes back from the browser's memory comes back closed.
  addEventListener("pagehide", () => menu.open && menu.close());
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
