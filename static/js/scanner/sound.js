/** What the till lets one hear and feel. Each browser remembers whether it may be heard; a phone on silent still shakes. */

const KEPT = "habitue-till-sound";
const OFF = "off";

let context = null;

function recall() {
  try {
    return localStorage.getItem(KEPT) !== OFF;
  } catch {
    return true; // a private window: it sounds, and forgets that it should not
  }
}

let on = recall();

export function isOn() {
  return on;
}

export function turnSound(wanted) {
  on = wanted;
  try {
    localStorage.setItem(KEPT, wanted ? "on" : OFF);
  } catch {
    // As above.
  }
  if (on) sound([[1400, 0, 0.05]]);
}

/** The stamp lands. */
export function tick() {
  navigator.vibrate?.(60);
  sound([[1100, 0, 0.05], [1650, 0.06, 0.09]]);
}

/** A card was read: felt, not heard, for the answer is what matters. */
export function touch() {
  navigator.vibrate?.(30);
}

/** Something was refused or taken back. */
export function thud() {
  navigator.vibrate?.([40, 60, 40]);
  sound([[220, 0, 0.14]]);
}

/** Tones as [hertz, starts after, lasts], in seconds. */
function sound(tones) {
  if (!on || !globalThis.AudioContext) return;
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  for (const [hertz, after, lasts] of tones) {
    const start = context.currentTime + after;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = hertz;
    tone.type = "triangle";
    volume.gain.setValueAtTime(0.22, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + lasts);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + lasts);
  }
}
