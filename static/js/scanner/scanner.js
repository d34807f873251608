/**
 * The till: a card is scanned or a code typed → who → how much → the answer → the next one, please.
 * The server decides everything; htmx carries the forms and swaps the fragments; this moves between the steps, keeps the
 * key of a scan through its retries, and never forgets an amount that was typed.
 */

import { install } from "../card/phone.js";
import { Keypad } from "./keypad.js";
import { newKey } from "./keys.js";
import { countDown, noteLate, remember, strike } from "./last_scans.js";
import { Network } from "./network.js";
import { enterCode } from "./packet.js";
import { isOn, thud, tick, touch, turnSound } from "./sound.js";
import { openStage, prepareStage, restStage } from "./stage.js";
import { onFind, typeInstead } from "./ways.js";
import { listenToWedge } from "./wedge.js";

const till = document.getElementById("till");
const form = document.getElementById("scan-form");
const code = form.elements.code;
const key = form.elements.key;
const stampButton = document.getElementById("stamp");
const problem = document.getElementById("problem");
const answer = document.getElementById("answer");
const strip = document.getElementById("offline");

const money = { currency: till.dataset.currency || "EUR", exponent: Number(till.dataset.exponent || 2), locale: document.documentElement.lang };
const keypad = new Keypad(till.querySelector("[data-keypad]"), money, amountChanged);
const isShell = "shell" in till.dataset;
const home = new URL(".", location).pathname;
// The page that was kept asks for the till itself, in less time than the worker gives it: what answers so will open.
const network = isShell ? new Network(networkChanged, home, 3000) : new Network(networkChanged);
const enrolBlank = document.getElementById("enrol").innerHTML;

let serial = 0; // of the scan in hand: an answer to an earlier one moves nothing
let unanswered = null; // what was sent without an answer, to be sent again

const step = () => till.dataset.step;
const isScanning = () => step() === "scan";

function goTo(name) {
  till.dataset.step = name;
  if (name === "scan") openStage(isScanning);
  else restStage();
  if (name === "amount") keypad.focus();
  if (name === "enrol") document.getElementById("enrol-name").focus();
  if (name === "answer") answer.querySelector("[data-first], [data-next]")?.focus({ preventScroll: true });
}

/** Everything of the last scan is forgotten, its key first: the next scan is another purchase. */
function nextPlease() {
  serial += 1;
  unanswered = null;
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
  serial += 1;
  problem.replaceChildren();
  touch();
  htmx.trigger(code, "found");
}

listenToWedge(
  (field) => (field ? keypad.has(field) && step() === "amount" : step() !== "enrol"),
  (text) => {
    if (step() === "amount") return enterCode(text, keypad);
    if (step() === "answer") nextPlease();
    lookUp(text);
  },
  () => keypad.mark(),
);

onFind(lookUp);

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
  } else if ("next" in button.dataset) {
    event.preventDefault();
    isGiving() ? sayTrouble("ungiven", unanswered) : nextPlease();
  } else if (goes === "scan" && isGiving()) sayTrouble("ungiven", unanswered);
  else if (goes === "scan" && keypad.isFrozen) sayTrouble("unanswered", form); // it may have counted already
  else if (goes === "scan") nextPlease();
  else if (goes) {
    serial += 1;
    problem.replaceChildren();
    goTo(goes);
  } else if (types !== undefined) {
    problem.replaceChildren();
    typeInstead(types);
  }
});

/* --- the server's answers ------------------------------------------------------------------------------------------ */

function retry() {
  if (isShell) return location.replace(home); // nobody is at it: it can send nothing
  problem.replaceChildren();
  if (unanswered === code) htmx.trigger(code, "found");
  else if (unanswered?.isConnected) unanswered.requestSubmit();
}

till.addEventListener("htmx:configRequest", (event) => {
  const { elt } = event.detail;
  event.detail.serial = serial;
  if (elt === form) event.detail.parameters.amount = keypad.value;
  if (elt === code) {
    // A look-up carries the code alone: the key and a half-typed amount are the purchase's.
    event.detail.parameters = { code: code.value };
  }
});

