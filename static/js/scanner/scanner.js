/**
 * The till: a card is scanned or a code typed → who → how much → the answer → the next one, please.
 * The server decides everything; htmx carries the forms and swaps the fragments; this moves between the steps, keeps the
 * key of a scan through its retries, and never forgets an amount that was typed.
 */

import { install } from "../card/phone.js";
import { Keypad } from "./keypad.js";
import { newKey } from "./keys.js";
import { countDown, remember, strike } from "./last_scans.js";
import { Network } from "./network.js";
import { isOn, thud, tick, touch, turnSound } from "./sound.js";
import { openStage, prepareStage, restStage } from "./stage.js";
import { listenToWedge } from "./wedge.js";

const till = document.getElementById("till");
const form = document.getElementById("scan-form");
const code = form.elements.code;
const key = form.elements.key;
const stampButton = document.getElementById("stamp");
const problem = document.getElementById("problem");
const answer = document.getElementById("answer");
const find = till.querySelector("[data-find]");
const strip = document.getElementById("offline");

const money = { currency: till.dataset.currency || "EUR", exponent: Number(till.dataset.exponent || 2), locale: document.documentElement.lang };
const keypad = new Keypad(till.querySelector("[data-keypad]"), money, amountChanged);
const network = new Network(networkChanged);
const enrolBlank = document.getElementById("enrol").innerHTML;

const step = () => till.dataset.step;
const isScanning = () => step() === "scan";

function goTo(name) {
  till.dataset.step = name;
  if (name === "scan") openStage(isScanning);
  else restStage();
  if (name === "amount") keypad.focus();
  if (name === "enrol") document.getElementById("enrol-name").focus();
  if (name === "answer") answer.querySelector("[data-next]")?.focus({ preventScroll: true });
}

/** Everything of the last scan is forgotten, its key first: the next scan is another purchase. */
function nextPlease() {
  if (step() === "answer") done = { text: seen, at: Date.now() };
  seen = "";
  key.value = newKey();
  code.value = "";
  keypad.isFrozen = false;
  keypad.clear();
  problem.replaceChildren();
  document.getElementById("member").replaceChildren();
  typeInstead("");
  goTo("scan");
}

/* --- the camera ---------------------------------------------------------------------------------------------------- */

// The phone just scanned is still under the camera when the next one is called: it gets this long to go away.
const SAME_CARD_RESTS_MS = 4000;
let done = { text: "", at: 0 };
let seen = "";

function codeSeen(text) {
  if (text === done.text && Date.now() - done.at < SAME_CARD_RESTS_MS) return openStage(isScanning);
  seen = text;
  lookUp(text);
}

/* --- who ----------------------------------------------------------------------------------------------------------- */

function lookUp(text) {
  code.value = text.trim();
  if (!code.value) return;
  problem.replaceChildren();
  touch();
  htmx.trigger(code, "found");
}

listenToWedge(
  () => step() === "scan" || step() === "answer",
  (text) => {
    if (step() === "answer") nextPlease();
    lookUp(text);
  },
);

/** Show the field for a code or a phone number; an empty kind puts it away. */
function typeInstead(kind) {
  const field = find.querySelector("input");
  const label = find.querySelector("label");
  find.hidden = !kind;
  till.querySelector(".till-ways").hidden = Boolean(kind);
  till.querySelector("[data-note]").hidden = Boolean(kind);
  field.value = "";
  if (!kind) return;
  label.textContent = kind === "phone" ? label.dataset.labelPhone : label.dataset.labelCode;
  field.type = kind === "phone" ? "tel" : "text";
  field.autocapitalize = kind === "phone" ? "none" : "characters";
  field.focus();
}

find.addEventListener("submit", (event) => {
  event.preventDefault();
  lookUp(find.querySelector("input").value);
});

/* --- how much ------------------------------------------------------------------------------------------------------ */

function amountChanged() {
  stampButton.disabled = keypad.isEmpty || !network.isThere;
}

till.addEventListener("click", (event) => {
  const button = event.target.closest("button, [data-next]");
  if (!button) return;
  const { digit, goes, types } = button.dataset;
  if (digit) keypad.push(digit);
  else if ("erase" in button.dataset) keypad.erase();
  else if ("retries" in button.dataset) retry();
  else if ("restarts" in button.dataset) openStage(isScanning);
  else if ("sounds" in button.dataset) {
    turnSound(!isOn());
    button.setAttribute("aria-checked", String(isOn()));
  }
  else if ("next" in button.dataset) {
    event.preventDefault();
    nextPlease();
  } else if (goes === "scan") nextPlease();
  else if (goes) {
    problem.replaceChildren();
    goTo(goes);
  } else if (types !== undefined) {
    problem.replaceChildren();
    typeInstead(types);
  }
});

