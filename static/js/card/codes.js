/**
 * Rotating codes, drawn on the phone with the card's own key: the same bytes as `members/cards.py` makes.
 * It knows no page.
 */

import { generate } from "../../vendor/lean-qr/index.mjs";

export const STEP_MS = 10_000;
const MAC_BYTES = 8;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The address in the QR for a moment (of the server's clock, in ms). `after`: the step that has served already. */
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

/** Draw a code into an svg: one path, as the server draws it. */
export function drawInto(svg, text) {
  const code = generate(text, { minCorrectionLevel: 1, maxCorrectionLevel: 1 });
  let path = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (!code.get(x, y)) continue;
      const start = x;
      while (code.get(x + 1, y)) x += 1;
      const width = x - start + 1;
      path += `M${start} ${y}h${width}v1h-${width}z`;
    }
  }
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.id = "code-modules";
  drawn.setAttribute("fill", "currentColor");
  drawn.setAttribute("d", path);
  svg.setAttribute("viewBox", `0 0 ${code.size} ${code.size}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.replaceChildren(drawn);
}
