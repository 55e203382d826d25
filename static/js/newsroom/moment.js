// The button of a plan says the moment that it means.

const form = document.querySelector("form[data-action-form]");
const button = form?.querySelector("[data-confirm]");
const date = form?.elements.live_from_date;
const time = form?.elements.live_from_time;

if (button && date && time) {
  const label = button.dataset.confirm;
  const update = () => {
    const moment = new Date(`${date.value}T${time.value}`);
    if (Number.isNaN(moment.getTime())) {
      button.textContent = label;
      return;
    }
    const words = moment.toLocaleDateString("de-DE", { weekday: "short", day: "numeric", month: "long", year: "numeric" });
    button.textContent = `${label} für ${words}, ${time.value} Uhr`;
  };
  date.addEventListener("input", update);
  time.addEventListener("input", update);
  update();
}