till.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig, serverResponse: html } = event.detail;
  if (requestConfig.serial !== serial) {
    event.detail.shouldSwap = false;
    noteLate(html);
  } else if (xhr.status >= 400) {
    // A refused form, of a newcomer or for a PIN, comes back as that form with its errors; a refusal of ours is said above the open
    // step; what anybody else says in our place (a proxy, a form's safeguard) tells nothing of what was sent before.
    const isForm = html.includes("data-form");
    requestConfig.isOurs = isForm || html.includes("data-problem");
    if (!isForm) event.detail.target = problem;
    event.detail.shouldSwap &&= requestConfig.isOurs;
  } else if (html.includes("data-waiting")) {
    event.detail.target = answer;
  } else if (html.includes("data-member")) {
    event.detail.target = document.getElementById("member");
  }
});

till.addEventListener("htmx:afterSwap", (event) => {
  const { target, xhr, requestConfig } = event.detail;
  if (target.id === "member") greet(target);
  else if (target.id === "answer" && answer.querySelector("[data-undone]")) takenBack();
  else if (target.id === "answer" && answer.querySelector("[data-waiting]")) awaitTap();
  else if (target.id === "answer") celebrate();
  else if (target.id === "problem" && xhr.status >= 400) refused(requestConfig.elt);
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
  unanswered = null;
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

/** A reward that was taken on a card: it lies ready, and one tap hands it over. */
function awaitTap() {
  problem.replaceChildren();
  goTo("answer");
}

function takenBack() {
  problem.replaceChildren();
  thud();
  strike(answer.querySelector("[data-undone]").dataset.undone);
  goTo("answer");
}

/** The server said no, so nothing was written and the key is spent: the next try is a new one. */
function refused(elt) {
  unanswered = null;
  if (elt === form) {
    key.value = newKey();
    keypad.isFrozen = false;
  }
  thud();
  if (isScanning()) openStage(isScanning);
}

/** No answer came: whether it was written is unknown, so the key and the amount stay as they are. */
function sayTrouble(id, elt) {
  unanswered = elt;
  if (elt === form) keypad.isFrozen = true;
  const words = isGiving() ? "ungiven" : id;
  problem.replaceChildren(document.getElementById(words).content.cloneNode(true));
  problem.querySelector("button")?.focus();
}

for (const lost of ["htmx:sendError", "htmx:timeout"]) {
  till.addEventListener(lost, ({ detail: { requestConfig } }) => {
    if (requestConfig.serial === serial && !isQuiet(requestConfig.elt)) sayTrouble("no-network", requestConfig.elt);
    network.lost();
  });
}
till.addEventListener("htmx:responseError", ({ detail: { xhr, requestConfig } }) => {
  if (requestConfig.isOurs || requestConfig.serial !== serial || isQuiet(requestConfig.elt)) return;
  sayTrouble(xhr.status >= 500 ? "server-trouble" : "unanswered", requestConfig.elt);
});

/** A reward was asked for and may have been taken: whoever leaves now may have spent units and given nothing. */
const isGiving = () => Boolean(unanswered?.matches("[data-gives]"));

/** What comes by itself beside an answer: without it the answer is whole. */
const isQuiet = (elt) => elt.matches("[data-quiet]");

/* --- without a network --------------------------------------------------------------------------------------------- */

/** What is in hand stays in hand. What was sent and not answered is sent again, under its own key: it counts once. */
function networkChanged(isThere) {
  if (isThere && isShell) return isTyping() ? network.lost() : location.replace(home); // the kept page knows nobody
  strip.hidden = isThere;
  amountChanged();
  if (isThere && problem.querySelector("[data-problem=network]")) retry();
}

/** Whoever writes something into the page that was kept is not interrupted. */
function isTyping() {
  return [...till.querySelectorAll("#find, .till-enrol input:not([type=hidden])")].some((field) => field.value);
}

/* --- begin --------------------------------------------------------------------------------------------------------- */

function begin() {
  till.dataset.live = "";
  till.querySelector(".keypad").hidden = false;
  if (!key.value) key.value = newKey();
  till.querySelector("[data-sounds]")?.setAttribute("aria-checked", String(isOn()));
  if (isShell || !navigator.onLine) network.lost();
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
