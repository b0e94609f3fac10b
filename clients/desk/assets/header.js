import { h, Icon, Initials } from './ui.js';

export const REFERENCE = 'API reference';

/** The views of the desk page by their names in its URL. */
export const NAMES = { desk: 'Desk', administration: 'Administration', 'call-records': 'Call records' };

/** The header of both pages: navigation and the signed-in user. `current` is the name of a view, or REFERENCE. */
export function Header({ current, identity, onSignIn, onSignOut }) {
  const home = current === REFERENCE ? './' : '';
  return h('header', { class: 'top' },
    h('a', { class: 'product', href: `${home}#/desk` }, h('img', { src: 'assets/icon.svg', alt: '', width: 24, height: 24 }), 'Switchboard'),
    h('nav', { 'aria-label': 'Views' },
      Object.entries(NAMES).map(([name, words]) =>
        h('a', { key: name, href: `${home}#/${name}`, 'aria-current': name === current ? 'page' : undefined }, words)),
      h('a', { href: 'reference.html', 'aria-current': current === REFERENCE ? 'page' : undefined }, REFERENCE)),
    identity ? h(Who, { identity, onSignOut })
      : h('div', { class: 'who' }, h('button', { type: 'button', class: 'quiet', onClick: onSignIn }, h(Icon, { name: 'key' }), 'Sign in')));
}

function Who({ identity, onSignOut }) {
  const who = identity.user ?? 'Owner of the token';
  const where = [identity.tenant && `tenant ${identity.tenant}`, identity.provider && `provider ${identity.provider}`]
    .filter(Boolean).join(', ');
  return h('div', { class: 'who', title: where },
    h(Initials, { of: who }),
    h('span', { class: 'name' }, h('span', { class: 'visually-hidden' }, 'Signed in as '), who,
      where && h('span', { class: 'fine' }, where)),
    h('button', { type: 'button', class: 'quiet', onClick: onSignOut }, h(Icon, { name: 'signOut' }), 'Sign out'));
}
