// What a telephone holds to mark one class meeting without network: its grant with the short list,
// and the taps that wait. All of it is in one IndexedDB; the page itself is in one cache. Used by
// attendance.js, and by fumin.js on signing out.

const NAME = 'fumin-attendance';
const PATIENCE = 15000;
export const news = 'BroadcastChannel' in window ? new BroadcastChannel(NAME) : null;

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

let opened = null;
const open = () => {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('grant');
      request.result.createObjectStore('taps', { keyPath: 'n', autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
};

// Runs work in one transaction over both stores; it is all written or none of it.
const within = async (mode, work) => {
  const transaction = (await open()).transaction(['grant', 'taps'], mode);
  const finished = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
  const result = await work(transaction.objectStore('grant'), transaction.objectStore('taps'));
  await finished;
  return result;
};

export const grant = () => within('readonly', (kept) => done(kept.get('grant')));
export const taps = () => within('readonly', (_kept, waiting) => done(waiting.getAll()));
export const hexKey = () => [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const addTap = async (tap) => {
  await within('readwrite', async (kept, waiting) => {
    // Another tab may have deleted the list since; then there is nothing to mark on.
    if (await done(kept.get('grant'))) await done(waiting.add(tap));
  });
  news?.postMessage('tapped');
};

export const readNotes = () => within('readwrite', async (kept) => {
  const now = await done(kept.get('grant'));
  if (now) await done(kept.put({ ...now, notes: [] }, 'grant'));
});

const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const post = (address, body) => fetch(address, {
  method: 'POST',
  credentials: 'omit',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
  signal: AbortSignal.timeout?.(PATIENCE),
});

// Takes the list with a claim code. The private half of the key cannot be read, only used.
export const claim = async (code, { claimAt, marksAt, files }) => {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const publicKey = base64(await crypto.subtle.exportKey('spki', pair.publicKey));
  const cache = await caches.open(NAME);
  await cache.addAll(files);
  const answer = await post(claimAt, { code, public_key: publicKey });
  if (!answer.ok) return false;
  const { token, list } = await answer.json();
  await within('readwrite', async (kept, waiting) => {
    await done(waiting.clear());
    await done(kept.put({ token, list, key: pair.privateKey, marksAt, notes: [] }, 'grant'));
  });
  news?.postMessage('claimed');
  return true;
};

// Sends what waits, or only asks how the list stands. Returns one word of how it went.
export const send = async ({ ends = false } = {}) => {
  const held = await grant();
  if (!held) return 'none';
  const waiting = await taps();
  const body = JSON.stringify({
    at: new Date().toISOString(),
    taps: waiting.map(({ n, ...tap }) => tap),
    ends: ends,
  });
  const signature = base64(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, held.key, new TextEncoder().encode(body)));
  let answer;
  let said;
  try {
    answer = await post(held.marksAt, { token: held.token, body, signature });
    if (answer.ok) said = await answer.json();
  } catch {
    return 'offline';
  }
  if (answer.status === 410) return 'gone';
  if (answer.status === 409) return 'early';
  if (!answer.ok) return answer.status >= 500 || answer.status === 429 ? 'offline' : 'refused';
  const names = new Map(held.list.people.map((one) => [one.id, `${one.seat}. ${one.name}`]));
  const whose = new Map(waiting.map((tap) => [tap.id, tap.enrolment]));
  const bad = said.answers.filter((one) => one.bad)
    .map((one) => `${names.get(whose.get(one.id)) ?? ''} ${one.words}`);
  // Only what was confirmed goes; what was tapped meanwhile stays.
  await within('readwrite', async (kept, left) => {
    const confirmed = new Set(said.answers.map((one) => one.id));
    for (const tap of await done(left.getAll())) {
      if (confirmed.has(tap.id)) await done(left.delete(tap.n));
    }
    const now = await done(kept.get('grant'));
    if (now?.token === held.token) {
      await done(kept.put({ ...now, list: said.list, notes: [...now.notes, ...bad] }, 'grant'));
    }
  });
  news?.postMessage('sent');
  return 'sent';
};

// Deletes all of it: list, taps, page and the script that answers for it.
export const wipe = async () => {
  await within('readwrite', async (kept, waiting) => {
    await done(kept.clear());
    await done(waiting.clear());
  });
  await caches.delete(NAME);
  for (const one of await navigator.serviceWorker?.getRegistrations() ?? []) {
    if (one.active?.scriptURL.endsWith('/training/attendance/worker.js')) await one.unregister();
  }
  news?.postMessage('wiped');
};

// On signing out: what waits is sent first. Returns false when it could not be, for want of network.
export const leave = async () => {
  if (!await grant()) return true;
  const how = await send({ ends: true });
  if (how === 'offline' && (await taps()).length) return false;
  await wipe();
  return true;
};
