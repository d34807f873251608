/**
 * A USB scanner types: fast, and ends with Enter. This tells it from a person at a keyboard, by its speed.
 * It listens only while `isListening()` says so, and only when no field has the focus.
 */

const LONGEST_PAUSE_MS = 60;
const SHORTEST_CODE = 4;

export function listenToWedge(isListening, onCode) {
  let typed = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (!isListening() || event.target.matches?.("input, textarea, select")) return;
    if (event.timeStamp - last > LONGEST_PAUSE_MS) typed = "";
    last = event.timeStamp;
    if (event.key === "Enter" && typed.length >= SHORTEST_CODE) {
      event.preventDefault();
      onCode(typed);
      typed = "";
    } else if (event.key.length === 1) {
      typed += event.key;
    }
  });
}
