// Notices on this telephone's screen: asks the browser for an address to send them to, and ends that
// when the session it was asked for is no longer the one here. Used by handset.js and fumin.js.

const WORKER = '/me/push-worker.js';

const ours = async () => (await navigator.serviceWorker?.getRegistrations() ?? [])
  .filter((one) => (one.active ?? one.waiting ?? one.installing)?.scriptURL.endsWith(WORKER));

// A registration is named by its session: those of another one, or of nobody, end here.
export const check = async (session) => {
  for (const one of await ours()) {
    if (session && one.scope.endsWith(`/${session}/`)) continue;
    await (await one.pushManager.getSubscription())?.unsubscribe();
    await one.unregister();
  }
};

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));

const active = (one) => one.active ? Promise.resolve() : new Promise((resolve) => {
  const worker = one.installing ?? one.waiting;
  worker.addEventListener('statechange', () => { if (worker.state === 'activated') resolve(); });
});

// Returns the address and the keys of this browser; throws when its holder or maker says no.
export const subscribe = async ({ worker, key }, session) => {
  await check('');
  const scope = new URL(`push/${session}/`, new URL(worker, location.href)).href;
  const registration = await navigator.serviceWorker.register(worker, { scope });
  await active(registration);
  const found = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(key),
  });
  const { endpoint, keys } = found.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
};
