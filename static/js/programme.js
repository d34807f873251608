/**
 * The programme's page: Escape gives a row back as it was, and tells the preview; on a phone the preview is folded.
 * Without it the rows are fields all the same, and every change is saved by its button.
 */

const work = document.getElementById("main");

/** A row that was typed in keeps its buttons in sight until it is saved or given back. */
function mark(row) {
  const changed = [...row.querySelectorAll("input")].some((input) => input.value !== input.defaultValue);
  row.toggleAttribute("data-changed", changed);
}

work.addEventListener("input", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) mark(row);
});

work.addEventListener("reset", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row) return;
  // The fields have their old values once this event is over.
  setTimeout(() => {
    mark(row);
    row.dispatchEvent(new CustomEvent("draft", { bubbles: true }));
  });
});

work.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const form = event.target.closest("#work form");
  if (!form || event.target.closest("dialog")) return;
  form.reset();
  if (!form.matches("[data-row]")) form.dispatchEvent(new CustomEvent("draft", { bubbles: true }));
  event.target.select?.();
});

if (matchMedia("(width < 68rem)").matches) {
  document.querySelector("[data-stage-fold]")?.removeAttribute("open");
}

// The preview comes anew with each change: folded stays folded.
document.addEventListener("htmx:beforeSwap", () => {
  const stage = document.querySelector("[data-stage-fold]");
  if (stage) work.dataset.folded = stage.open ? "" : "folded";
});
document.addEventListener("htmx:afterSettle", () => {
  const stage = document.querySelector("[data-stage-fold]");
  if (stage && work.dataset.folded === "folded") stage.open = false;
});
