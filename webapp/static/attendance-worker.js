// Answers for the page of attendance without network (and on one that is too slow) from what that
// page put into its cache. It keeps nothing itself, and is removed with the list.
'use strict';

const NAME = 'fumin-attendance';
const PATIENCE = 4000;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.method === 'GET') event.respondWith(answer(event.request));
});

async function answer(request) {
  const wanted = request.mode === 'navigate' ? self.registration.scope : request;
  const kept = await caches.match(wanted, { cacheName: NAME, ignoreVary: true });
  const fresh = fetch(request);
  if (!kept) return fresh;
  const slow = new Promise((_resolve, reject) => { setTimeout(reject, PATIENCE); });
  try {
    const response = await Promise.race([fresh, slow]);
    return response.status >= 500 ? kept : response;
  } catch {
    fresh.catch(() => {});
    return kept;
  }
}
