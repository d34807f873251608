/**
 * A part that asks the server every few seconds rests while nobody looks at the page, and asks at once when somebody
 * looks again. It holds no words; without it the part asks on in the background.
 */

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.matches("[data-live]")) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const part of document.querySelectorAll("[data-live]")) part.dispatchEvent(new Event("looked-at"));
});
