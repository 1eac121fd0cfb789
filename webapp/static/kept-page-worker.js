// Shows what a person asked this telephone to keep, when their own pages cannot be reached. It keeps
// nothing itself: kept-page.js fills the cache, and deletes it together with this script.
'use strict';

const NAME = 'fumin-kept';
const PATIENCE = 6000;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (request.destination === 'style') event.respondWith(style(request));
});

async function page(request) {
  const fresh = fetch(request);
  const isHome = request.url === self.registration.scope;
  try {
    // Only the first page does not wait for a network that hardly answers: others were asked for.
    const answer = await (isHome ? Promise.race([fresh, late()]) : fresh);
    // The first page leads elsewhere only when nobody is signed in any more.
    if (isHome && answer.type === 'opaqueredirect') await caches.delete(NAME);
    return answer;
  } catch {
    fresh.catch(() => {});
    return await held() ?? fresh;
  }
}

const late = () => new Promise((_resolve, reject) => { setTimeout(reject, PATIENCE); });

async function style(request) {
  try { return await fetch(request); } catch {
    return await caches.match(request, { cacheName: NAME, ignoreVary: true }) ?? Response.error();
  }
}

// The page that is kept, unless its time is over.
async function held() {
  if (!await caches.has(NAME)) return undefined;
  const cache = await caches.open(NAME);
  for (const request of await cache.keys()) {
    const answer = await cache.match(request, { ignoreVary: true });
    const until = answer.headers.get('X-Kept-Until');
    if (!until) continue;  // a style sheet
    if (Number(until) * 1000 > Date.now()) return answer;
    await caches.delete(NAME);
  }
  return undefined;
}
