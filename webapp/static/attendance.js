// The page that marks one class meeting without network. Every tap is kept on the telephone first
// and sent when it can be; what is shown is the list as it came last, with the waiting taps on it.
import * as store from './attendance-store.js';

const page = document.getElementById('main');
const words = JSON.parse(page.dataset.words);
const part = (name) => page.querySelector(`[data-${name}]`);
const say = (name, n) => words[name].replace('{n}', n);
const labels = new Map([...part('person').content.querySelectorAll('[data-presence]')]
  .map((button) => [button.dataset.presence, button.querySelector('[data-label]').textContent]));
const RETRY = 15000;
const ASK = 60000;
const UNDO = 10000; // as long as a wrong last tap may be taken back before the list goes
let lastTap = Date.now();
let asked = 0;
let busy = false;
let again = false;
let problem = '';

const show = (element, text) => {
  element.textContent = text;
  element.hidden = !text;
};

// Where each person stands: the list as it came, then the taps that wait, in their order.
const standing = (list, waiting) => {
  const found = new Map(list.people.map((one) => [one.id, {
    ...one, where: one.conflict ? 'conflict' : one.waits ? 'late' : one.presence ? 'online' : '',
  }]));
  for (const tap of waiting) {
    const one = found.get(tap.enrolment);
    if (!one) continue;
    if (tap.presence) Object.assign(one, { presence: tap.presence, key: tap.id, where: 'waiting' });
    else Object.assign(one, { presence: null, key: null, where: 'waiting' });
  }
  return [...found.values()];
};

const tap = async (one, presence, { byCode = false } = {}) => {
  const held = await store.grant();
  if (!held || Date.now() < Date.parse(held.list.opens_at)) return;
  lastTap = Date.now();
  await store.addTap({
    id: store.hexKey(),
    enrolment: one.id,
    made_at: new Date().toISOString(),
    ...(presence ? { presence } : { undoes: one.key }),
    ...(byCode ? { by_code: true } : {}),
  });
  await render();
  push();
};

const line = (one, early) => {
  const item = part('person').content.cloneNode(true).firstElementChild;
  const inside = (name) => item.querySelector(`[data-${name}]`);
  const name = `${one.seat}. ${one.name}`;
  item.id = `p${one.id}`;
  inside('name').textContent = name;
  item.querySelectorAll('[data-of]').forEach((of) => { of.textContent = ` ${name}`; });
  show(inside('said'), one.presence ? labels.get(one.presence) : '');
  show(inside('where'), one.presence && one.where ? words[one.where] : '');
  inside('marks').hidden = Boolean(one.presence) || early || !one.open;
  inside('marks').querySelectorAll('[data-presence]').forEach((button) => {
    button.addEventListener('click', () => tap(one, button.dataset.presence), { once: true });
  });
  inside('undo-row').hidden = !one.key || !one.open;
  inside('undo').addEventListener('click', () => tap(one, null), { once: true });
  return item;
};

const render = async () => {
  const [held, waiting] = await Promise.all([store.grant(), store.taps()]);
  part('none').hidden = Boolean(held);
  part('list').hidden = !held;
  if (!held) return;
  const { list } = held;
  const early = Date.now() < Date.parse(list.opens_at);
  const people = standing(list, waiting);
  page.querySelector('h1').textContent = list.title;
  show(part('when'), [list.when, list.room].filter(Boolean).join(' · '));
  const marked = people.some((one) => one.presence);
  const count = new Set(waiting.map((one) => one.enrolment)).size;
  const state = early ? say('early') : waiting.length ? say('kept', count) : marked ? say('sent') : say('nothing');
  show(part('state'), problem ? `${state} ${problem}` : state);
  part('state').className = `message message-${waiting.length || problem ? 'warning' : marked ? 'success' : 'info'}`;
  show(part('notes'), held.notes.join('；'));
  // The focus stays with the person, whatever button of theirs went away.
  const focused = document.activeElement?.closest?.('[data-people] > li')?.id;
  part('people').replaceChildren(...people.map((one) => line(one, early)));
  if (focused) document.getElementById(focused)?.querySelector('button:not([hidden], [hidden] *)')?.focus();
  part('finish').disabled = waiting.length > 0;
  found(list, people, early);
};

