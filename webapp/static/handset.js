// Puts the portal among the telephone's own programs, where the browser offers it.
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
})();
