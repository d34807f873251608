/**
 * Rotating codes, drawn on the phone with the card's own key: the same bytes as `members/cards.py` makes.
 * It knows no page.
 */

import { generate } from "../../vendor/lean-qr/index.mjs";

export const STEP_MS = 10_000;
const MAC_BYTES = 8;
const EYE = 7; // modules of a corner's mark
const EYE_CORNERS = [[0, 2], [1, 1.2], [2, 0.8]]; // how far inside, and how round
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The address in the QR for a moment (of the server's clock, in ms). `after`: the step that has served already. After two
 * purchases in a row there is no good code for a moment: then `step` is still `after`, until the next one begins.
 */
export async function codeAt({ head, base, key }, moment, after = -1) {
  const now = Math.floor(moment / STEP_MS);
  const step = now <= after ? now + 1 : now; // the server takes codes one step early, and no more
  const stepBytes = new Uint8Array(4);
  new DataView(stepBytes.buffer).setUint32(0, step);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, stepBytes)).slice(0, MAC_BYTES);
  const headBytes = head.match(/../g).map((pair) => parseInt(pair, 16));
  return { text: base + base32([...headBytes, ...stepBytes, ...mac]), step };
}

function base32(bytes) {
  let bits = 0;
  let held = 0;
  let text = "";
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

/** Draw a code into an svg, as `core/qr.py` draws it: modules, and round eyes in three corners. */
export function drawInto(svg, text) {
  const code = generate(text, { minCorrectionLevel: 1, maxCorrectionLevel: 1 });
  const far = code.size - EYE;
  const isEye = (x, y) => (y < EYE && (x < EYE || x >= far)) || (y >= far && x < EYE);
  const isDark = (x, y) => code.get(x, y) && !isEye(x, y);
  let path = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (!isDark(x, y)) continue;
      const start = x;
      while (isDark(x + 1, y)) x += 1;
      const width = x - start + 1;
      path += `M${start} ${y}h${width}v1h-${width}z`;
    }
  }
  const drawn = part("g", { id: "code-modules", fill: "currentColor" });
  drawn.append(
    part("path", { "shape-rendering": "crispEdges", d: path }),
    part("path", { "fill-rule": "evenodd", d: eye(0, 0) + eye(far, 0) + eye(0, far) }),
  );
  svg.setAttribute("viewBox", `0 0 ${code.size} ${code.size}`);
  svg.replaceChildren(drawn);
}

function part(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function eye(x, y) {
  return EYE_CORNERS.map(([inset, radius]) => rounded(x + inset, y + inset, EYE - 2 * inset, radius)).join("");
}

function rounded(x, y, side, radius) {
  const straight = side - 2 * radius;
  const arc = (dx, dy) => `a${radius} ${radius} 0 0 1 ${dx * radius} ${dy * radius}`;
  return (
    `M${x + radius} ${y}h${straight}${arc(1, 1)}v${straight}${arc(-1, 1)}` +
    `h${-straight}${arc(-1, -1)}v${-straight}${arc(1, -1)}z`
  );
}
