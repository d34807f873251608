/** The drawn card's clock: it runs as a real card's does, and begins again. It asks the server nothing. */

const frame = document.querySelector(".stage .qr-frame");
const clock = frame?.querySelector("[data-clock]");
const line = frame?.querySelector("[data-line]");

if (clock && line && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
  const period = Number(frame.dataset.period);
  let left = Number(frame.dataset.seconds);
  setInterval(() => {
    left = left > 0 ? left - 1 : period - 1;
    clock.textContent = `0:${String(left).padStart(2, "0")}`;
    line.setAttribute("stroke-dasharray", `${left} ${period}`);
  }, 1000);
}
