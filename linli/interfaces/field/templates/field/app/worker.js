// Keeps the shell of one build, so that the app starts without reception. It never keeps what anybody's is, never a
// redirected answer (a login page must not become the shell), and never touches what is sent.
const SHELF = {{ shelf|safe }};
const NAME = `linli-field-${SHELF.build}`;

async function keep() {
  const box = await caches.open(NAME);
  for (const address of [SHELF.shell, ...SHELF.files]) {
    const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(address);
    await box.put(address, answer);
  }
}

self.addEventListener("install", (event) => { event.waitUntil(keep()); });

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("linli-field-") && name !== NAME) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => { if (event.data === "take over") self.skipWaiting(); });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  const wanted = request.mode === "navigate" && address.pathname === SHELF.shell ? SHELF.shell : SHELF.files.includes(address.pathname) ? address.pathname : "";
  if (!wanted) return;
  event.respondWith((async () => (await (await caches.open(NAME)).match(wanted)) || fetch(request))());
});
