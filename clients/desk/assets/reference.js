import {
  h, pretty, render, useCallback, useContext, useEffect, useMemo, useRef, useState, Action, Copy, Dialog, Field, Icon, Problem,
} from './ui.js';
import { SignInForm, NewToken, ownUrl, resume, signOut } from './connection.js';
import { Header, REFERENCE } from './header.js';
import { at, exampleOf, resolved, rulesOf, typeOf, Document, Member, Schema, Words } from './schemas.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** `?api=` selects another API than the one that serves this page. */
const apiUrl = new URLSearchParams(location.search).get('api')?.replace(/\/$/, '') ?? ownUrl();

const PLACES = ['path', 'query', 'header'];

/** All operations in the document's order, each with the members of its path. */
function operationsOf(api) {
  const [{ url: base }] = api.servers;
  return Object.entries(api.paths).flatMap(([path, item]) => METHODS.filter(method => item[method]).map(method => {
    const operation = item[method];
    return {
      ...operation,
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      tag: operation.tags[0],
      parameters: [...operation.parameters ?? [], ...item.parameters ?? []].map(parameter => resolved(api, parameter))
        .sort((one, other) => PLACES.indexOf(one.in) - PLACES.indexOf(other.in)),
      roots: (item.servers ?? []).map(({ url }) => url.startsWith(base) ? url.slice(base.length) : url),
      permissions: operation.security.flatMap(requirement => Object.values(requirement).flat()),
    };
  }));
}

function useHash() {
  const [hash, setHash] = useState(location.hash.slice(1));
  useEffect(() => {
    const follow = () => setHash(location.hash.slice(1));
    addEventListener('hashchange', follow);
    // The address may have changed since the first render.
    follow();
    return () => removeEventListener('hashchange', follow);
  }, []);
  return hash;
}

function useApi() {
  const [api, setApi] = useState(null);
  const [error, setError] = useState(null);
  const load = useCallback(async () => {
    setError(null);
    try {
      const response = await fetch(`${apiUrl}/openapi.json`, { credentials: 'omit' });
      if (!response.ok) throw new Error(`status ${response.status}`);
      setApi(await response.json());
    } catch (cause) {
      setError({
        code: 'unreachable',
        message: `${apiUrl}/openapi.json cannot be read (${cause.message}). `
          + 'The API is unavailable, or it does not allow this page\'s origin (CORS).',
      });
    }
  }, []);
  useEffect(() => void load(), []);
  return { api, error, load };
}

function App() {
  const { api, error, load } = useApi();
  const [signedIn, setSignedIn] = useState(() => apiUrl === ownUrl() ? resume() : null);
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState('');
  const id = useHash();
  const operations = useMemo(() => api === null ? [] : operationsOf(api), [api]);
  const operation = operations.find(one => one.id === id);
  const main = useRef(null);
  const before = useRef(id);
  useEffect(() => {
    document.title = `${operation ? operation.summary : 'API reference'} · Switchboard`;
    main.current.scrollTop = 0;
    if (before.current !== id) main.current.focus({ preventScroll: true });
    before.current = id;
  }, [operation, id]);
  const enter = next => {
    setSignedIn(next);
    setAsking(false);
    setSaid('Signed in.');
  };
  const leave = () => {
    signOut(signedIn);
    setSignedIn(null);
    setSaid('Signed out.');
  };
  const skip = event => {
    event.preventDefault();
    main.current.focus();
  };
  return h(Document.Provider, { value: api },
    h('div', { class: 'shell reference' },
      h('a', { class: 'skip', href: '#content', onClick: skip }, 'Skip to content'),
      h(Header, { current: REFERENCE, identity: signedIn?.identity, onSignIn: () => setAsking(true), onSignOut: leave }),
      h('div', { class: 'reference-columns' },
        h(Contents, { operations, tags: api?.tags ?? [], current: id }),
        h('main', { id: 'content', tabIndex: -1, ref: main },
          h(Problem, { error, onRetry: load }),
          api === null && error === null && h('p', { class: 'empty' }, 'Reading the API\'s description …'),
          api !== null && (operation
            ? h(Operation, { key: operation.id, operation, signedIn, onSignIn: () => setAsking(true), say: setSaid })
            : h(Overview, { api, operations, unknown: id })))),
      asking && h(Dialog, { title: 'Sign in to try it', onClose: () => setAsking(false) },
        h('div', { class: 'sign-in' }, h(SignInForm, { onSignedIn: enter, say: setSaid, api: apiUrl })),
        h('button', { type: 'button', class: 'quiet wide', onClick: () => setAsking(false) }, 'Cancel')),
      h('div', { class: 'visually-hidden', role: 'status' }, said)));
}