/* --- the server's answers ------------------------------------------------------------------------------------------ */

let lastRequest = null;

function retry() {
  problem.replaceChildren();
  if (lastRequest === code) htmx.trigger(code, "found");
  else lastRequest?.requestSubmit();
}

till.addEventListener("htmx:configRequest", (event) => {
  lastRequest = event.detail.elt;
  if (lastRequest === form) event.detail.parameters.amount = keypad.value;
  if (lastRequest === code) {
    // A look-up carries the code alone: the key and a half-typed amount are the purchase's.
    event.detail.parameters = { code: code.value };
  }
});

till.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig, serverResponse: html } = event.detail;
  if (xhr.status >= 400) {
    // A refused form of a newcomer comes back as that form with its errors; all else is said above the open step.
    if (!(requestConfig.elt.matches(".till-enrol") && html.includes("till-enrol"))) event.detail.target = problem;
  } else if (html.includes("data-member")) {
    event.detail.target = document.getElementById("member");
  }
});

till.addEventListener("htmx:afterSwap", (event) => {
  const { target, xhr } = event.detail;
  if (target.id === "member") greet(target);
  else if (target.id === "answer" && answer.querySelector("[data-undone]")) takenBack();
  else if (target.id === "answer") celebrate();
  else if (target.id === "problem" && xhr.status >= 400) refused();
});

function greet(box) {
  const given = box.querySelector("[data-member]")?.dataset.code;
  if (given) code.value = given;
  document.getElementById("enrol").innerHTML = enrolBlank;
  htmx.process(document.getElementById("enrol"));
  problem.replaceChildren();
  typeInstead("");
  goTo("amount");
}

function celebrate() {
  const said = answer.querySelector("[data-answer]");
  keypad.isFrozen = false;
  problem.replaceChildren();
  tick();
  remember(said.dataset);
  const undo = answer.querySelector("[data-undo]");
  if (undo) countDown(undo);
  goTo("answer");
  answer.scrollTop = 0;
}

function takenBack() {
  problem.replaceChildren();
  thud();
  strike(answer.querySelector("[data-undone]").dataset.undone);
  goTo("answer");
}

/** The server said no, so nothing was written and the key is spent: the next try is a new one. */
function refused() {
  key.value = newKey();
  keypad.isFrozen = false;
  thud();
  if (isScanning()) openStage(isScanning);
}

/** No answer came: whether it was written is unknown, so the key and the amount stay as they are. */
function sayTrouble(id) {
  keypad.isFrozen = lastRequest === form;
  problem.replaceChildren(document.getElementById(id).content.cloneNode(true));
  problem.querySelector("button")?.focus();
}

till.addEventListener("htmx:sendError", () => (sayTrouble("no-network"), network.lost()));
till.addEventListener("htmx:timeout", () => (sayTrouble("no-network"), network.lost()));
till.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) sayTrouble("server-trouble");
});

/* --- without a network --------------------------------------------------------------------------------------------- */

/** What is in hand stays in hand. What was sent and not answered is sent again, under its own key: it counts once. */
function networkChanged(isThere) {
  if (isThere && "shell" in till.dataset) return location.reload(); // the page that was kept knows nobody
  strip.hidden = isThere;
  amountChanged();
  if (isThere && problem.querySelector("[data-problem=network]")) retry();
}

/* --- begin --------------------------------------------------------------------------------------------------------- */

function begin() {
  till.dataset.live = "";
  till.querySelector(".keypad").hidden = false;
  if (!key.value) key.value = newKey();
  till.querySelector("[data-sounds]")?.setAttribute("aria-checked", String(isOn()));
  if ("shell" in till.dataset || !navigator.onLine) network.lost();
  amountChanged();
  prepareStage(codeSeen, isScanning);
  goTo(step());
  if (till.dataset.keeps) addEventListener("load", keepForLater, { once: true });
}

/** The page without anybody on it, its files and the decoder: so that the till opens without a network, and says so. */
async function keepForLater() {
  if (!globalThis.BarcodeDetector) {
    const read = async (url) => (await fetch(url)).arrayBuffer(); // what has been read to its end is known to be there
    await Promise.all([till.dataset.decoder, till.dataset.wasm].map(read));
  }
  await install(till.dataset.worker, till.dataset.keeps);
}

begin();
