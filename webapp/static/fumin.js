// What a script makes nicer. Every page works without it; no pop-ups, no storage but one switch
// and, where staff asked for it, the list of one class meeting (attendance-store.js).
(() => {
  'use strict';
  const root = document.documentElement;
  root.classList.add('js');
  const { kept: keptStore, push: pushStore } = document.currentScript.dataset;

  const all = (selector) => document.querySelectorAll(selector);
  const word = (button) => button.querySelector('[data-word]') || button;

  // An error summary speaks first.
  document.querySelector('[data-focus]')?.focus();

  // What is folded on a telephone lies open on a desk, where the stylesheet alone cannot do it.
  if (matchMedia('(min-width: 60em)').matches && !root.classList.contains('large')
      && !CSS.supports('selector(::details-content)')) {
    all('[data-open-wide]').forEach((part) => { part.open = true; });
  }

  // Print.
  all('[data-print]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  });

  // Show a password while it is typed.
  all('[data-shows]').forEach((button) => {
    const field = document.getElementById(button.dataset.shows);
    const [hidden, shown] = [button.textContent, button.dataset.other];
    button.hidden = false;
    button.addEventListener('click', () => {
      const show = field.type === 'password';
      field.type = show ? 'text' : 'password';
      button.textContent = show ? shown : hidden;
      button.setAttribute('aria-pressed', String(show));
    });
    field.form.addEventListener('submit', () => { field.type = 'password'; });
  });

  // Copy a text; where that is not allowed it is marked, to be copied by hand.
  all('[data-copy]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const text = document.getElementById(button.dataset.copy);
      text.select();
      try { await navigator.clipboard.writeText(text.value); } catch { if (!document.execCommand('copy')) return; }
      word(button).textContent = button.dataset.done;
    });
  });

  // Attendance without network: offered where the browser can do it.
  if (window.isSecureContext && 'serviceWorker' in navigator && 'indexedDB' in window && crypto.subtle) {
    all('[data-needs-offline]').forEach((button) => { button.hidden = false; });
  }

  // Signing out sends what a class list on this telephone still holds, and deletes the list.
  all('[data-leave]').forEach((form) => form.addEventListener('submit', async (event) => {
    if (!('indexedDB' in window)) return;
    event.preventDefault();
    try {
      const store = await import(form.dataset.leave);
      await store.leave();
      if (keptStore) await (await import(keptStore)).wipe();
    } catch { /* a private window keeps nothing */ }
    form.submit();
  }));

  // What is kept here to be read without network belongs to one session: on every page of another
  // one, and when nobody is signed in, it goes.
  if (keptStore && 'caches' in window && 'serviceWorker' in navigator) {
    all('[data-needs-worker]').forEach((one) => { one.hidden = false; });
    Promise.all([caches.has('fumin-kept'), navigator.serviceWorker.getRegistrations()]).then(async ([has, workers]) => {
      if (!has && !workers.length && !root.dataset.kept) return;
      const done = await (await import(keptStore)).check(root.dataset);
      all('[data-kept-done]').forEach((one) => { one.hidden = !done; });
    }).catch(() => { /* without network what is kept stays */ });
  }

  // Notices on this screen were asked for by one session too.
  const session = root.dataset.session ?? '';
  if (pushStore && 'PushManager' in window && 'serviceWorker' in navigator) {
    navigator.serviceWorker.getRegistrations().then(async (all) => {
      const other = all.some((one) => /\/me\/push\/\w+\/$/.test(one.scope) && !(session && one.scope.endsWith(`/${session}/`)));
      if (other) await (await import(pushStore)).check(session);
    }).catch(() => { /* the service ends it when it is written to */ });
  }

  // Read aloud: only where the device itself has a Chinese voice. Others send the text away to be
  // spoken, or read Chinese as nothing at all. Voices may be known only after a while.
  const reader = document.querySelector('[data-reader]');
  if (reader && 'speechSynthesis' in window) {
    const known = () => speechSynthesis.getVoices()
      .filter((one) => one.localService && /^(zh|cmn|yue)/i.test(one.lang));
    let begun = false;
    const look = async () => {
      const voices = known();
      if (begun || !voices.length) return;
      begun = true;
      const { begin } = await import(reader.dataset.reader);
      begin(voices.find((one) => /CN|Hans|cmn/i.test(one.lang)) || voices[0]);
    };
    look();
    speechSynthesis.addEventListener?.('voiceschanged', look);
  }

  // A plan is reckoned while it is typed, in whole fen as the server does; sums that are no
  // numbers yet say nothing.
  all('form[data-break-even]').forEach((form) => {
    const result = form.querySelector('[data-result]');
    const amount = (name, scale = 100) => {
      const text = form.elements[name].value.trim();
      const value = Number(text);
      return text && Number.isFinite(value) && value >= 0 ? Math.round(value * scale) : null;
    };
    const reckon = () => {
      const [cost, price, fixed] = ['cost', 'price', 'fixed'].map((name) => amount(name));
      const days = amount('days', 1);
      const expected = amount('expected', 1);
      result.hidden = cost === null || price === null || fixed === null || !days || days > 31;
      if (result.hidden) return;
      const margin = price - cost;
      const enough = margin > 0 || (fixed === 0 && margin === 0);
      const pieces = fixed === 0 ? 0 : Math.ceil(fixed / (margin * days));
      const { enough: words, never, left } = result.dataset;
      const kept = expected === null ? '' : left.replace('{y}', String((expected * days * margin - fixed) / 100));
      result.firstElementChild.textContent = `${enough ? words.replace('{n}', String(pieces)) : never}${kept}`
        .replaceAll('份', form.elements.unit.value.trim() || '份');
    };
    form.addEventListener('input', reckon);
    reckon();
  });

  // Keyboard shortcuts of the staff queue: data-key on a button or link. They can be switched off
  // (WCAG 2.1.4), and they are silent while somebody is typing.
  const memory = {
    get off() { try { return localStorage.getItem('fumin-keys') === 'off'; } catch { return false; } },
    set off(value) { try { localStorage.setItem('fumin-keys', value ? 'off' : 'on'); } catch { /* private window */ } },
  };
  const showKeys = () => {
    root.classList.toggle('no-keys', memory.off);
    all('[data-keys-switch]').forEach((button) => {
      button.dataset.on ??= word(button).textContent;
      word(button).textContent = memory.off ? button.dataset.off : button.dataset.on;
    });
  };
  all('[data-key-hints]').forEach((hints) => { hints.hidden = false; });
  all('[data-keys-switch]').forEach((button) => button.addEventListener('click', () => {
    memory.off = !memory.off;
    showKeys();
  }));
  showKeys();
  document.addEventListener('keydown', (event) => {
    if (memory.off || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.closest('input, textarea, select, [contenteditable]')) return;
    const wanted = event.key.toLowerCase();
    const target = [...all('[data-key]')].find((one) => one.dataset.key.toLowerCase() === wanted);
    if (!target) return;
    event.preventDefault();
    target.click();
  });

  // An open menu closes with Escape and gives the focus back.
  document.addEventListener('keydown', (event) => {
    const open = event.key === 'Escape' && event.target.closest('.menu details[open]');
    if (!open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });
})();