function Contents({ operations, tags, current }) {
  const [filter, setFilter] = useState('');
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = operations.filter(one => {
    const text = `${one.id} ${one.method} ${one.path} ${one.summary} ${one.permissions.join(' ')}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
  const list = useRef(null);
  useEffect(() => list.current.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }), [operations, current]);
  return h('nav', { class: 'contents', 'aria-label': 'Operations', ref: list },
    h('div', { class: 'filter' }, h(Field, { label: 'Find an operation', hint: `${shown.length} of ${operations.length}` }, attributes =>
      h('input', {
        ...attributes, type: 'search', value: filter, placeholder: 'path, name or permission',
        onInput: event => setFilter(event.currentTarget.value),
      }))),
    tags.map(({ name }) => {
      const ofTag = shown.filter(({ tag }) => tag === name);
      return ofTag.length > 0 && h('section', { key: name },
        h('h2', null, name),
        h('ul', null, ofTag.map(one => h('li', { key: one.id },
          h('a', { href: `#${one.id}`, 'aria-current': one.id === current ? 'page' : undefined },
            h(Method, { method: one.method }), h('span', { class: 'words' }, one.summary, h('code', null, one.path)))))));
    }));
}

const Method = ({ method }) => h('span', { class: `method ${method.toLowerCase()}` }, method);

function Overview({ api, operations, unknown }) {
  const permissions = [...new Set(operations.flatMap(one => one.permissions))].sort();
  const scheme = Object.values(api.components.securitySchemes)[0];
  return h('article', null,
    h('h1', null, `${api.info.title} API`),
    unknown && h('p', { role: 'status' }, 'The operation ', h('code', null, unknown), ' does not exist.'),
    h('p', null, api.info.description),
    h('dl', { class: 'facts' },
      h('dt', null, 'Address'), h('dd', null, h('code', null, api.servers[0].url)),
      h('dt', null, 'Version'), h('dd', null, api.info.version),
      h('dt', null, 'OpenAPI'), h('dd', null, h('a', { href: `${apiUrl}/openapi.json` }, 'openapi.json'), `, ${api.openapi}`),
      h('dt', null, 'Token'),
      h('dd', null, `${scheme.type} ${scheme.scheme ?? ''}: `, scheme.description && h(Words, { text: scheme.description })),
      h('dt', null, 'Operations'), h('dd', null, operations.length)),
    h('h2', null, 'Permissions'),
    h('ul', null, permissions.map(permission => h('li', { key: permission },
      h('code', null, permission), ` opens ${operations.filter(one => one.permissions.includes(permission)).length}`))));
}

function Operation({ operation, signedIn, onSignIn, say }) {
  const api = useContext(Document);
  const body = operation.requestBody && resolved(api, operation.requestBody);
  const responses = Object.entries(operation.responses);
  return h('article', null,
    h('h1', null, operation.summary),
    h('p', { class: 'route' }, h(Method, { method: operation.method }), ' ', h('code', null, operation.path),
      operation.roots.some(Boolean) && h('span', { class: 'fine' }, ` · below ${operation.roots.map(root => root || 'the root').join(', ')}`)),
    operation.description && h('p', null, h(Words, { text: operation.description })),
    h('p', { class: 'fine' }, operation.permissions.length > 0
      ? ['Requires ', operation.permissions.map((permission, index) => [index > 0 && ' or ', h('code', null, permission)]), '.']
      : 'Requires no token.'),
    operation.parameters.length > 0 && h('section', null,
      h('h2', null, 'Parameters'),
      h('ul', { class: 'members' }, operation.parameters.map(parameter => h(Member, {
        key: parameter.name, name: parameter.name, schema: parameter.schema, required: parameter.required,
        description: `${parameter.in === 'path' ? '' : `${parameter.in} · `}${parameter.description ?? ''}`,
      })))),
    body && h('section', null,
      h('h2', null, 'Body'),
      Object.entries(body.content).map(([type, { schema }], index) => h('div', { key: type },
        h('p', { class: 'fine' }, h('code', null, type), ' ', schema ? typeOf(schema) : 'a file', !body.required && ', optional'),
        index === 0 && h(Schema, { schema, opened: true })))),
    h(Try, { operation, body, signedIn, onSignIn, say }),
    h('section', null,
      h('h2', null, 'Responses'),
      responses.map(([status, reference]) => h(Answer, { key: status, status, response: resolved(api, reference), open: status < '300' }))));
}

