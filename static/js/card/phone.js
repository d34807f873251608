/**
 * What this phone keeps of one merchant's card, so that it opens without a network: the newest balance and lines, and
 * the card's own key, which cannot be taken out again. Each merchant's card has a database and a cache of its own.
 */

const STORE = "card";
const MINE = "mine";
const MARK = "habitue_forget"; // the server's word that what is kept here is no longer this browser's

/** `home` is the card's path, such as /c/aroma/. */
function nameOf(home) {
  return `habitue-card ${home}`;
}

function open(home) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(nameOf(home), 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function ask(home, mode, question) {
  const database = await open(home);
  try {
    return await new Promise((resolve, reject) => {
      const request = question(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close(); // an open one would hold up its own deletion
  }
}

/** What is kept, or undefined. A browser that keeps nothing is no error. */
export async function recall(home) {
  try {
    return await ask(home, "readonly", (store) => store.get(MINE));
  } catch {
    return undefined;
  }
}

/** Keep this, and nothing of what was kept before. */
export async function keep(home, record) {
  try {
    await ask(home, "readwrite", (store) => store.put(record, MINE));
  } catch {
    // A private window, or a full disk: the card works as long as there is a network.
  }
}

/** Wipe it all: after signing out, erasing, or when the card was replaced. */
export async function forget(home) {
  await new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(nameOf(home));
    asked.onsuccess = asked.onerror = asked.onblocked = resolve;
  });
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration(home);
  if (registration && new URL(registration.scope).pathname === home) await registration.unregister();
  await caches.delete(nameOf(home));
}

/** Whether the server has said so, and the phone has not done it yet. */
export function isTold() {
  return document.cookie.split("; ").includes(`${MARK}=1`);
}

/** Wipe it all if the server has said so; only then is its word taken off. */
export async function forgetIfTold(home) {
  if (!isTold()) return;
  await forget(home);
  document.cookie = `${MARK}=; path=${home}; max-age=0; samesite=lax`;
}

/** The card's key, over a form's safeguards; the browser may use it and cannot show it. */
export async function fetchKey(address) {
  if (!crypto.subtle) return null;
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const response = await fetch(address, { method: "POST", headers });
  if (!response.ok || response.redirected) return null;
  const given = await response.json();
  const bytes = Uint8Array.from(atob(given.key), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return { head: given.head, key };
}

/** Let the merchant's worker keep the page with nobody on it, and what that page is drawn with. */
export async function install(worker, shell) {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(worker);
    const { active } = await navigator.serviceWorker.ready;
    const assets = performance
      .getEntriesByType("resource")
      .map((entry) => new URL(entry.name))
      .filter((url) => url.origin === location.origin && /^\/static\/|\/theme\.css$|\/logo\//.test(url.pathname))
      .map((url) => url.pathname + url.search);
    active.postMessage({ shell, assets: [...new Set(assets)] });
  } catch {
    // Without a worker the card is an ordinary page.
  }
}