// The page was opened by the code of a person: their name with one button.
const found = (list, people, early) => {
  const scanned = location.pathname.slice(page.dataset.page.length).match(/^(\d+)\/([^/]+)$/);
  if (!scanned) return;
  const [, meeting, code] = scanned;
  const one = people.find((person) => person.code === decodeURIComponent(code).toUpperCase());
  const wrong = Number(meeting) !== list.meeting ? 'other' : Date.now() > Date.parse(list.ends_at) ? 'over' : one ? '' : 'unknown';
  part('found').hidden = false;
  show(part('found-name'), wrong ? say(wrong) : [`${one.seat}. ${one.name}`, labels.get(one.presence)].filter(Boolean).join('：'));
  const button = part('found-present');
  button.hidden = Boolean(wrong) || early || Boolean(one.presence) || !one.open;
  button.onclick = wrong ? null : () => tap(one, 'present', { byCode: true });
};

// The list is gone from here; what could not be sent is said.
const forget = async (why) => {
  const lost = (await store.taps()).length;
  const notes = (await store.grant())?.notes ?? [];
  await store.wipe();
  await render();
  show(part('told'), '');
  show(part('when'), '');
  show(part('state'), lost ? `${say(why)}${say('lost', lost)}` : say(why));
  part('state').className = `message message-${lost || why !== 'ended' ? 'warning' : 'success'}`;
  show(part('notes'), notes.join('；'));
};

// Deletes the list once everybody is marked, all of it is sent, and a wrong tap had its ten seconds.
const finished = async () => {
  const [held, waiting] = await Promise.all([store.grant(), store.taps()]);
  if (!held || waiting.length || held.notes.length || Date.now() - lastTap < UNDO) return false;
  return held.list.people.length > 0 && held.list.people.every((one) => one.presence || !one.open);
};

const expired = async () => {
  const held = await store.grant();
  return Boolean(held) && Date.now() > Date.parse(held.list.expires_at);
};

const end = async () => {
  const how = await store.send({ ends: true });
  if (how === 'sent' || how === 'gone') await forget('ended');
  else await render();
};

const push = async () => {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  do {
    again = false;
    const how = await store.send();
    asked = Date.now();
    problem = how === 'refused' || how === 'early' ? say(how) : '';
    if (how === 'gone') await forget('gone');
    else await render();
  } while (again);
  busy = false;
};

const tick = async () => {
  if (await expired()) await forget('expired');
  else if (await finished()) await end();
  else if ((await store.taps()).length || (Date.now() - asked > ASK && !document.hidden && await store.grant())) await push();
};

const take = async (code) => {
  history.replaceState(null, '', page.dataset.page);
  const before = await store.grant();
  if (before) {
    if (!await store.leave()) return say('full', (await store.taps()).length);
  }
  try {
    await navigator.serviceWorker.register(page.dataset.worker, { scope: page.dataset.page });
    const files = [page.dataset.page, ...[...document.querySelectorAll('link[href], script[src]')].map((one) => one.href || one.src), ...[...document.querySelectorAll('use')].map((one) => one.href.baseVal.split('#')[0])];
    const got = await store.claim(code, { claimAt: page.dataset.claim, marksAt: page.dataset.send, files });
    if (!got) return say('claimed');
    await navigator.serviceWorker.ready;
    return say('saved');
  } catch {
    return say('offline');
  }
};

const begin = async () => {
  if (!('serviceWorker' in navigator && window.crypto?.subtle && 'indexedDB' in window)) {
    show(part('state'), say('unable'));
    return;
  }
  const code = location.hash.slice(1);
  const told = code ? await take(code) : '';
  await render();
  show(part('told'), told);
  store.news?.addEventListener('message', () => render());
  part('finish').addEventListener('click', end);
  window.addEventListener('online', () => push());
  document.addEventListener('visibilitychange', () => { if (!document.hidden) tick(); });
  setInterval(tick, RETRY);
  setInterval(async () => { if (await finished()) await end(); }, 1000);
  if (!told) await tick();
  page.dataset.ready = '1';
};

begin();