function Answer({ status, response, open: first }) {
  const api = useContext(Document);
  const [open, setOpen] = useState(first);
  const headers = Object.entries(response.headers ?? {}).map(([name, header]) => [name, resolved(api, header)]);
  const content = Object.entries(response.content ?? {});
  return h('details', { class: 'answer', open, onToggle: event => setOpen(event.currentTarget.open) },
    h('summary', null, h('span', { class: `status s${status[0]}` }, status), ' ', response.description),
    open && h('div', null,
      content.map(([type, { schema }]) => h('div', { key: type },
        h('p', { class: 'fine' }, h('code', null, type), schema && ` ${typeOf(schema)}`), schema && h(Schema, { schema }))),
      content.length === 0 && h('p', { class: 'fine' }, 'No body.'),
      headers.length > 0 && h('details', null,
        h('summary', null, 'Headers'),
        h('ul', { class: 'members' }, headers.map(([name, header]) =>
          h(Member, { key: name, name, schema: header.schema, description: header.description }))))));
}

/** Two parameters may share a name if one is, for example, a header and the other a query parameter. */
const keyOf = ({ in: where, name }) => `${where} ${name}`;

/** Converts the parameters to a path with a query, and headers. */
function addressOf(operation, values) {
  const query = new URLSearchParams();
  const headers = {};
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const { name, in: where } = parameter;
    const value = values[keyOf(parameter)] ?? '';
    if (where === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value));
    if (where === 'query' && value !== '') query.set(name, value);
    if (where === 'header' && value !== '') headers[name] = value;
  }
  return { path: (values['(root)'] ?? operation.roots[0] ?? '') + path + (query.size > 0 ? `?${query}` : ''), headers };
}

