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
  const headers = { "HX-Request": "true", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  try {
    const response = await fetch(line.dataset.url, { method: "POST", body, signal: asking.signal, headers });
    line.innerHTML = response.ok && !response.redirected ? await response.text() : "";
    onButton.textContent = line.querySelector("b")?.textContent ?? "";
  } catch {
    // Aborted by the next digit, or no network: the till says so when it matters.
  }
}

new MutationObserver(() => {
  clearTimeout(waiting);
  asking?.abort();
  clear();
  if (till.dataset.step === "amount" && Number(amount()) > 0) waiting = setTimeout(ask, WAIT_MS);
}).observe(till.querySelector("[data-digits]"), { childList: true, characterData: true, subtree: true });
