/**
 * Points that arrive: the new parts take their places, the gain lands like a stamp, the balance counts up, and a
 * screen reader hears it. Who wants no motion sees the end at once.
 */

const COUNT_MS = 200;
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Put the parts of an answer where the page has parts of the same ids. */
export function swap(html, ids) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  for (const id of ids) {
    const fresh = answer.getElementById(id);
    if (fresh) document.getElementById(id)?.replaceWith(fresh);
  }
}

/** `before` is the balance as it was shown. */
export function land(before) {
  document.getElementById("said").textContent = document.getElementById("quiet").dataset.said;
  if (still.matches) return;
  navigator.vibrate?.(30);
  for (const figure of document.querySelectorAll("[data-count]")) count(figure, before);
}

function count(figure, before) {
  const after = figure.textContent;
  const [from, to] = [before, after].map((text) => Number(text.replace(/\D/g, "")));
  const write = new Intl.NumberFormat(document.documentElement.lang);
  const began = performance.now();
  const step = (at) => {
    const part = Math.min(1, (at - began) / COUNT_MS);
    figure.textContent = part < 1 ? write.format(Math.round(from + (to - from) * part)) : after;
    if (part < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
