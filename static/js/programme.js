/**
 * The programme's page. A row that was typed in is saved into the draft when it is left, or by Enter; Escape gives it back
 * as it was and tells the preview. Without it every row has its button, and all of it works the same.
 */

const page = document.getElementById("main");
const FIELD = ":is(input:not([type=hidden]), select, textarea)";
const work = () => document.getElementById("work");

/** Whether something in a row is not as the server gave it. */
function isChanged(row) {
  return [...row.querySelectorAll("input, textarea")].some((field) => field.value !== field.defaultValue);
}

function mark(row) {
  row.toggleAttribute("data-changed", isChanged(row));
}

function save(row) {
  if (row.isConnected && row.hasAttribute("data-changed") && !row.matches(".htmx-request")) row.requestSubmit();
}

page.addEventListener("input", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) mark(row);
});

// A press that leaves a row is let to its end first: what it presses must not be exchanged under the finger.
let pressed = false;
document.addEventListener("pointerdown", () => (pressed = true), true);
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => setTimeout(() => (pressed = false)), true);
}

page.addEventListener("focusout", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || swapping || row.contains(event.relatedTarget)) return;
  if (pressed) document.addEventListener("pointerup", () => setTimeout(() => save(row)), { once: true });
  else save(row);
});

page.addEventListener("reset", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row) return;
  // The fields have their old values once this event is over.
  setTimeout(() => {
    mark(row);
    row.dispatchEvent(new CustomEvent("draft", { bubbles: true }));
  });
});

page.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.closest(".blank-form")?.querySelector("[data-gives-up]").click();
  const row = event.target.closest("[data-row]");
  if (!row || event.target.closest("dialog")) return;
  row.reset();
  event.target.select?.();
});

// What is typed in another row while one is saved stays typed.
let typing = null;
let swapping = false; // a field that is taken off the page loses the focus, but nobody left it
document.addEventListener("htmx:beforeSwap", (event) => {
  swapping = true;
  const field = document.activeElement;
  const row = field?.closest("#work [data-row]");
  typing = null;
  if (event.detail.target !== work() || !row || row === event.detail.requestConfig?.elt) return;
  if (field.id && field.value !== field.defaultValue) typing = { id: field.id, value: field.value };
});
document.addEventListener("htmx:afterSwap", () => {
  swapping = false;
  const field = typing && document.getElementById(typing.id);
  if (!field) return;
  field.value = typing.value;
  typing = null;
  mark(field.closest("[data-row]"));
});

// A blank that was filled in, or given up, has the focus again; one that opens, its first field; what was added, its first blank.
// One that is open already keeps nobody: an answer to what was typed in it may come when somebody is elsewhere.
const opened = new WeakSet(document.querySelectorAll(".blank-form"));
let back = "";
let adds = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  back = event.detail.requestConfig?.elt?.dataset?.back ?? "";
  adds = event.detail.requestConfig?.elt?.hasAttribute("data-adds") ?? false;
});
document.addEventListener("htmx:afterSettle", () => {
  const form = document.querySelector(".blank-form");
  const opens = form && !opened.has(form);
  if (opens) opened.add(form);
  if (opens && !form.contains(document.activeElement)) {
    (form.querySelector("[aria-invalid=true]") ?? form.querySelector(FIELD))?.focus();
  } else if (!form && back) {
    document.getElementById(back)?.focus();
  } else if (!form && adds) {
    const added = [...document.querySelectorAll("#work .sentences > li")].at(-1);
    added?.scrollIntoView({ block: "center" });
    added?.querySelector(".blank")?.focus({ preventScroll: true });
  }
  back = "";
  adds = false;
});

// Whoever goes on to publish takes along what was typed last.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-after-saving]");
  const waiting = link && document.querySelector("#work [data-row]:is([data-changed], .htmx-request)");
  if (!waiting) return;
  event.preventDefault();
  const go = (sent) => {
    if (sent.detail.requestConfig.elt !== waiting) return;
    document.removeEventListener("htmx:afterRequest", go);
    if (sent.detail.successful) location.assign(link.href);
  };
  document.addEventListener("htmx:afterRequest", go);
  save(waiting);
});

if (matchMedia("(width < 68rem)").matches) {
  document.querySelector("[data-stage-fold]")?.removeAttribute("open");
}

// The preview comes anew with each change: folded stays folded, and the card stays that of whom one chose.
document.addEventListener("htmx:beforeSwap", () => {
  const stage = document.querySelector("[data-stage-fold]");
  if (!stage) return;
  page.dataset.folded = stage.open ? "" : "folded";
  page.dataset.seenAs = document.getElementById("seen-as")?.selectedIndex ?? 0;
});
document.addEventListener("htmx:afterSettle", () => {
  const stage = document.querySelector("[data-stage-fold]");
  if (stage && page.dataset.folded === "folded") stage.open = false;
  const who = document.getElementById("seen-as");
  if (who?.options[page.dataset.seenAs]) who.selectedIndex = page.dataset.seenAs;
});
