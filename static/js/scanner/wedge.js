/**
 * A USB scanner types: fast, and ends with Enter. This tells it from a person at a keyboard, by its speed.
 * It listens only while `isListening(target)` says so of where it types; what is only digits there is left to that field.
 */

const LONGEST_PAUSE_MS = 60;
const SHORTEST_CODE = 4;

/** `onBegin` is called as the first key of what may become a code comes, before a field has it. */
export function listenToWedge(isListening, onCode, onBegin) {
  let typed = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest?.("input, textarea, select");
    if (!isListening(field)) return;
    if (event.timeStamp - last > LONGEST_PAUSE_MS) typed = "";
    last = event.timeStamp;
    if (event.key === "Enter" && typed.length >= SHORTEST_CODE && !(field && /^[\d.,]*$/.test(typed))) {
      event.preventDefault();
      onCode(typed);
      typed = "";
    } else if (event.key.length === 1) {
      if (!typed) onBegin();
      typed += event.key;
    }
  });
}
