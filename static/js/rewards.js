/**
 * Tickets are carried to another place by their grip. The list is sorted as they move; letting go posts the place to the form
 * of the ticket's own arrows, which do the same without this.
 */

let carried = null;

/** The grips are there for whoever can carry. */
function showGrips() {
  for (const grip of document.querySelectorAll("[data-grip]")) grip.hidden = false;
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button) return;
  event.preventDefault();
  const row = grip.closest("[data-sorted]");
  carried = { row, from: placeOf(row), before: row.nextElementSibling };
  row.toggleAttribute("data-carried", true);
});

document.addEventListener("pointermove", (event) => {
  if (!carried) return;
  const rows = [...carried.row.parentElement.children].filter((row) => row !== carried.row);
  const after = rows.find((row) => {
    const { top, height } = row.getBoundingClientRect();
    return event.clientY < top + height / 2;
  });
  if (after !== carried.row.nextElementSibling) carried.row.parentElement.insertBefore(carried.row, after ?? null);
});

document.addEventListener("pointerup", () => {
  if (!carried) return;
  const { row, from } = carried;
  letGo();
  if (placeOf(row) === from) return;
  const form = row.querySelector("[data-place]");
  const place = document.createElement("input");
  Object.assign(place, { type: "hidden", name: "place", value: placeOf(row) });
  form.append(place);
  form.requestSubmit();
});

// What was only begun is as if it had not been.
document.addEventListener("pointercancel", giveUp);
document.addEventListener("keydown", (event) => event.key === "Escape" && giveUp());

function giveUp() {
  if (!carried) return;
  carried.row.parentElement.insertBefore(carried.row, carried.before);
  letGo();
}

function letGo() {
  carried.row.toggleAttribute("data-carried", false);
  carried = null;
}

function placeOf(row) {
  return [...row.parentElement.children].indexOf(row);
}

document.addEventListener("htmx:afterSwap", showGrips);
showGrips();
