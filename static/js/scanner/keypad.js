/**
 * The amount: digits go in from the right, as on a till (1, 2, 0, 0 is 12.00), in the currency's minor units.
 * It shows them in the reader's locale and gives them as a plain decimal; it sends nothing.
 */

// A till never takes more: ten digits of minor units is a hundred million.
const MOST_DIGITS = 10;

export class Keypad {
  #input;
  #digitsBox;
  #big;
  #exponent;
  #format;
  #onChange;
  #digits = "";
  #marked = "";
  /** What was sent and not answered may be in the books: until it is known, the amount stays as it is. */
  isFrozen = false;

  /** @param {HTMLElement} root  @param {{currency: string, exponent: number, locale: string}} money  @param {() => void} onChange */
  constructor(root, { currency, exponent, locale }, onChange) {
    this.#input = root.querySelector("input");
    this.#digitsBox = root.querySelector("[data-digits]");
    this.#big = this.#digitsBox.parentElement;
    this.#exponent = exponent;
    this.#onChange = onChange;
    const fraction = { minimumFractionDigits: exponent, maximumFractionDigits: exponent };
    this.#format = new Intl.NumberFormat(locale, fraction);
    this.#placeSymbol(root.querySelector("[data-symbol]"), locale, currency);
    this.#big.hidden = false;
    this.#input.inputMode = "none";
    this.#digits = onlyDigits(this.#input.value, exponent);
    this.#input.addEventListener("beforeinput", (event) => this.#edit(event));
    this.#show();
  }

  /** The amount as a plain decimal, "12.00"; empty when nothing was typed. */
  get value() {
    if (this.isEmpty) return "";
    const padded = this.#digits.padStart(this.#exponent + 1, "0");
    const cut = padded.length - this.#exponent;
    return this.#exponent ? `${padded.slice(0, cut)}.${padded.slice(cut)}` : padded;
  }

  get isEmpty() {
    return Number(this.#digits) === 0;
  }

  push(digits) {
    const longer = (this.#digits + digits).replace(/^0+/, "");
    if (longer.length <= MOST_DIGITS) this.#change(longer);
  }

  erase() {
    this.#change(this.#digits.slice(0, -1));
  }

  clear() {
    this.#change("");
  }

  /** Remember what is there, for `goBack`. */
  mark() {
    this.#marked = this.#digits;
  }

  goBack() {
    this.#change(this.#marked);
  }

  /** Whether it is this that is typed into. */
  has(field) {
    return field === this.#input;
  }

  focus() {
    this.#input.focus({ preventScroll: true });
  }

  #change(digits) {
    if (this.isFrozen) return;
    this.#digits = digits;
    this.#show();
    this.#onChange();
  }

  #edit(event) {
    if (event.inputType === "insertLineBreak") return; // Enter: the form is sent
    event.preventDefault();
    if (event.inputType.startsWith("delete")) this.erase();
    else if (event.data) this.push(event.data.replace(/\D/g, ""));
  }

  #show() {
    const words = this.#format.format(Number(this.#digits) / 10 ** this.#exponent);
    this.#input.value = words;
    this.#digitsBox.textContent = words;
    this.#big.toggleAttribute("data-empty", this.isEmpty);
    if (words.length > 8) this.#big.dataset.size = "longest";
    else if (words.length > 5) this.#big.dataset.size = "long";
    else delete this.#big.dataset.size;
  }

  #placeSymbol(box, locale, currency) {
    const money = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
    const parts = money.formatToParts(1).map((part) => part.type);
    box.textContent = money.formatToParts(1).find((part) => part.type === "currency").value;
    box.classList.toggle("amount__symbol--after", parts.indexOf("currency") > parts.indexOf("integer"));
  }
}

/** The minor digits of an amount that the server gave back: "12.5" and "12,50" are both 1250 with two decimals. */
function onlyDigits(text, exponent) {
  const [whole, part = ""] = text.replace(/[^\d.,]/g, "").split(/[.,](?=\d*$)/);
  return (whole.replace(/\D/g, "") + part.padEnd(exponent, "0").slice(0, exponent)).replace(/^0+/, "");
}
