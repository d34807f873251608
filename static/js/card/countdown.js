/**
 * The time of a reward that was set aside. The server says how much is left; when it is over, the server is asked what
 * became of it. Counted by the phone's clock, which goes on while the phone sleeps.
 */

let end = 0;
let counted = null;

function read() {
  counted = document.querySelector("#taken[data-left]");
  if (counted) end = Date.now() + Number(counted.dataset.left) * 1000;
}

function tick() {
  if (!counted?.isConnected) return;
  const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
  const clock = counted.querySelector("[data-clock]");
  const said = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  if (clock.textContent === said) return;
  clock.textContent = said;
  counted.querySelector("[data-line]").setAttribute("stroke-dasharray", `${left} ${counted.dataset.period}`);
  if (left === 0) htmx.trigger(counted, "ended");
}

read();
setInterval(tick, 250);
addEventListener("pageshow", (event) => event.persisted && location.reload());
