/** What a USB scanner reads while a member is in hand, a packet's code or a reward that waits: the amount stays as it was. */

import { thud } from "./sound.js";

/** Send it: the server knows what it is. A member in hand has a field for it, seen where the programme gives something for codes. */
export function enterCode(text, keypad) {
  keypad.goBack();
  const field = document.getElementById("typed-code");
  if (!field) return thud();
  field.value = text.trim();
  htmx.process(field.form); // it may have come a moment ago, and be sent as a page of its own otherwise
  field.form.requestSubmit();
}
