import { h, render, useCallback, useEffect, useRef, useState, ErrorBoundary, Icon } from './ui.js';
import { SignIn, NewToken, resume, signOut } from './connection.js';
import { Header, NAMES } from './header.js';
import { Requests } from './requests.js';
import { Desk } from './desk.js';
import { Administration } from './administration.js';
import { CallRecords } from './call-records.js';

const VIEWS = { desk: Desk, administration: Administration, 'call-records': CallRecords };

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** `#/call-records/abc` is the view call-records with the path ['abc']. */
function addressOf(hash) {
  const [name, ...path] = hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decoded);
  return { name: name ?? 'desk', path };
}

function useAddress() {
  const first = useRef(location.hash);
  const [address, setAddress] = useState(() => addressOf(first.current));
  useEffect(() => {
    const follow = () => setAddress(addressOf(location.hash));
    addEventListener('hashchange', follow);
    // The address may have changed since the first render.
    if (location.hash !== first.current) follow();
    return () => removeEventListener('hashchange', follow);
  }, []);
  return address;
}

/** One polite live region. Announcements are appended, so that they do not replace each other. */
function useSaying() {
  const [said, setSaid] = useState([]);
  const say = useCallback(text => setSaid(old => [...old.slice(-3), { text, key: (old.at(-1)?.key ?? 0) + 1 }]), []);
  return [h('div', { class: 'visually-hidden', role: 'status', 'aria-atomic': 'false' },
    said.map(({ text, key }) => h('p', { key }, text))), say];
}

function App() {
  const [signedIn, setSignedIn] = useState(() => resume());
  const [live, say] = useSaying();
  const enter = next => {
    setSignedIn(next);
    say(`Signed in as ${next.identity.user ?? 'the owner of the token'}.`);
  };
  const leave = () => {
    signOut(signedIn);
    setSignedIn(null);
    say('Signed out.');
  };
  return [
    signedIn ? h(Shell, { signedIn, say, onSignOut: leave }) : h('main', { class: 'entrance' }, h(SignIn, { onSignedIn: enter, say })),
    live,
  ];
}

function Shell({ signedIn, say, onSignOut }) {
  const { identity, connection, exchanges } = signedIn;
  const { name, path } = useAddress();
  const main = useRef(null);
  const title = NAMES[name] ?? 'Not found';
  const view = VIEWS[name] ?? NotFound;
  useEffect(() => {
    document.title = `${title} · Switchboard`;
  }, [title]);
  useEffect(() => main.current.focus({ preventScroll: true }), [name]);
  const skip = event => {
    event.preventDefault();
    main.current.focus();
  };
  return h('div', { class: 'shell' },
    h('a', { class: 'skip', href: '#main', onClick: skip }, 'Skip to content'),
    h(Header, { identity, current: name, onSignOut }),
    h(Banner, { signedIn, say }),
    h('main', { id: 'main', class: `view ${name}-view`, tabIndex: -1, ref: main },
      h('h1', { class: 'visually-hidden' }, title),
      h(ErrorBoundary, { key: name }, h(view, { connection, say, path }))),
    h(Requests, { exchanges, identity, say }));
}

function NotFound() {
  return h('p', { class: 'empty' }, 'This view does not exist. ', h('a', { href: '#/desk' }, 'Go to the desk.'));
}

const mayRead = ({ permissions }) => !permissions || permissions.some(permission => permission.startsWith('Sessions.'));

/** A banner in every view if the API is unreachable or rejects the token. Errors of one session appear at the session. */
function Banner({ signedIn, say }) {
  const { identity, connection, replaceToken } = signedIn;
  const [problem, setProblem] = useState(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!mayRead(identity)) return undefined;
    let before = null;
    let seen = false;
    return connection.watchDesk(() => seen = true, error => {
      const general = error !== null && (error.errorCode === 0 || error.errorCode === 401 || error.errorCode === 429
        || error.errorCode >= 500);
      const next = general ? { error, since: before?.since ?? (seen ? new Date() : null) } : null;
      if (before !== null && next === null) say('The API is available again.');
      setOver(before !== null && next === null);
      before = next;
      setProblem(next);
    });
  }, [connection]);
  useEffect(() => {
    if (!over) return undefined;
    const timer = setTimeout(() => setOver(false), 8000);
    return () => clearTimeout(timer);
  }, [over]);
  if (problem === null) {
    return over ? h('div', { class: 'banner good' }, h(Icon, { name: 'check' }), h('p', null, 'The API is available again.')) : null;
  }
  const { error, since } = problem;
  const refused = error.errorCode === 401 || error.code === 'tokenUnavailable' && identity.kind === 'token';
  const words = refused ? 'The token was rejected.' : error.code === 'tokenUnavailable' ? 'A token could not be fetched.'
    : error.errorCode === 429 ? 'Too many requests.'
    : error.errorCode >= 500 ? 'The API returns errors.' : 'The API does not respond.';
  return h('div', { class: 'banner bad', role: 'alert' },
    h(Icon, { name: 'warning' }),
    h('div', null,
      h('p', null, h('strong', null, words), since && ` The page shows the state at ${since.toLocaleTimeString()}.`),
      h('p', { class: 'fine' }, error.message),
      refused && identity.kind === 'token' && h(NewToken, { replaceToken })),
    h('button', { type: 'button', onClick: () => connection.refresh() }, h(Icon, { name: 'refresh' }), 'Try now'));
}

render(h(App), document.getElementById('app'));
