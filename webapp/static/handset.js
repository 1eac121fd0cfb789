// The switches of the page of one's telephone: on its desktop, and notices on its screen.
(() => {
  'use strict';
  const button = document.querySelector('[data-install]');
  const done = document.querySelector('[data-installed]');
  let offer = null;

  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer = event;
    button.hidden = false;
  });
  button.addEventListener('click', async () => {
    offer.prompt();
    await offer.userChoice;
    button.hidden = true;  // an offer is good for one time
  });
  window.addEventListener('appinstalled', () => { button.hidden = true; done.hidden = false; });

  const form = document.querySelector('[data-push-form]');
  if (!form || !('PushManager' in window && 'serviceWorker' in navigator && 'Notification' in window)) return;
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      if (await Notification.requestPermission() !== 'granted') throw new Error('refused');
      const push = await import(form.dataset.pushForm);
      const found = await push.subscribe(form.dataset, document.documentElement.dataset.session);
      for (const [name, value] of Object.entries(found)) form.elements[name].value = value;
    } catch {
      document.querySelector('[data-push-refused]').hidden = false;
      return;
    }
    form.submit();
  });
})();
