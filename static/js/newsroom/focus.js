// The point of a picture that must stay however it is cropped: by click, by arrow key, by number.

const clamp = (value, most) => Math.min(Math.max(value, 0), most);

// The same part that images/renditions.py cuts out, as an object-position.
const position = (full, inner, focal) => {
  if (full <= inner) return 50;
  return (clamp(Math.round((full * focal) / 100 - inner / 2), full - inner) / (full - inner)) * 100;
};

export function focus(box) {
  const [across, down] = box.querySelectorAll("input[type=number]");
  const frame = box.querySelector("[data-focus-picture]");
  const handle = box.querySelector("[data-focus-handle]");
  const status = box.querySelector("[data-focus-status]");
  const [width, height] = [Number(box.dataset.width), Number(box.dataset.height)];
  if (!frame.querySelector("img") || across.disabled) return;
  handle.hidden = false;

  const crop = (x, y) => {
    for (const place of box.querySelectorAll("[data-crop]")) {
      const picture = place.querySelector("img");
      const [wide, high] = place.dataset.crop.split(":").map(Number);
      const inner = [Math.min(width, Math.round((height * wide) / high)), Math.min(height, Math.round((width * high) / wide))];
      if (picture.src !== new URL(picture.dataset.natural, document.baseURI).href) picture.src = picture.dataset.natural;
      picture.style.objectPosition = `${position(width, inner[0], x)}% ${position(height, inner[1], y)}%`;
    }
  };
  const show = () => {
    const [x, y] = [clamp(Number(across.value), 100), clamp(Number(down.value), 100)];
    handle.style.insetInlineStart = `${x}%`;
    handle.style.insetBlockStart = `${y}%`;
    return [x, y];
  };
  const move = (x, y) => {
    across.value = clamp(Math.round(x), 100);
    down.value = clamp(Math.round(y), 100);
    crop(...show());
    status.textContent = `Bildmitte: ${across.value} % von links, ${down.value} % von oben`;
    across.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const to = (event) => {
    const area = frame.getBoundingClientRect();
    move(((event.clientX - area.left) / area.width) * 100, ((event.clientY - area.top) / area.height) * 100);
  };
  frame.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.focus();
    frame.setPointerCapture(event.pointerId);
    to(event);
  });
  frame.addEventListener("pointermove", (event) => {
    if (frame.hasPointerCapture(event.pointerId)) to(event);
  });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 10 : 1;
    move(Number(across.value) + step[0] * size, Number(down.value) + step[1] * size);
  });
  for (const input of [across, down]) input.addEventListener("input", () => crop(...show()));
  show();
}
