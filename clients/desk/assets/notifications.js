import { h, useEffect, useState, Action, Icon } from './ui.js';
import { Failures } from './actions.js';

/** Returns the seconds until a time, which count down. */
function useSecondsUntil(instant) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const count = () => setSeconds(Math.max(0, Math.ceil((Date.parse(instant) - Date.now()) / 1_000)));
    count();
    const timer = setInterval(count, 1_000);
    return () => clearInterval(timer);
  }, [instant]);
  return seconds;
}

const clock = seconds => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

/** The notification that the desk displays, and the number of those that wait. */
export function Notifications({ desk: { notifications }, commands }) {
  const [displayed] = notifications;
  if (displayed === undefined) return null;
  return h(Displayed, { key: displayed.notificationId, notification: displayed, waiting: notifications.length - 1, commands });
}

function Displayed({ notification, waiting, commands: { actions, connection } }) {
  const {
    notificationId, title, fields, acceptButtonText, rejectButtonText, showRejectButton, showTimeout, expiresDateTime,
  } = notification;
  const seconds = useSecondsUntil(expiresDateTime);
  const at = `notification:${notificationId}`;
  const busy = name => actions.busy(`${at}:${name}`);
  const answer = name => actions.run(`${at}:${name}`, () => connection.notifications[name](notificationId), null);
  return h('section', { class: 'incoming', 'aria-label': 'Notification' },
    h('header', null,
      h('h2', null, h(Icon, { name: 'requestFocus' }), title),
      showTimeout && h('span', { class: 'fine countdown', role: 'timer' }, clock(seconds)),
      waiting > 0 && h('span', { class: 'fine' }, `${waiting} more ${waiting === 1 ? 'waits' : 'wait'}`)),
    h('dl', null, fields.filter(({ value }) => value).map(({ name, fieldHeader, value }) => h('div', { key: name },
      h('dt', null, fieldHeader ?? name), h('dd', null, value)))),
    h('div', { class: 'choices' },
      showRejectButton && h(Action, { busy: busy('reject'), onClick: () => answer('reject') }, rejectButtonText),
      h(Action, { class: 'primary', busy: busy('accept'), onClick: () => answer('accept') }, acceptButtonText)),
    h(Failures, { actions, at }));
}