function Try({ operation, body, signedIn, onSignIn, say }) {
  const api = useContext(Document);
  const types = Object.keys(body?.content ?? {});
  const [type, setType] = useState(types[0]);
  const [values, setValues] = useState({});
  const [text, setText] = useState(() => {
    const media = body?.content[type];
    return media ? JSON.stringify(media.example ?? exampleOf(api, media.schema), null, 2) : '';
  });
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState(null);
  const set = name => event => setValues({ ...values, [name]: event.currentTarget.value });
  const isAbsent = !body || (!body.required && text.trim() === '');
  let problem = null;
  try {
    if (!isAbsent) JSON.parse(text);
  } catch (cause) {
    problem = cause.message;
  }

  const submit = async event => {
    event.preventDefault();
    if (problem !== null) return;
    setBusy(true);
    setOutcome(null);
    const exchanges = signedIn.exchanges.list;
    const { path, headers } = addressOf(operation, values);
    const options = isAbsent ? { headers } : { body: JSON.parse(text), headers: { ...headers, 'Content-Type': type } };
    let error = null;
    try {
      await signedIn.connection.send(operation.method, path, options);
    } catch (failure) {
      error = failure;
    }
    // The last attempt. Null if the request could not be sent.
    const exchange = signedIn.exchanges.list.find(one => !one.watching && !exchanges.includes(one)) ?? null;
    setOutcome({ exchange, error });
    say(exchange === null || exchange.status === 0 ? `No response: ${error?.message}` : `Response ${exchange.status}.`);
    setBusy(false);
  };

  const field = parameter => {
    const key = keyOf(parameter);
    return h(Parameter, { key, parameter, value: values[key] ?? '', onChange: set(key) });
  };
  // These are rarely needed.
  const isAside = ({ in: where, required }) => where === 'header' && !required;
  const aside = operation.parameters.filter(isAside);
  const isRefused = outcome?.error?.errorCode === 401 || outcome?.error?.code === 'tokenUnavailable';
  return h('section', { class: 'try' },
    h('h2', null, 'Try it'),
    signedIn === null
      ? h('p', { class: 'sign-in-first' },
        h('button', { type: 'button', class: 'primary', onClick: onSignIn }, h(Icon, { name: 'key' }), 'Sign in'),
        h('span', null, 'Requests are sent to ', h('code', null, apiUrl), ' as the signed-in user.'))
      : h('form', { onSubmit: submit },
        operation.roots.length > 1 && h(Field, { label: 'Root path' }, attributes =>
          h('select', { ...attributes, value: values['(root)'] ?? operation.roots[0], onChange: set('(root)') },
            operation.roots.map(root => h('option', { key: root, value: root }, root || 'the root')))),
        operation.parameters.filter(parameter => !isAside(parameter)).map(field),
        aside.length > 0 && h('details', null, h('summary', null, 'Headers'), aside.map(field)),
        types.length > 1 && h(Field, { label: 'Type of the body' }, attributes =>
          h('select', { ...attributes, value: type, onChange: event => setType(event.currentTarget.value) },
            types.map(one => h('option', { key: one, value: one }, one)))),
        body && h(Field, {
          label: body.required ? 'Body' : 'Body (optional)',
          problems: problem === null ? [] : [{ message: `The body is not valid JSON: ${problem}` }],
        }, attributes => h('textarea', {
          ...attributes, value: text, rows: Math.min(24, text.split('\n').length + 1), spellcheck: false,
          onInput: event => setText(event.currentTarget.value),
        })),
        h(Action, { busy, disabled: problem !== null, type: 'submit', class: 'primary' }, 'Send')),
    outcome && h(Outcome, { outcome, say }),
    isRefused && signedIn?.identity.kind === 'token' && h(NewToken, { replaceToken: signedIn.replaceToken }));
}

function Parameter({ parameter: { name, in: where, required, schema, description }, value, onChange }) {
  const api = useContext(Document);
  const choices = choicesOf(api, schema);
  const hint = [where === 'query' && where, description, ...rulesOf(behind(api, schema))].filter(Boolean).join(' · ');
  return h(Field, { label: required ? name : `${name} (optional)`, hint }, attributes => choices
    ? h('select', { ...attributes, value, required, onChange },
      h('option', { value: '' }, ''), choices.map(choice => h('option', { key: choice, value: choice }, choice)))
    : h('input', { ...attributes, value, required, autocomplete: 'off', spellcheck: false, onInput: onChange }));
}

/** A parameter's schema with its references resolved. */
const behind = (api, schema) => schema.$ref ? { ...at(api, schema.$ref), ...schema } : schema;

function choicesOf(api, schema) {
  const { enum: values, type } = behind(api, schema);
  return values ?? (type === 'boolean' ? ['true', 'false'] : null);
}

function Outcome({ outcome: { exchange, error }, say }) {
  const answered = exchange !== null && exchange.status > 0;
  return h('div', { class: 'outcome' },
    h(Problem, { error }),
    exchange !== null && h('div', null,
      h('div', { class: 'request-head' }, h('h3', null, 'Request'), h(Copy, { text: Switchboard.curl(exchange), what: 'curl line', say })),
      h(Text, { name: 'Request', text: Switchboard.curl(exchange) }),
      exchange.attempt > 1 && h('p', { class: 'fine' }, `Sent ${exchange.attempt} times.`),
      answered && h('h3', null, 'Response ', h('span', { class: `status s${String(exchange.status)[0]}` }, exchange.status),
        ` in ${exchange.milliseconds} ms`),
      answered && exchange.responseBody !== '' && h(Text, { name: 'Response body', text: pretty(exchange.responseBody) }),
      answered && h('details', null, h('summary', null, 'Headers'), h(Text, {
        name: 'Response headers',
        text: Object.entries(exchange.responseHeaders).map(([name, value]) => `${name}: ${value}`).join('\n'),
      }))));
}

/** A scrollable text that the keyboard can scroll too. */
function Text({ name, text }) {
  return h('pre', { tabIndex: 0, role: 'region', 'aria-label': name }, text);
}

render(h(App), document.getElementById('app'));
