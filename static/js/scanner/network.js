/**
 * Whether Habitué can be reached. The browser says when the phone loses its network; that it came back, or that a network
 * leads nowhere, only an answer of ours tells. It sends nothing but that question, and knows nothing of tills.
 */

const ASK_EVERY_MS = 4000;
const PATIENCE_MS = 10_000;

export class Network {
  #onChange;
  #asked;
  #patience;
  #timer = 0;
  isThere = true;

  /** @param {(isThere: boolean) => void} onChange  @param {string} asked an address  @param {number} patience in ms */
  constructor(onChange, asked = "/healthz", patience = PATIENCE_MS) {
    this.#onChange = onChange;
    this.#asked = asked;
    this.#patience = patience;
    addEventListener("offline", () => this.lost());
    addEventListener("online", () => this.#ask());
  }

  /** Something got no answer, or the page was opened without a network. */
  lost() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), ASK_EVERY_MS);
    this.#set(false);
  }

  async #ask() {
    clearTimeout(this.#timer);
    try {
      const response = await fetch(this.#asked, { cache: "no-store", signal: AbortSignal.timeout(this.#patience) });
      if (!response.ok) throw new Error(response.status);
      this.#set(true);
    } catch {
      this.lost();
    }
  }

  #set(isThere) {
    if (isThere === this.isThere) return;
    this.isThere = isThere;
    this.#onChange(isThere);
  }
}
