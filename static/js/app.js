/**
 * What every page may do: open a dialog, let a toast go, copy a secret, close a menu.
 * It finds its elements by data attributes and holds no words of its own; without it every page still works.
 */

const TOAST_STAYS_MS = 6000;
const toasts = document.getElementById("toasts");

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) {
    closer.closest("dialog")?.close();
    return;
  }
  const dismisser = event.target.closest("[data-dismisses]");
  if (dismisser) {
    dismisser.closest("[data-toast]")?.remove();
    return;
  }
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("change", (event) => {
  event.target.closest("form[data-submit-on-change]")?.requestSubmit();
});

/** Copy a text, or the words of the element that it names, and say so in the button. */
async function copy(button) {
  const source = button.dataset.copy;
  const text = source.startsWith("#") ? document.querySelector(source)?.textContent : source;
  const word = button.querySelector("[data-word]") ?? button;
  try {
    await navigator.clipboard.writeText(text.trim());
    if (button.dataset.done) word.textContent = button.dataset.done;
  } catch {
    // Without permission the text stays selectable, which is what a person does next.
    const value = source.startsWith("#") ? document.querySelector(source) : null;
    if (value) getSelection().selectAllChildren(value);
  }
}

/** A toast that only tells leaves by itself; one that warns stays until it is closed. */
function watch(toast) {
  if (toast.dataset.leaves) {
    countDown(toast, Number(toast.dataset.leaves));
    return;
  }
  if (toast.dataset.toast === "error" || toast.dataset.toast === "warning" || toast.querySelector("a")) return;
  let timer = setTimeout(() => toast.remove(), TOAST_STAYS_MS);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => {
    timer = setTimeout(() => toast.remove(), TOAST_STAYS_MS / 2);
  });
}

/** A toast with Undo leaves when its clock has run out: the server would not undo any more. */
function countDown(toast, seconds) {
  for (const older of toasts.querySelectorAll("[data-leaves]")) if (older !== toast) older.remove(); // one act can be undone: the last
  const clock = toast.querySelector("[data-left]");
  let left = seconds;
  const timer = setInterval(() => {
    if (!toast.isConnected) clearInterval(timer);
    left -= 1;
    if (left > 0) {
      if (clock) clock.textContent = `0:${String(left).padStart(2, "0")}`;
      return;
    }
    clearInterval(timer);
    toast.remove();
  }, 1000);
}

if (toasts) {
  toasts.querySelectorAll("[data-toast]").forEach(watch);
  new MutationObserver((records) => {
    for (const record of records) {
      for (const node of record.addedNodes) if (node.dataset?.toast) watch(node);
    }
  }).observe(toasts, { childList: true });
}
