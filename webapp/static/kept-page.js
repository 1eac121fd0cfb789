// What a telephone keeps of one person to be read without network: one page and its style sheets, in
// one cache, filled only after they asked for it. Used by fumin.js on every page and on signing out.

const NAME = 'fumin-kept';
const FRESH = 10 * 60;

const seconds = (answer, name) => Number(answer.headers.get(name));

// Deletes all of it: the page and the script that shows it.
export const wipe = async () => {
  await caches.delete(NAME);
  for (const one of await navigator.serviceWorker?.getRegistrations() ?? []) {
    const worker = one.active ?? one.waiting ?? one.installing;
    if (worker?.scriptURL.endsWith('/me/kept-page-worker.js')) await one.unregister();
  }
};

// `kept` says for whose session this page was drawn, if that one keeps anything: what is of
// another session goes, what is missing or no longer fresh comes. Returns whether it is kept now.
export const check = async ({ kept, keptPage, keptWorker, keptScope }) => {
  if (!kept) { await wipe(); return false; }
  const held = await caches.match(keptPage, { cacheName: NAME, ignoreVary: true });
  const own = held?.headers.get('X-Kept-For') === kept;
  if (own && seconds(held, 'X-Kept-At') + FRESH > Date.now() / 1000) return true;
  if (held && !own) await wipe();
  const answer = await fetch(keptPage);
  if (!answer.ok || answer.headers.get('X-Kept-For') !== kept) { await wipe(); return false; }
  const cache = await caches.open(NAME);
  await cache.addAll([...document.querySelectorAll('link[rel=stylesheet]')].map((one) => one.href));
  await cache.put(keptPage, answer);
  await navigator.serviceWorker.register(keptWorker, { scope: keptScope });
  return true;
};
