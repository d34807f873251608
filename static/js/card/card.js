/**
 * The live card. A new code in time, drawn here if the phone has the card's key and fetched if not; points that appear
 * by themselves; and all of it without a network, from what the phone has kept. It asks only while somebody is looking.
 */

import { copyCode } from "./bright.js";
import { STEP_MS, codeAt, drawInto } from "./codes.js";
import { land, swap } from "./landing.js";
import { fetchKey, forget, forgetIfTold, install, isTold, keep, recall } from "./phone.js";
import { turn } from "./sides.js";

const SHOWN_MS = 30_000;
const RETRY_AFTER_MS = 4000;
const PATIENCE_MS = 10_000;
const PROBE_MS = 3000; // less than the worker's patience: the page that answers in this time will open
const SLEPT_MS = 2000; // by so much a phone's clock and its stopwatch part when it sleeps
const POLL_EVERY_MS = 4000;
const POLL_WHEN_IDLE_MS = 20_000;
const IDLE_AFTER_MS = 180_000; // a card that lies open on a table all afternoon asks less often
const PARTS = ["balance", "quiet", "way", "rest", "seal"];

const phone = document.getElementById("phone").dataset;
const home = document.getElementById("card").dataset.home;
const isShell = "isShell" in phone;
let mine = null; // what the phone keeps: {head, base, key, offset, at, parts, spoken}
let offset = 0; // the server's clock less this phone's
let deadline = 0; // of the code in sight, by the phone's stopwatch: clocks are set, stopwatches are not
let begun = 0; // what clock and stopwatch differed by when it came into sight: a stopwatch stands still in a pocket
let usedStep = -1;
let shownStep = -1;
let lastPoll = performance.now();
let isAsking = false;
let lastTouch = performance.now();

const now = () => Date.now() + offset;
const frame = () => document.querySelector("#code .qr-frame");

/** The server's clock when it answered, less the phone's when the answer came. */
function readClock() {
  const at = Number(document.getElementById("code").dataset.at);
  const [navigation] = performance.getEntriesByType("navigation");
  if (at && navigation) offset = at - (Date.now() - (performance.now() - navigation.responseStart));
}

/** The server knows which code has served; a phone that opens the card anew does not. */
function readUsed() {
  usedStep = Math.max(usedStep, Number(document.getElementById("code").dataset.used ?? -1));
}

/** Count the time of the code in sight from now. */
function begin(seconds) {
  deadline = performance.now() + seconds * 1000;
  begun = Date.now() - performance.now();
  copyCode();
  drawLine();
}

function drawLine() {
  const left = Math.max(0, (deadline - performance.now()) / 1000);
  const { period } = frame().dataset;
  frame().querySelector("[data-line]").setAttribute("stroke-dasharray", `${left.toFixed(1)} ${period}`);
  frame().querySelector("[data-clock]").textContent = `0:${String(Math.ceil(left)).padStart(2, "0")}`;
  return left;
}

/** A phone that slept shows a code whose time is long over, though its stopwatch says otherwise. */
const hasSlept = () => Math.abs(Date.now() - performance.now() - begun) > SLEPT_MS;

async function renew() {
  deadline = performance.now() + RETRY_AFTER_MS; // without an answer, the question is asked again
  begun = Date.now() - performance.now();
  if (mine?.key) {
    const { text, step } = await codeAt(mine, now(), usedStep);
    shownStep = step;
    drawInto(document.querySelector("#code svg"), text);
    const lasts = step <= usedStep ? STEP_MS : SHOWN_MS; // a used code stays only until the next one is good
    begin((lasts - (now() % lasts)) / 1000);
    return;
  }
  const answer = await ask(document.getElementById("code").dataset.url);
  if (answer) {
    swap(await answer.text(), ["code"]);
    document.querySelector("#code [data-bright]").hidden = false;
    readUsed();
    begin(Number(frame().dataset.seconds));
  }
}

