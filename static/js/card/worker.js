/**
 * One merchant's worker, on one phone: it opens the card when there is no network. It keeps the page with nobody on it
 * and the files that draw it; who the card belongs to lies in the page's own database, never in this cache.
 */

const HOME = new URL(self.registration.scope).pathname;
const CACHE = `habitue-card ${HOME}`;
const PATIENCE_MS = 4000; // at a counter nobody waits longer for a network that is only half there
const FALLEN_BACK_MS = 30_000; // so long the network is not asked for what is kept
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
let fellBackAt = 0;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  event.waitUntil(keep(event.data.shell, event.data.assets));
});

/** A new page to keep has a new address; while it is the same, so is everything else. */
async function keep(shell, assets) {
  const cache = await caches.open(CACHE);
  if (await cache.match(shell)) return;
  await cache.addAll(assets);
  await cache.add(shell);
  const wanted = new Set([shell, ...assets].map((path) => new URL(path, self.location).href));
  for (const kept of await cache.keys()) if (!wanted.has(kept.url)) await cache.delete(kept);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(openPage(request, url));
  else if (url.pathname.startsWith("/static/") || /\/theme\.css$|\/logo\//.test(url.pathname)) {
    event.respondWith(openAsset(request, url));
  }
});

/** Patience has an end for the card itself, which is kept; a download or a form's page may take its time. */
async function openPage(request, url) {
  const isHome = url.pathname === HOME;
  const shell = await keptShell();
  if (!shell) return fetch(request);
  try {
    const response = await (isHome ? withPatience(fetch(request)) : fetch(request));
    if (!isFromNobody(response)) {
      if (isHome) fellBackAt = 0;
      return response;
    }
  } catch {
    // No network, or none worth the name.
  }
  fellBackAt = Date.now();
  // Only the card itself is kept; every other page leads to it.
  return isHome ? shell : Response.redirect(HOME);
}

async function keptShell() {
  const cache = await caches.open(CACHE);
  return cache.match(`${HOME}offline`, { ignoreSearch: true, ignoreVary: true });
}

/** A proxy answers for a server that does not. */
function isFromNobody(response) {
  return response.status >= 502 && response.status <= 504;
}

function withPatience(answer) {
  return Promise.race([
    answer,
    new Promise((_resolve, reject) => setTimeout(() => reject(new Error("too slow")), PATIENCE_MS)),
  ]);
}

/** A page that was kept is drawn with what was kept beside it: its files are not waited for one after the other. */
async function openAsset(request, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (!kept) return fetch(request);
  if (HASHED.test(url.pathname) || Date.now() - fellBackAt < FALLEN_BACK_MS) return kept;
  try {
    const response = await withPatience(fetch(request));
    if (!isFromNobody(response)) return response;
  } catch {
    // As above.
  }
  fellBackAt = Date.now();
  return kept;
}
