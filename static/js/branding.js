/**
 * Colour, logo, the picture of a reward: the picker and the digits say the same, and a chosen picture is shown as it will be cropped.
 * The server crops by the same rules (`merchants/logos.py`); without this a picture is cropped in its middle.
 */

// With a script the preview follows by itself.
document.querySelector("[data-try]")?.remove();

for (const picker of document.querySelectorAll("[data-mirrors]")) {
  const field = document.getElementById(picker.dataset.mirrors);
  picker.hidden = false;
  picker.addEventListener("input", () => {
    field.value = picker.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(field.value.trim())) picker.value = field.value.trim();
  });
}

const file = document.querySelector("[data-logo]");
const stage = document.querySelector("[data-stage]");
const now = document.querySelectorAll("[data-now]");
const crops = [...document.querySelectorAll("[data-crop]")];
const whole = document.querySelector("[name='whole']");
let picture = null;

/** Which square of the picture is drawn: the arithmetic of `crop_square`. */
function square() {
  const { width, height } = picture;
  if (whole.checked) {
    const side = Math.max(width, height);
    return { side, left: -(side - width) / 2, top: -(side - height) / 2 };
  }
  const value = Object.fromEntries(crops.map((crop) => [crop.dataset.crop, Number(crop.value)]));
  const side = (Math.min(width, height) * 100) / value.zoom;
  return { side, left: ((width - side) * value.x) / 100, top: ((height - side) * value.y) / 100 };
}

function draw() {
  if (!picture) return;
  const { side, left, top } = square();
  const scale = stage.width / side;
  const paper = stage.getContext("2d");
  paper.clearRect(0, 0, stage.width, stage.height);
  paper.drawImage(picture, -left * scale, -top * scale, picture.width * scale, picture.height * scale);
  showOnCards();
}

/** The cards beside the form wear the picture too, until the page is loaded anew; a reward's ticket, where it has its place. */
function showOnCards() {
  for (const wearer of document.querySelectorAll("#tried .avatar, [data-wears]")) {
    const copy = document.createElement("canvas");
    copy.width = copy.height = stage.width;
    copy.getContext("2d").drawImage(stage, 0, 0);
    if (wearer.matches(".avatar")) wearer.classList.add("avatar--logo");
    wearer.replaceChildren(copy);
  }
}

async function show() {
  const chosen = file.files[0];
  if (!chosen) return;
  try {
    picture = await createImageBitmap(chosen);
  } catch {
    picture = null; // no picture: the server says why
  }
  stage.hidden = picture === null;
  for (const element of now) element.hidden = picture !== null;
  draw();
}

if (file && stage) {
  file.addEventListener("change", show);
  for (const control of [...crops, whole]) control.addEventListener("input", draw);
  document.addEventListener("htmx:afterSettle", () => picture && showOnCards());
  show(); // a page that was left and came back keeps its file
}
