// Shows on the telephone's screen that something new is there, and opens the messages at a tap.
'use strict';

self.addEventListener('push', (event) => {
  const said = event.data.json();
  event.waitUntil(self.registration.showNotification(said.title, { body: said.body, tag: 'fumin' }));
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(new URL('messages/', self.location.href).href));
});
