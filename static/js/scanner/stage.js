/**
 * The camera's place on the page: its picture, light and choice, and the calm page instead of it when there is none.
 * What was read it hands on; it asks the server nothing.
 */

import { Camera } from "./camera.js";

const KEPT = "habitue-till-camera";

const stage = document.getElementById("camera");
const step = stage.closest(".till__step");
const torch = step.querySelector("[data-torch]");
const next = step.querySelector("[data-switches]");
let camera = null;

/** @param {(text: string) => void} onCode  @param {() => boolean} isWanted whether the camera is looked through now */
export function prepareStage(onCode, isWanted) {
  const till = document.getElementById("till");
  const urls = { decoder: till.dataset.decoder, wasm: till.dataset.wasm };
  camera = new Camera(document.getElementById("video"), urls, onCode);
  camera.prefer(recall());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      camera.stop();
      delete stage.dataset.running;
    } else if (isWanted()) openStage(isWanted);
  });
  torch.addEventListener("click", async () => {
    const on = await camera.turnTorch(torch.getAttribute("aria-pressed") !== "true");
    torch.setAttribute("aria-pressed", String(on));
  });
  next.addEventListener("click", async () => {
    const id = await camera.nextOne();
    if (!id) return;
    remember(id);
    camera.prefer(id);
    camera.stop();
    await openStage(isWanted);
  });
}

/** Look for the next card, opening the camera if it is closed. */
export async function openStage(isWanted) {
  if (camera.isOpen) return camera.look();
  try {
    await camera.start();
  } catch (trouble) {
    return showTrouble(trouble.reason ?? "broken");
  }
  delete step.dataset.trouble;
  stage.dataset.running = "";
  torch.hidden = !camera.hasTorch;
  torch.setAttribute("aria-pressed", "false");
  next.hidden = !(await camera.nextOne());
  if (!isWanted()) camera.pause();
}

export function restStage() {
  if (camera.isOpen) camera.pause();
}

/** Say what is wrong and what to do; the other ways come first then, by the style sheet. */
function showTrouble(reason) {
  step.dataset.trouble = reason;
  step.querySelector("[data-trouble-title]").textContent = stage.dataset[`${reason}Title`];
  step.querySelector("[data-trouble-words]").textContent = stage.dataset[reason];
}

function recall() {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

function remember(id) {
  try {
    localStorage.setItem(KEPT, id);
  } catch {
    // A private window forgets; the browser's own choice is there the next time.
  }
}
