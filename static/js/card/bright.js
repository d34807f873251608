/**
 * The code as large as the screen, on white, with the screen kept awake. Closed by a tap, Escape or the way back.
 * It shows whatever code the card shows.
 */

const dialog = document.getElementById("bright");
let lock = null;

async function stayAwake() {
  if (!dialog.open || document.hidden || !navigator.wakeLock) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    if (!dialog.open) letSleep();
  } catch {
    // A phone that saves its battery says no; the code is as large all the same.
  }
}

function letSleep() {
  lock?.release();
  lock = null;
}

/** The same drawing, larger: the next code replaces both. */
export function copyCode() {
  const drawn = document.querySelector("#code svg");
  const copy = document.querySelector("[data-code-copy]");
  if (copy) copy.setAttribute("viewBox", drawn.getAttribute("viewBox"));
  const large = drawn.cloneNode(true);
  large.querySelector("[id]")?.removeAttribute("id");
  dialog.querySelector("[data-code-bright]").replaceChildren(large);
}

function open() {
  copyCode();
  dialog.showModal();
  history.pushState({ bright: true }, "");
  stayAwake();
}

dialog.addEventListener("close", () => {
  letSleep();
  if (history.state?.bright) history.back();
});
dialog.addEventListener("click", () => dialog.close());
addEventListener("popstate", () => dialog.close());
document.addEventListener("visibilitychange", stayAwake); // the lock goes with the page out of sight
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-bright]")) open();
});
for (const opener of document.querySelectorAll("[data-bright]")) opener.hidden = false;
