/**
 * The camera: opens it, looks for a QR in its frames, says what it read or why it cannot.
 * It knows nothing of cards, steps or servers, and shows nothing: it tells its caller.
 *
 * The decoder is the browser's own where there is one that reads QR codes; elsewhere the vendored ponyfill, with its
 * WebAssembly served by us (by itself it would fetch it from a stranger).
 */

// Between two looks without requestVideoFrameCallback: ten a second finds a code as fast as a hand can hold it still.
const LOOK_EVERY_MS = 100;

export class Camera {
  #video;
  #urls;
  #onCode;
  #stream = null;
  #detector = null;
  #looking = false;
  #wanted = "";

  /** @param {HTMLVideoElement} video  @param {{decoder: string, wasm: string}} urls  @param {(text: string) => void} onCode */
  constructor(video, urls, onCode) {
    this.#video = video;
    this.#urls = urls;
    this.#onCode = onCode;
  }

  /** Open the camera and look until a code is read. Rejects with a `reason`: denied, missing, busy, insecure, broken. */
  async start() {
    if (!navigator.mediaDevices?.getUserMedia) throw new CameraTrouble("insecure");
    const [stream, detector] = await Promise.all([this.#stream ?? openCamera(this.#wanted), this.#detector ?? openDetector(this.#urls)]);
    this.#stream = stream;
    this.#detector = detector;
    this.#video.srcObject = stream;
    await this.#video.play().catch(() => {
      throw new CameraTrouble("broken");
    });
    this.look();
  }

  /** Look for the next code; the camera must be open. */
  look() {
    if (!this.#stream || this.#looking) return;
    this.#looking = true;
    this.#video.play().catch(() => {});
    this.#next();
  }

  /** Stop looking but keep the camera: the next scan starts at once. */
  pause() {
    this.#looking = false;
    this.#video.pause();
  }

  /** Let the camera go: its light goes out, other apps may have it. */
  stop() {
    this.#looking = false;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
  }

  /** The one to open from now on, by its id; if it is gone, the browser's choice. */
  prefer(id) {
    this.#wanted = id;
  }

  /** The next camera of this phone after the one that is open; empty when there is only one. Asks for nothing. */
  async nextOne() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const ids = devices.filter((device) => device.kind === "videoinput").map((device) => device.deviceId);
    const here = ids.indexOf(this.#track?.getSettings().deviceId);
    return ids.length > 1 ? ids[(here + 1) % ids.length] : "";
  }

  get isOpen() {
    return this.#stream !== null;
  }

  get hasTorch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  /** Resolves to whether the light is on now. */
  async turnTorch(on) {
    try {
      await this.#track.applyConstraints({ advanced: [{ torch: on }] });
      return on;
    } catch {
      return false;
    }
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  #next() {
    if (!this.#looking) return;
    if (this.#video.requestVideoFrameCallback) this.#video.requestVideoFrameCallback(() => this.#lookOnce());
    else setTimeout(() => this.#lookOnce(), LOOK_EVERY_MS);
  }

  async #lookOnce() {
    if (!this.#looking) return;
    let found = [];
    try {
      found = await this.#detector.detect(this.#video);
    } catch {
      // A frame that cannot be read (the camera is just waking) is like a frame without a code.
    }
    const text = found.find((code) => code.rawValue)?.rawValue;
    if (text && this.#looking) {
      this.#looking = false;
      this.#onCode(text);
      return;
    }
    this.#next();
  }
}

export class CameraTrouble extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

const REASONS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

async function openCamera(id) {
  const which = id ? { deviceId: { ideal: id } } : { facingMode: { ideal: "environment" } };
  const wanted = { ...which, width: { ideal: 1280 }, height: { ideal: 720 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch (error) {
    throw new CameraTrouble(REASONS[error.name] ?? "broken");
  }
}

async function openDetector({ decoder, wasm }) {
  try {
    const formats = (await globalThis.BarcodeDetector?.getSupportedFormats()) ?? [];
    if (formats.includes("qr_code")) return new globalThis.BarcodeDetector({ formats: ["qr_code"] });
  } catch {
    // Some browsers have the name but not the thing behind it: the ponyfill serves them too.
  }
  try {
    const { BarcodeDetector, prepareZXingModule } = await import(decoder);
    const loaded = prepareZXingModule({
      overrides: { locateFile: (path, prefix) => (path.endsWith(".wasm") ? wasm : prefix + path) },
      fireImmediately: true,
    });
    await loaded;
    return new BarcodeDetector({ formats: ["qr_code"] });
  } catch {
    throw new CameraTrouble("broken");
  }
}
