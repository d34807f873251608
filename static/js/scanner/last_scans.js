/**
 * The last scans of this till, and the ten seconds in which one may take one's own back. The server decides whether it
 * still may; this shows the time that is left and puts the button away.
 */

const SHOWN = 3;
const UNDO_MS = 10_000;
const AGO_EVERY_MS = 20_000;

const box = document.querySelector("[data-lasts]");
const lines = box.querySelector("ol");
const ago = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "short" });

/** The answer's data becomes the first line. */
export function remember({ purchase, cancels, name, amount, gain }) {
  forget(purchase); // a repeated answer is no second scan
  const line = document.getElementById("last-line").content.cloneNode(true).firstElementChild;
  Object.assign(line.dataset, { purchase, cancels: cancels ?? "", at: new Date().toISOString() });
  line.querySelector("[data-name]").textContent = name;
  line.querySelector("[data-amount]").textContent = amount;
  line.querySelector("[data-gain]").textContent = gain;
  line.toggleAttribute("data-spent", !gain.startsWith("+"));
  lines.prepend(line);
  while (lines.children.length > SHOWN) lines.lastElementChild.remove();
  dress(line);
  show();
}

/** The answer to an earlier scan changes the last scans, and nothing of the one in hand. */
export function noteLate(html) {
  const late = new DOMParser().parseFromString(html, "text/html");
  const [said, undone] = ["[data-answer]", "[data-undone]"].map((part) => late.querySelector(part)?.dataset);
  if (said) remember(said);
  if (undone) strike(undone.undone);
}

/** It was taken back: the line stays, as in any account book, but says so. */
export function strike(purchase) {
  const line = find(purchase);
  if (!line) return;
  line.classList.add("is-undone");
  line.dataset.cancels = "";
  line.querySelector("form")?.remove();
}

/** Count the seconds of an undo button down on its own ground; then put it away, its place kept. */
export function countDown(form, from = Date.now()) {
  const clock = form.querySelector("[data-clock]");
  const turn = () => {
    const left = from + UNDO_MS - Date.now();
    if (!form.isConnected) return;
    // What was pressed in time is still being asked: the button stays until the answer comes.
    if (left <= 0 && !form.classList.contains("htmx-request")) return form.toggleAttribute("data-over", true);
    if (clock) clock.textContent = `0:${String(Math.max(0, Math.ceil(left / 1000))).padStart(2, "0")}`;
    setTimeout(turn, Math.max(left % 1000, 100));
  };
  turn();
}

function dress(line) {
  const at = Date.parse(line.dataset.at);
  if (line.dataset.cancels && Date.now() - at < UNDO_MS) {
    const form = document.getElementById("last-undo").content.cloneNode(true).firstElementChild;
    form.setAttribute("hx-post", line.dataset.cancels);
    form.querySelector("button").ariaLabel += ` ${line.querySelector("[data-name]").textContent}`;
    line.append(form);
    htmx.process(form);
    countDown(form, at);
  }
  sayAgo();
}

function sayAgo() {
  for (const line of lines.children) {
    const minutes = Math.floor((Date.now() - Date.parse(line.dataset.at)) / 60_000);
    const [value, unit] = minutes < 60 ? [minutes, "minute"] : [Math.floor(minutes / 60), "hour"];
    line.querySelector("time").textContent = minutes < 1 ? ago.format(0, "second") : ago.format(-value, unit);
  }
}

function find(purchase) {
  return [...lines.children].find((line) => line.dataset.purchase === purchase);
}

function forget(purchase) {
  find(purchase)?.remove();
}

function show() {
  box.hidden = lines.children.length === 0;
  box.querySelector("[data-older]").hidden = lines.children.length < 2;
}

box.querySelector("[data-older]").addEventListener("click", (event) => {
  const open = box.toggleAttribute("data-open");
  event.currentTarget.setAttribute("aria-expanded", String(open));
});
// The server's moments, by this phone's clock: that one may be minutes off.
const ahead = box.dataset.now ? Date.parse(box.dataset.now) - Date.now() : 0;
for (const line of lines.children) {
  line.dataset.at = new Date(Date.parse(line.dataset.at) - ahead).toISOString();
  dress(line);
}
setInterval(sayAgo, AGO_EVERY_MS);
show();
