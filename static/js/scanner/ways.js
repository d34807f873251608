/** The other ways to say who it is: a code that is typed, or a phone number. It asks the server nothing. */

const find = document.querySelector("[data-find]");
const field = find.querySelector("input");
const label = find.querySelector("label");

/** Show the field for a code or a phone number; an empty kind puts it away. */
export function typeInstead(kind) {
  find.hidden = !kind;
  for (const other of document.querySelectorAll(".till-ways, [data-note]")) other.hidden = Boolean(kind);
  field.value = "";
  if (!kind) return;
  label.textContent = kind === "phone" ? label.dataset.labelPhone : label.dataset.labelCode;
  field.type = kind === "phone" ? "tel" : "text";
  field.autocapitalize = kind === "phone" ? "none" : "characters";
  field.focus();
}

/** @param {(text: string) => void} look what is done with what was typed */
export function onFind(look) {
  find.addEventListener("submit", (event) => {
    event.preventDefault();
    look(field.value);
  });
}
