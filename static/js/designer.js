/**
 * The designer's knobs: a free colour chooses its own swatch, a slider says its value while it moves, and what was folded
 * stays folded when the knobs come anew. What a design is worth says the server; without this every turn takes a press.
 */

const isSmall = matchMedia("(width < 48rem)").matches;
const page = document.getElementById("main");
const groups = () => [...document.querySelectorAll(".knobs__group")];
let open = isSmall ? [true] : [];

/** With a script each turn is drawn by itself; on a phone one group of knobs is open beside the code. */
function settle() {
  const redraw = document.querySelector("[data-redraw]");
  redraw.hidden = redraw.disabled = true; // still the one that Enter means: nothing else is pressed by it
  groups().forEach((group, place) => {
    if (isSmall || open.length) group.open = open[place] ?? !isSmall;
  });
}

function say(slider) {
  const output = slider.closest(".knob").querySelector("output");
  const { none, least, unit } = output.dataset;
  const said = Number(slider.value).toLocaleString(document.documentElement.lang);
  output.value = none && slider.value === least ? none : said + unit;
}

page.addEventListener(
  "input",
  (event) => {
    if (event.target.type === "range") say(event.target);
    const swatch = document.getElementById(event.target.dataset.frees ?? "");
    if (swatch) swatch.checked = true;
  },
  true, // before the turn is sent
);

// What was pressed comes back with the focus; a fix is gone once it is taken, so the proof has it.
let lost = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "designer") return;
  open = groups().map((group) => group.open);
  lost = event.detail.requestConfig.elt.name === "take";
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id !== "designer") return;
  settle();
  if (lost) document.getElementById("proof-title")?.focus();
  lost = false;
});

settle();
