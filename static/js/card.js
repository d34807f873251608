/**
 * The live card: the line that runs out with the code, a new code in time, and points that appear by themselves.
 * The server makes the codes and says what changed; this only asks, and only while somebody is looking.
 */

const POLL_EVERY_MS = 5000;
const RETRY_AFTER_MS = 4000;

let deadline = 0;
let lastPoll = performance.now();

/** The code's time begins when it arrives: phones' clocks are wrong, their stopwatches are not. */
function begin() {
  const frame = document.querySelector("#code .qr-frame");
  deadline = performance.now() + Number(frame.dataset.seconds) * 1000;
  draw();
}

function draw() {
  const frame = document.querySelector("#code .qr-frame");
  const left = Math.max(0, Math.ceil((deadline - performance.now()) / 1000));
  frame.querySelector("[data-line]").setAttribute("stroke-dasharray", `${left} ${frame.dataset.period}`);
  frame.querySelector("[data-clock]").textContent = `0:${String(left).padStart(2, "0")}`;
  return left;
}

function tick() {
  if (document.hidden) return;
  if (draw() === 0) {
    // Without a network the old code stays in sight, and the question is asked again.
    deadline = Math.max(deadline, performance.now() - 1) + RETRY_AFTER_MS;
    htmx.trigger("#code", "renew");
  }
  if (performance.now() - lastPoll >= POLL_EVERY_MS) poll();
}

function poll() {
  lastPoll = performance.now();
  htmx.trigger("#balance", "poll");
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "code" || event.detail.elt.id === "code") begin();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  tick();
  poll();
});

begin();
setInterval(tick, 250);
