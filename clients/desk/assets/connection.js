import { h, Fragment, useEffect, useRef, useState, Field, Icon } from './ui.js';

// The identity is stored per window, so that two windows can have two users. Tokens are neither stored nor shown.
const KEPT = 'switchboard.identity';
const MOST_EXCHANGES = 200;

/** The client's text for an aborted request. */
export const GIVEN_UP = 'Aborted by the caller.';

const PERMISSIONS = {
  'Sessions.ReadWrite': 'sessions and desk of the user',
  'Sessions.Read': 'the same, read-only',
  'Sessions.ReadWrite.Provider': 'sessions of this provider only, as in CIF',
  'Sessions.ReadWrite.All': 'sessions of any user',
  'Templates.ReadWrite': 'templates and app profiles',
  'Templates.Read': 'the same, read-only',
  'CallRecords.ReadWrite.All': 'call records',
  'CallRecords.Read.All': 'the same, read-only',
};

const ANYONE = {
  kind: 'local',
  user: 'alice',
  tenant: 'local',
  provider: 'desk-page',
  roles: '',
  permissions: ['Sessions.ReadWrite', 'Templates.ReadWrite', 'CallRecords.ReadWrite.All'],
};

/** The API that serves this page; used unless the caller specifies another one. */
export const ownUrl = () => new URL('.', document.baseURI).href.replace(/\/$/, '');

