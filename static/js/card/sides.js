/**
 * The card's two sides: one with the code large, one with the balance large. Without this the links lead to the same.
 */

const card = document.getElementById("card");

export function turn(side, { focus = false } = {}) {
  if (card.dataset.side === side) return;
  card.dataset.side = side;
  if (focus) card.querySelector(side === "quiet" ? "#quiet [data-turn]" : "#balance [data-turn]")?.focus();
}

document.addEventListener("click", (event) => {
  const turner = event.target.closest("[data-turn]");
  if (!turner || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  turn(turner.dataset.turn, { focus: true });
});
