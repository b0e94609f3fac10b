import { h, pretty, useEffect, useMemo, useState, Copy, Icon } from './ui.js';
import { GIVEN_UP, tokenLine, useExchanges } from './connection.js';

const OPEN = 'switchboard.requests';
const HEADERS_OF_INTEREST = ['location', 'etag', 'retry-after', 'idempotency-replayed', 'preference-applied', 'allow', 'x-correlation-id',
  'request-id'];

const pathOf = ({ url }) => {
  const { pathname, search } = new URL(url);
  return pathname + search;
};

/** Shortens a long id. Its beginning is enough to distinguish it. */
const short = path => path.replaceAll(/([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '$1…');

const kindOf = ({ status, problem }) => problem === GIVEN_UP ? 'none' : status === 0 || status >= 500 ? 'bad' : status >= 400 ? 'warn'
  : 'good';

/** The page's requests to the API, with curl lines to repeat them. */
export function Requests({ exchanges, identity, say }) {
  const list = useExchanges(exchanges);
  const [open, setOpen] = useState(sessionStorage.getItem(OPEN) === 'open');
  const [filter, setFilter] = useState('');
  const [watching, setWatching] = useState(false);
  const [chosen, setChosen] = useState(null);
  useEffect(() => sessionStorage.setItem(OPEN, open ? 'open' : 'closed'), [open]);
  const actions = useMemo(() => list.filter(exchange => watching || !exchange.watching), [list, watching]);
  const words = filter.trim().toLowerCase();
  const shown = words ? actions.filter(exchange => textOf(exchange).includes(words)) : actions;
  const detail = shown.find(({ key }) => key === chosen) ?? shown[0];
  // One tab stop; the arrow keys move through the list.
  const step = event => {
    const at = shown.indexOf(detail);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (!shown[next]) return;
    event.preventDefault();
    setChosen(shown[next].key);
    event.currentTarget.querySelectorAll('button')[next].focus();
  };
  const last = list.find(exchange => !exchange.watching);
  return h('section', { class: open ? 'requests open' : 'requests', 'aria-label': 'Requests' },
    h('div', { class: 'bar' },
      h('button', { type: 'button', class: 'quiet toggle', 'aria-expanded': open, onClick: () => setOpen(!open) },
        h(Icon, { name: open ? 'down' : 'up' }), 'Requests', h('span', { class: 'count' }, actions.length)),
      !open && last && h('span', { class: 'last' }, h(Line, { exchange: last })),
      open && h('div', { class: 'tools' },
        h('input', {
          type: 'search', 'aria-label': 'Filter requests', placeholder: 'Filter', value: filter,
          onInput: event => setFilter(event.currentTarget.value),
        }),
        h('label', { class: 'check' },
          h('input', { type: 'checkbox', checked: watching, onChange: event => setWatching(event.currentTarget.checked) }),
          'include polling'),
        h('button', { type: 'button', class: 'quiet', onClick: () => exchanges.clear() }, h(Icon, { name: 'delete' }), 'Clear'))),
    open && h('div', { class: 'body' },
      shown.length === 0
        ? h('p', { class: 'empty' },
          words ? 'No request matches.' : 'Your requests appear here, with the responses of the API.')
        : [
          h('ol', { class: 'exchanges', 'aria-label': 'Newest first', onKeyDown: step },
            shown.map(exchange => h('li', { key: exchange.key },
            h('button', {
              type: 'button', 'aria-current': exchange === detail ? 'true' : undefined, tabIndex: exchange === detail ? 0 : -1,
              onClick: () => setChosen(exchange.key),
            }, h(Line, { exchange }))))),
          h(Detail, { key: detail.key, exchange: detail, identity, say }),
        ]));
}

const textOf = ({ method, url, status, requestBody, responseBody }) =>
  [method, url, status, requestBody, responseBody].join(' ').toLowerCase();

function Line({ exchange }) {
  return h('span', { class: 'line' },
    h('span', { class: `method ${exchange.method.toLowerCase()}` }, exchange.method),
    h('span', { class: 'path', title: pathOf(exchange) }, short(pathOf(exchange))),
    exchange.attempt > 1 && h('span', { class: 'attempt' }, `attempt ${exchange.attempt}`),
    h('span', { class: `status ${kindOf(exchange)}` }, exchange.status || (exchange.problem === GIVEN_UP ? 'aborted' : 'no response')),
    h('span', { class: 'time' }, `${exchange.milliseconds} ms`));
}

function Detail({ exchange, identity, say }) {
  const curl = Switchboard.curl(exchange);
  const token = tokenLine(identity);
  const headers = HEADERS_OF_INTEREST.filter(name => exchange.responseHeaders[name]);
  return h('div', { class: 'detail', tabIndex: 0, role: 'region', 'aria-label': `${exchange.method} ${pathOf(exchange)}` },
    h('div', { class: 'part' },
      h('h3', null, 'Request'),
      h('span', { class: 'fine' }, exchange.at.toLocaleTimeString()),
      h(Copy, { text: curl, what: 'curl line', say }),
      token && h(Copy, { text: token, what: 'line that sets $TOKEN', say })),
    h('pre', { class: 'curl' }, curl),
    h('div', { class: 'part' },
      h('h3', null, 'Response'),
      h('span', { class: `status ${kindOf(exchange)}` }, exchange.status || 'none'),
      h('span', { class: 'fine' }, `${exchange.milliseconds} ms`),
      exchange.responseBody && h(Copy, { text: exchange.responseBody, what: 'answer', say })),
    exchange.problem && h('p', { class: 'problem' }, exchange.problem),
    headers.length > 0 && h('dl', { class: 'headers' }, headers.map(name =>
      h('div', { key: name }, h('dt', null, name), h('dd', null, exchange.responseHeaders[name])))),
    exchange.responseBody && h('pre', null, pretty(exchange.responseBody)));
}
