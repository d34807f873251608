/**
 * What the typed amount will earn, under it and on the stamp button, before anything is written.
 * A courtesy: without an answer the line stays empty and the stamp works all the same.
 */

const WAIT_MS = 180; // between two digits of a quick thumb

const till = document.getElementById("till");
const form = document.getElementById("scan-form");
const line = document.getElementById("preview");
const onButton = document.querySelector("#stamp [data-gain]");
const exponent = Number(till.dataset.exponent || 2);

let waiting = 0;
let asking = null;

/** The amount as the server reads it, whatever the reader's language put between the digits. */
function amount() {
  const digits = form.elements.amount.value.replace(/\D/g, "").padStart(exponent + 1, "0");
  return exponent ? `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}` : digits;
}

function clear() {
  line.replaceChildren();
  onButton.textContent = "";
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  const body = new URLSearchParams({ code: form.elements.code.value, amount: amount() });
  for (const [name, value] of new FormData(form)) if (/^pay(_unit|_money)?$/.test(name)) body.set(name, value);
  const headers = { "HX-Request": "true", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  try {
    const response = await fetch(line.dataset.url, { method: "POST", body, signal: asking.signal, headers });
    line.innerHTML = response.ok && !response.redirected ? await response.text() : "";
    onButton.textContent = line.querySelector("b")?.textContent ?? "";
  } catch {
    // Aborted by the next digit, or no network: the till says so when it matters.
  }
}

function askSoon() {
  clearTimeout(waiting);
  asking?.abort();
  clear();
  if (till.dataset.step === "amount" && Number(amount()) > 0) waiting = setTimeout(ask, WAIT_MS);
}

new MutationObserver(askSoon).observe(till.querySelector("[data-digits]"), {
  childList: true,
  characterData: true,
  subtree: true,
});

/** So much of it with units: whoever types how much has chosen that. */
till.addEventListener("input", ({ target }) => {
  const pays = target.closest("[data-pays]");
  if (!pays || target.name === "pay_proof") return;
  if (target.name === "pay_money") pays.querySelector("[value=some]").checked = true;
  askSoon();
});