/** An answer of the server's, or null. Who has lost the card is taken to the door. */
async function ask(address, patience = PATIENCE_MS) {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(patience) });
    if (answer.redirected) location.assign(home);
    return answer.ok && !answer.redirected ? answer : null;
  } catch {
    return null;
  }
}

async function poll() {
  lastPoll = performance.now();
  if (isAsking) return;
  isAsking = true;
  await look().finally(() => {
    isAsking = false;
  });
}

/** See what has changed since. */
async function look() {
  if (isShell) {
    if (navigator.onLine && (await ask(home, PROBE_MS))) location.reload();
    return;
  }
  const answer = await ask(`${phone.live}?seen=${encodeURIComponent(document.getElementById("quiet").dataset.seen)}`);
  if (!answer || answer.status === 204) return;
  const before = document.querySelector("[data-count]").textContent;
  swap(await answer.text(), PARTS);
  lastTouch = performance.now();
  copyCode();
  keepParts();
  if (!document.getElementById("quiet").dataset.said) return;
  turn("quiet");
  land(before);
  usedStep = Math.max(shownStep, Math.floor(now() / STEP_MS));
  renew();
}

function tick() {
  if (document.hidden) return;
  if (drawLine() === 0 || hasSlept()) renew();
  const idle = performance.now() - lastTouch > IDLE_AFTER_MS;
  if (performance.now() - lastPoll >= (idle ? POLL_WHEN_IDLE_MS : POLL_EVERY_MS)) poll();
}

/** Into the phone goes what is in sight, without what has just landed. */
function keepParts() {
  if (!mine) return;
  const parts = {};
  for (const id of PARTS) {
    const copy = document.getElementById(id)?.cloneNode(true);
    copy?.querySelector(".card-gain")?.remove();
    if (copy) parts[id] = copy.outerHTML;
  }
  mine = { ...mine, parts, offset, at: now(), spoken: document.querySelector("[data-spoken]").textContent };
  keep(home, mine);
}

/** A page of the server's: the phone learns what it needs for the next time without one. */
async function settle() {
  await forgetIfTold(home);
  const kept = await recall(home);
  if (kept && kept.head !== phone.head) await forget(home); // another member's, or of a card that was replaced
  const known = kept?.head === phone.head && kept.key;
  const given = known ? kept : await fetchKey(phone.key).catch(() => null);
  mine = { head: phone.head, base: phone.base, key: given?.head === phone.head ? given.key : null };
  keepParts();
  if (mine.key) install(phone.worker, phone.shell);
}

/** The page that the worker keeps: the phone puts into it what it has kept. */
async function restore() {
  mine = isTold() ? null : await recall(home);
  if (!mine?.key) return;
  offset = mine.offset;
  for (const id of PARTS) {
    if (!mine.parts[id]) continue;
    if (id === "seal") document.querySelector(".card-ticket__top").insertAdjacentHTML("beforeend", mine.parts.seal);
    else document.getElementById(id).outerHTML = mine.parts[id];
  }
  for (const spoken of document.querySelectorAll("[data-spoken]")) spoken.textContent = mine.spoken;
  const since = document.querySelector("[data-since]");
  since.dateTime = new Date(mine.at).toISOString();
  const { lang } = document.documentElement;
  since.textContent = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
    weekday: "long",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(mine.at - offset));
  document.querySelector("[data-not-kept]").hidden = true;
  for (const kept of document.querySelectorAll("[data-kept]")) kept.hidden = false;
  await renew();
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  lastTouch = performance.now();
  if (mine?.key || !isShell) renew(); // whoever looks again looks at a code that is good
  poll();
});
addEventListener("pointerdown", () => {
  lastTouch = performance.now();
});
addEventListener("online", poll);

if (isShell) {
  await restore();
} else {
  readClock();
  readUsed();
  begin(Number(frame().dataset.seconds));
}
if (mine?.key || !isShell) setInterval(tick, 250);
else setInterval(() => document.hidden || poll(), POLL_EVERY_MS);
if (!isShell) await settle();