/** The exchanges with the API, newest first, for every component that shows them. */
function exchangesOf() {
  const listeners = new Set();
  const exchanges = {
    list: [],
    add(exchange) {
      if (exchange.watching && exchange.status === 304) return;
      const entry = { ...exchange, key: exchanges.list.length === 0 ? 1 : exchanges.list[0].key + 1, at: new Date() };
      exchanges.list = [entry, ...exchanges.list].slice(0, MOST_EXCHANGES);
      for (const listener of listeners) listener();
    },
    clear() {
      exchanges.list = [];
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return exchanges;
}

export function useExchanges(exchanges) {
  const [list, setList] = useState(exchanges.list);
  useEffect(() => {
    setList(exchanges.list);
    return exchanges.subscribe(() => setList(exchanges.list));
  }, [exchanges]);
  return list;
}

function formOf({ user, tenant, provider, roles, permissions }) {
  const fields = { grant_type: 'client_credentials', user, tenant, provider, roles, scope: permissions.join(' ') };
  return new URLSearchParams(Object.entries(fields).filter(([, value]) => value));
}

/** Sends the token request (RFC 6749 §4.4), the only request that does not use the client. */
async function localToken(identity) {
  let response;
  try {
    response = await fetch(`${ownUrl()}/oauth2/token`, {
      method: 'POST', headers: { accept: 'application/json' }, body: formOf(identity), credentials: 'omit', cache: 'no-store',
    });
  } catch (cause) {
    throw new Error(`${ownUrl()} does not respond (${cause.message}). Check that the local server is running.`, { cause });
  }
  const text = await response.text();
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    body = {};
  }
  if (response.ok && typeof body.access_token === 'string') return body.access_token;
  if (body.error_description) throw new Error(`${body.error_description} (${response.status} ${body.error}).`);
  throw new Error(`${ownUrl()} has no /oauth2/token (${response.status}). Only the local server signs in any user. `
    + 'With a deployed API, paste a token of your identity provider.');
}

/** Returns a shell line that sets $TOKEN for the curl lines; null if the page does not know how to get a token. */
export function tokenLine(identity) {
  if (identity.kind !== 'local') return null;
  const quoted = text => `'${text.replaceAll('\'', '\'\\\'\'')}'`;
  const fields = [...formOf(identity)].map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`);
  return `TOKEN=$(curl -s ${quoted(`${ownUrl()}/oauth2/token`)} -H 'Accept: text/plain' ${fields.join(' ')})`;
}

/** Returns the identity in a token, if it is a JWT. */
function claimsOf(token) {
  try {
    const bytes = Uint8Array.from(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')),
      character => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    const permissions = [claims.scp, claims.scope, claims.roles].flat().filter(value => typeof value === 'string')
      .flatMap(value => value.split(' ')).filter(Boolean);
    return { user: claims.oid ?? claims.sub, tenant: claims.tid, provider: claims.azp ?? claims.appid ?? claims.client_id, permissions };
  } catch {
    return { permissions: null };
  }
}

/** Creates the connection of the signed-in user: `{ identity, connection, exchanges, replaceToken }`. */
function connect(identity, first = null) {
  const exchanges = exchangesOf();
  let next = first;
  // The client calls this again only after the API rejected the token.
  const token = () => {
    const given = next;
    next = null;
    if (given) return given;
    if (identity.kind === 'local') return localToken(identity);
    throw new Error('the API rejects the pasted token. It has expired or belongs to another API. Paste a new token.');
  };
  const connection = Switchboard.configure({
    baseUrl: identity.kind === 'local' ? ownUrl() : identity.baseUrl,
    token,
    onExchange(exchange) {
      exchanges.add(exchange);
      // The watch reports an outage, and may be waiting.
      if (exchange.status === 0 && !exchange.watching && exchange.problem !== GIVEN_UP) connection.refresh();
    },
  });
  return {
    identity,
    connection,
    exchanges,
    replaceToken(pasted) {
      next = pasted;
      connection.refresh();
    },
  };
}

/** Returns the identity from before this window was reloaded, or null. A pasted token is not stored and must be pasted again. */
export function resume() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
  return kept?.kind === 'local' ? connect(kept) : null;
}

async function signIn(identity, token) {
  const first = identity.kind === 'local' ? await localToken(identity) : token;
  const signedIn = connect(identity.kind === 'local' ? identity : { ...identity, ...claimsOf(token) }, first);
  sessionStorage.setItem(KEPT, JSON.stringify(identity));
  return signedIn;
}

export function signOut({ connection }) {
  connection.close();
  sessionStorage.removeItem(KEPT);
}

export function SignIn({ onSignedIn, say }) {
  return h('div', { class: 'sign-in' },
    h('div', { class: 'card' },
      h('div', { class: 'brand' }, h('img', { src: 'assets/icon.svg', alt: '', width: 40, height: 40 }), h('h1', null, 'Switchboard')),
      h('p', { class: 'fine' }, 'Sessions of agent desktops, their templates, and call records.'),
      h(SignInForm, { onSignedIn, say })));
}

/** With `api`, signs in to that API only; otherwise the user enters the address of the API. */
export function SignInForm({ onSignedIn, say, api }) {
  const kept = useRef(JSON.parse(sessionStorage.getItem(KEPT) ?? 'null')).current;
  const [local, setLocal] = useState({ ...ANYONE, ...kept?.kind === 'local' && kept });
  const [deployed, setDeployed] = useState({ kind: 'token', baseUrl: api ?? (kept?.kind === 'token' ? kept.baseUrl : '') });
  const offered = api === undefined || api === ownUrl();
  const [kind, setKind] = useState(offered ? kept?.kind ?? 'local' : 'token');
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const problem = useRef(null);
  useEffect(() => problem.current?.focus(), [error]);

  const submit = async event => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      onSignedIn(await signIn(kind === 'local' ? { ...local, user: local.user.trim() } : deployed, token.trim()));
    } catch (failure) {
      setError(failure);
      say(`Not signed in. ${failure.message}`);
      setBusy(false);
    }
  };

  return h(Fragment, null,
    offered && h('div', { class: 'choice', role: 'group', 'aria-label': 'How to sign in' },
      h('button', { type: 'button', 'aria-pressed': kind === 'local', onClick: () => setKind('local') }, 'As any local user'),
      h('button', { type: 'button', 'aria-pressed': kind === 'token', onClick: () => setKind('token') }, 'With a token')),
    h('form', { onSubmit: submit },
      kind === 'local' ? h(LocalFields, { local, setLocal }) : h(TokenFields, { deployed, setDeployed, token, setToken, readOnly: api !== undefined }),
      error && h('div', { class: 'problem', tabIndex: -1, ref: problem }, h('p', null, error.message)),
      h('button', { type: 'submit', class: 'primary wide', 'aria-disabled': busy, disabled: busy }, busy ? 'Signing in …' : 'Sign in')));
}

function LocalFields({ local, setLocal }) {
  const text = (name, label, hint, more) => h(Field, { label, hint }, attributes => h('input', {
    ...attributes, value: local[name], autocomplete: 'off', spellcheck: false, ...more,
    onInput: event => setLocal({ ...local, [name]: event.currentTarget.value }),
  }));
  const toggle = permission => event => setLocal({
    ...local,
    permissions: Object.keys(PERMISSIONS).filter(name => name === permission ? event.currentTarget.checked
      : local.permissions.includes(name)),
  });
  return [
    text('user', 'User', 'Any name. Each user has a separate desk. Another window can have another user.',
      { required: true, pattern: '.*\\S.*' }),
    h('details', null,
      h('summary', null, 'Tenant, provider, roles, permissions'),
      text('tenant', 'Tenant'),
      text('provider', 'Provider', 'The application that acts. A session belongs to the application that created it.'),
      text('roles', 'Roles', 'Separated by spaces. They select the app profile.'),
      h('fieldset', null,
        h('legend', null, 'Permissions'),
        Object.entries(PERMISSIONS).map(([name, words]) => h('label', { key: name, class: 'check' },
          h('input', { type: 'checkbox', checked: local.permissions.includes(name), onChange: toggle(name) }),
          h('span', null, name, h('span', { class: 'fine' }, words)))))),
  ];
}

function TokenFields({ deployed, setDeployed, token, setToken, readOnly }) {
  return [
    h(Field, { label: 'Address of the API', hint: 'The output ApiUrl of the stack. The API must allow this page\'s origin.' },
      attributes => h('input', {
      ...attributes, type: 'url', required: true, readOnly, value: deployed.baseUrl, placeholder: 'https://…', autocomplete: 'off', spellcheck: false,
      onInput: event => setDeployed({ ...deployed, baseUrl: event.currentTarget.value.trim() }),
    })),
    h(TokenField, { token, setToken }),
  ];
}

function TokenField({ token, setToken }) {
  return h(Field, { label: 'Token',
    hint: 'From your identity provider. It stays in this window\'s memory and is lost when the window is reloaded.' },
    attributes => h('input', {
      ...attributes, type: 'password', required: true, value: token, autocomplete: 'off',
      onInput: event => setToken(event.currentTarget.value),
    }));
}

/** Replaces a pasted token that was rejected. */
export function NewToken({ replaceToken }) {
  const [token, setToken] = useState('');
  const submit = event => {
    event.preventDefault();
    replaceToken(token.trim());
    setToken('');
  };
  return h('form', { class: 'new-token', onSubmit: submit },
    h(TokenField, { token, setToken }), h('button', { type: 'submit' }, h(Icon, { name: 'key' }), 'Use this token'));
}
