import { h, Fragment, useState, useEffect, useMemo, useRef, Problem, Field, problemsOf } from './ui.js';
import { useLoad, usePages, Instant } from './loading.js';
import { beyond, classify, figureWords, nameWords, qualityOf } from './call-quality.js';
import { exampleCallRecord } from './example-call-record.js';

const root = '/communications/callRecords';

// An id with a slash would be split in two path segments.
function addressOf(id) {
  if (!/\/|^[~$]/.test(id)) return encodeURIComponent(id);
  const bytes = String.fromCharCode(...new TextEncoder().encode(id));
  return `~${btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}
const hrefOf = id => `#/call-records/${encodeURIComponent(id)}`;

export function CallRecords({ connection, say, path: [id] }) {
  return h('div', { class: 'call-records' }, id === undefined ? h(List, { connection, say }) : h(Record, { key: id, connection, say, id }));
}

// Times

const milliseconds = ({ startDateTime, endDateTime }) => Date.parse(endDateTime) - Date.parse(startDateTime);

function durationWords(length) {
  if (length < 0) return `ends ${durationWords(-length)} before its start`;
  if (length < 1000) return `${length} ms`;
  const seconds = Math.round(length / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  return [[days, 'd'], [hours, 'h'], [minutes, 'min'], [seconds % 60, 's']].filter(([count]) => count > 0).slice(0, 2)
    .map(([count, unit]) => `${count} ${unit}`).join(' ');
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const clockWithoutSeconds = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

function Clock({ value }) {
  return h('time', { dateTime: value, title: value }, clock.format(new Date(value)));
}

function zoneWords(instant) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const offset = new Intl.DateTimeFormat('en', { timeZoneName: 'longOffset' }).formatToParts(new Date(instant))
    .find(({ type }) => type === 'timeZoneName').value.replace('GMT', 'UTC');
  return zone === 'UTC' ? zone : `${zone} (${offset})`;
}

// The list

const spans = [['Last 24 hours', 86400000], ['Last 7 days', 7 * 86400000], ['Last 30 days', 30 * 86400000]];
// The format of <input type="datetime-local">: local time without a zone.
const localInput = instant => new Date(instant - new Date(instant).getTimezoneOffset() * 60000).toISOString().slice(0, 16);

function filterOf({ from, to, participant }) {
  return [
    from && `startDateTime ge ${new Date(from).toISOString()}`,
    to && `startDateTime lt ${new Date(to).toISOString()}`,
    participant && `participants_v2/any(p:p/id eq '${participant.replaceAll('\'', '\'\'')}')`,
  ].filter(Boolean).join(' and ');
}

const everything = { from: '', to: '', participant: '' };

function List({ connection, say }) {
  const [asked, setAsked] = useState(everything);
  const [typed, setTyped] = useState(everything);
  const filter = filterOf(asked);
  const list = usePages(connection, filter ? `${root}?$filter=${encodeURIComponent(filter)}` : root);
  const set = name => event => setTyped({ ...typed, [name]: event.currentTarget.value });
  const ask = values => {
    setTyped(values);
    setAsked({ ...values, participant: values.participant.trim() });
  };
  const found = !list.loading && !list.error && !list.next && list.items.length === 0;
  return h(Fragment, null,
    h('h2', null, 'Call records'),
    h('form', {
      class: 'filters', role: 'search', 'aria-label': 'Find call records', onSubmit: event => {
        event.preventDefault();
        ask(typed);
      },
    },
    h(Field, { label: 'Started at or after' }, attributes =>
      h('input', { ...attributes, type: 'datetime-local', value: typed.from, onInput: set('from') })),
    h(Field, { label: 'Started before' }, attributes =>
      h('input', { ...attributes, type: 'datetime-local', value: typed.to, onInput: set('to') })),
    h(Field, { label: 'Participant\'s id', problems: problemsOf(list.error, '$filter') }, attributes =>
      h('input', { ...attributes, type: 'text', autocomplete: 'off', spellcheck: false, value: typed.participant,
        onInput: set('participant') })),
    h('button', { type: 'submit', class: 'primary' }, 'Find'),
    h('span', { class: 'spans' },
      spans.map(([label, length]) => h('button', {
        key: label, type: 'button', class: 'quiet', onClick: () => ask({ ...typed, from: localInput(Date.now() - length), to: '' }),
      }, label)),
      h('button', { type: 'button', class: 'quiet', onClick: () => ask(everything) }, 'All'))),
    h(Problem, { error: list.error, onRetry: () => list.next && list.items.length > 0 ? list.more() : list.reload() }),
    list.items.length > 0 && h('table', { class: 'list' },
      h('caption', null, `Earliest first. Times are in ${zoneWords(Date.now())}.`),
      h('thead', null, h('tr', null, ['Start', 'Duration', 'Type', 'Modalities', 'Organizer',
        'Version'].map(name => h('th', { scope: 'col' }, name)))),
      h('tbody', null, list.items.map(record => h('tr', { key: record.id },
        h('th', { scope: 'row' }, h('a', { href: hrefOf(record.id) }, h(Instant, { value: record.startDateTime }))),
        h('td', null, durationWords(milliseconds(record))), h('td', null, nameWords(record.type)),
        h('td', null, record.modalities.map(nameWords).join(', ')), h('td', null, organizerWords(record)),
          h('td', null, record.version))))),
    h('p', { class: 'fine', role: 'status' }, list.loading ? 'Loading …' : list.items.length > 0
      ? `${list.items.length} call ${list.items.length === 1 ? 'record' : 'records'}${list.next ? ' so far' : ''}` : ''),
    list.next && !list.error && h('button', { type: 'button', disabled: list.loading, onClick: () => list.more() }, 'More'),
    found && (filter
      ? h('p', { class: 'empty' }, 'No call record matches.')
      : h('div', { class: 'empty' },
        h('p', null, 'No call records yet.'),
        h(StoreExample, { connection, say }))));
}

function StoreExample({ connection, say }) {
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const store = async () => {
    setBusy(true);
    setError(null);
    try {
      const { body } = await connection.send('POST', root, { body: exampleCallRecord() });
      say('An example was stored.');
      location.hash = hrefOf(body.id);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return h(Fragment, null,
    h('button', { type: 'button', class: 'primary', disabled: busy, onClick: store }, 'Store an example'),
    h('p', { class: 'fine' }, 'Two sessions of a fictitious call, with segments, media and quality figures in the format of Microsoft Graph.'),
    h(Problem, { error, onRetry: store }));
}

// Identities

const identityOf = set => set && Object.values(set).find(identity => identity && typeof identity === 'object'
  && (identity.displayName || identity.id));
const identityWords = identity => identity?.displayName ?? identity?.userPrincipalName ?? identity?.id;

function organizerWords({ organizer_v2: organizer, organizer: old }) {
  return identityWords(identityOf(organizer?.identity)) ?? organizer?.id ?? identityWords(identityOf(old)) ?? 'unknown';
}

function endpointWords(endpoint) {
  return identityWords(endpoint?.associatedIdentity) ?? identityWords(identityOf(endpoint?.identity))
    ?? (endpoint?.userAgent?.role ? nameWords(endpoint.userAgent.role) : null) ?? endpoint?.name ?? endpoint?.userAgent?.headerValue
      ?? 'unknown';
}

function agentWords(endpoint) {
  const agent = endpoint?.userAgent;
  return [endpoint?.name, agent?.headerValue, agent?.platform, agent?.role && nameWords(agent.role)].filter(Boolean).join(', ');
}

const pairWords = ({ caller, callee }) => `${endpointWords(caller)} → ${endpointWords(callee)}`;
const failureWords = failure => [failure.stage && nameWords(failure.stage), failure.reason].filter(Boolean).join(': ');

// One record

function Record({ connection, say, id }) {
  const address = `${root}/${addressOf(id)}`;
  const stored = useLoad(signal => connection.send('GET', address, { signal }), [connection, address]);
  const back = h('p', null, h('a', { href: '#/call-records' }, '← All call records'));
  if (!stored.value) {
    return h(Fragment, null, back, stored.error ? h(Problem, { error: stored.error, onRetry: stored.reload })
      : h('p', { role: 'status' }, 'Loading …'));
  }
  const record = stored.value.body;
  return h(Fragment, null, back,
    h('h2', null, `${nameWords(record.type)}, `, h(Instant, { value: record.startDateTime })),
    h('dl', { class: 'facts across' },
      h(Fact, { label: 'Duration' }, durationWords(milliseconds(record))),
      h(Fact, { label: 'Modalities' }, record.modalities.map(nameWords).join(', ')),
      h(Fact, { label: 'Organizer' }, organizerWords(record)),
      h(Fact, { label: 'Version' }, record.version === 0 ? '0: created by its sessions' : record.version),
      h(Fact, { label: 'Last modified' }, h(Instant, { value: record.lastModifiedDateTime })),
      h(Fact, { label: 'Id' }, h('code', null, record.id)),
      // The text is untrusted, so only an https URL becomes a link.
      record.joinWebUrl && h(Fact, { label: 'Join web URL' }, /^https:\/\//i.test(record.joinWebUrl)
        ? h('a', { href: record.joinWebUrl, rel: 'noreferrer' }, record.joinWebUrl) : record.joinWebUrl)),
    h(Participants, { connection, address }),
    h(Sessions, { connection, say, address, record }));
}

function Fact({ label, children }) {
  return h('div', null, h('dt', null, label), h('dd', null, children));
}

function Participants({ connection, address }) {
  const list = usePages(connection, `${address}/participants_v2`);
  return h('section', { 'aria-label': 'Participants', class: 'participants' },
    h('h3', null, 'Participants'),
    h(Problem, { error: list.error, onRetry: () => list.items.length > 0 ? list.more() : list.reload() }),
    list.items.length > 0 && h('ul', null, list.items.map(({ id, identity }) => h('li', { key: id, title: id },
      identityWords(identityOf(identity)) ?? id))),
    list.next && !list.error && h('button', { type: 'button', disabled: list.loading, onClick: () => list.more() }, 'More participants'),
    !list.loading && !list.error && !list.next && list.items.length === 0 && h('p', { class: 'fine' }, 'No participants are reported.'));
}

const pageSize = 60;
const kindsOfSession = {
  all: { words: 'all', test: () => true },
  failed: { words: 'failed', test: session => Boolean(session.failureInfo) || session.segments.some(({ failureInfo }) => failureInfo) },
  poor: { words: 'of poor quality', test: session => session.segments.some(segment => qualityOf(segment) === 'poor') },
};

function Sessions({ connection, say, address, record }) {
  const list = usePages(connection, `${address}/sessions?$expand=segments`);
  const [shownKind, setShownKind] = useState('all');
  const [page, setPage] = useState(0);
  const [selected, setSelected] = useState(null);
  const [loadingAll, setLoadingAll] = useState(false);
  const all = useRef(false);
  // The API lists sessions by id. They are sorted by start only after all of them are loaded, because a later page would change the
  // numbers of the sessions that the user is looking at.
  const complete = !list.next;
  const numbered = useMemo(() => {
    const sessions = list.items.map((session, place) => ({ ...session, segments: session.segments ?? [], place }));
    if (complete) sessions.sort((a, b) => Date.parse(a.startDateTime) - Date.parse(b.startDateTime) || a.place - b.place);
    return sessions.map((session, index) => ({ ...session, number: index + 1 }));
  }, [list.items, complete]);
  const matching = useMemo(() => numbered.filter(kindsOfSession[shownKind].test), [numbered, shownKind]);
  const shown = matching.slice(page * pageSize, (page + 1) * pageSize);
  const from = page * pageSize + 1;
  const last = Math.min(matching.length, (page + 1) * pageSize);
  useEffect(() => () => { all.current = false; }, []);

  const next = async () => {
    if ((page + 1) * pageSize >= matching.length && list.next && !await list.more()) return;
    setPage(page + 1);
    setSelected(null);
  };
  const loadAll = async () => {
    all.current = true;
    setLoadingAll(true);
    for (let loaded = list; loaded?.next && all.current;) loaded = await list.more(loaded);
    setLoadingAll(false);
    setSelected(null);
  };
  const stop = () => {
    all.current = false;
    setLoadingAll(false);
  };
  const select = (session, index, told) => {
    setSelected({ number: session.number, index, focus: !told });
    if (told) say(`Segment ${index + 1} of session ${session.number} is shown below the timeline.`);
  };
  const moreSegments = async session => {
    const { body } = await connection.send('GET', session['segments@odata.nextLink']);
    list.change(items => items.map((item, index) => index !== session.place ? item : {
      ...item, segments: [...item.segments, ...body.value], 'segments@odata.nextLink': body['@odata.nextLink'],
    }));
  };
  const session = selected && numbered[selected.number - 1];
  return h('section', { 'aria-label': 'Sessions' },
    h('div', { class: 'head' },
      h('h3', null, 'Sessions and segments'),
      numbered.length > 0 && h('label', { class: 'kind-of-session' }, 'Show ', h('select', {
        value: shownKind, onChange: event => {
          setShownKind(event.currentTarget.value);
          setPage(0);
          setSelected(null);
        },
      }, Object.entries(kindsOfSession).map(([value, { words }]) => h('option', { value }, words))))),
    shown.length > 0 && h(Fragment, null,
      h(Timeline, { record, sessions: shown, selected, onSelect: (chosen, index) => select(chosen, index, true) }),
      h(Legend, null)),
    h(Problem, { error: list.error, onRetry: () => list.items.length > 0 ? list.more() : list.reload() }),
    h('div', { class: 'paging' },
      h('span', { role: 'status' }, list.loading && numbered.length === 0 ? 'Loading …'
        : numbered.length === 0 ? (list.error ? '' : 'The record has no sessions.')
        : matching.length === 0 ? `None of ${numbered.length}${list.next ? ' so far' : ''}`
        : `${from} to ${last} of ${matching.length}`
          + (list.next ? ' so far, in the order of their ids' : '') + (list.loading ? ', loading …' : '')),
      page > 0 && h('button', {
        type: 'button', onClick: () => {
          setPage(page - 1);
          setSelected(null);
        },
      }, 'Previous'),
      (last < matching.length || list.next) && h('button', { type: 'button', disabled: list.loading, onClick: next }, 'Next'),
      loadingAll ? h('button', { type: 'button', onClick: stop }, 'Stop loading')
        : list.next && h('button', { type: 'button', disabled: list.loading, onClick: loadAll }, 'Load all')),
    session && h(Segment, {
      key: `${selected.number}/${selected.index}`, session, segment: session.segments[selected.index], index: selected.index,
        focus: selected.focus,
    }),
    shown.length > 0 && h(SessionTable, { sessions: shown, selected, onSelect: (chosen, index) => select(chosen, index, false),
      onMoreSegments: moreSegments }));
}

// The timeline

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000, 31536000]
  .map(seconds => seconds * 1000);

/** Returns the first and the last instant of all displayed items, because a session may exceed its record. */
function scaleOf(record, sessions) {
  const instants = [record, ...sessions, ...sessions.flatMap(({ segments }) => segments)]
    .flatMap(({ startDateTime, endDateTime }) => [Date.parse(startDateTime), Date.parse(endDateTime)]);
  const start = instants.reduce((a, b) => Math.min(a, b));
  const end = Math.max(instants.reduce((a, b) => Math.max(a, b)), start + 1000);
  const step = steps.find(candidate => (end - start) / candidate <= 8) ?? steps.at(-1);
  // Ticks mark full hours of local time, not of UTC.
  const shift = new Date(start).getTimezoneOffset() * 60000;
  const ticks = [];
  for (let tick = Math.ceil((start - shift) / step) * step + shift; tick <= end && ticks.length < 50; tick += step) ticks.push(tick);
  const format = step >= 86400000 ? day : step < 60000 ? clock : clockWithoutSeconds;
  const place = instant => (instant - start) / (end - start) * 100;
  return { place, ticks: ticks.map(tick => ({ at: place(tick), label: format.format(tick) })) };
}

/** Places simultaneous segments, such as the legs of a call to a telephone, below one another. */
function rowsOf(segments) {
  const ends = [];
  return segments.map((segment, index) => ({ segment, index })).sort((a,
    b) => Date.parse(a.segment.startDateTime) - Date.parse(b.segment.startDateTime))
    .map(({ segment, index }) => {
      const start = Date.parse(segment.startDateTime);
      let row = ends.findIndex(end => end <= start);
      if (row < 0) row = ends.length;
      ends[row] = Date.parse(segment.endDateTime);
      return { segment, index, row, rows: ends };
    });
}

const barHeight = 26;

function Timeline({ record, sessions, selected, onSelect }) {
  const scale = useMemo(() => scaleOf(record, sessions), [record, sessions]);
  const element = useRef(null);
  const [current, setCurrent] = useState(0);
  let count = 0;
  const moved = event => {
    const bars = [...element.current.querySelectorAll('.bar')];
    const here = bars.indexOf(document.activeElement);
    if (here < 0) return;
    const lane = bars[here].closest('.lane');
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: bars.length - 1,
      ArrowDown: bars.findIndex((bar, at) => at > here && bar.closest('.lane') !== lane),
      ArrowUp: bars.findLastIndex((bar, at) => at < here && bar.closest('.lane') !== lane) }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    bars[next]?.focus();
  };
  return h('div', { class: 'timeline', ref: element, role: 'group', onKeyDown: moved,
    'aria-label': 'Timeline with a button for each segment. The arrow keys move between segments. The table below has the same content.' },
  h('div', { class: 'axis', 'aria-hidden': 'true' },
    h('span', { class: 'zone' }, zoneWords(record.startDateTime)),
    h('div', { class: 'ticks' }, scale.ticks.map(({ at, label }) =>
      h('span', { key: at, class: at > 92 ? 'tick late' : 'tick', style: { left: `${at}%` } }, label)))),
  sessions.map(session => {
    const placed = rowsOf(session.segments);
    const rows = Math.max(1, placed[0]?.rows.length ?? 1);
    const span = spanOf(scale, session);
    return h('div', { key: session.number, class: session.failureInfo ? 'lane failed' : 'lane' },
      h('div', { class: 'who' },
        h('p', null, h('span', { class: 'number' }, session.number), ' ', pairWords(session)),
        h('p', { class: 'fine' }, agentWords(session.caller) || session.modalities.map(nameWords).join(', '))),
      h('div', { class: 'track', style: { height: `${rows * (barHeight + 4) + 12}px` } },
        scale.ticks.map(({ at }) => h('span', { key: at, class: 'gridline', 'aria-hidden': 'true', style: { left: `${at}%` } })),
        h('span', { class: 'session-span', 'aria-hidden': 'true', style: { left: `${span.left}%`, width: `${span.width}%` } }),
        placed.map(({ segment, index, row }) => {
          const order = count++;
          const quality = qualityOf(segment);
          const inside = segment.failureInfo ? `${quality}, failed` : quality;
          const words = [
            `Segment ${index + 1} of session ${session.number}: ${pairWords(endsOf(segment, session))}`,
            [segment.startDateTime, segment.endDateTime].map(instant => clock.format(new Date(instant))).join(' to ')
              + `, ${durationWords(milliseconds(segment))}`,
            inside + (segment.failureInfo ? `: ${failureWords(segment.failureInfo)}` : ''),
          ];
          const chosen = selected?.number === session.number && selected.index === index;
          const { left, width } = spanOf(scale, segment);
          const top = row * (barHeight + 4) + 8;
          const tipAt = left > 50 ? { right: `${100 - left - width}%` } : { left: `${left}%` };
          return h(Fragment, { key: index },
            h('button', {
              type: 'button', class: `bar ${quality}${segment.failureInfo ? ' failed' : ''}`, tabIndex: order === current ? 0 : -1,
              'aria-label': words.join('. '), 'aria-pressed': String(chosen),
                style: { left: `${left}%`, width: `${width}%`, top: `${top}px` },
              onFocus: () => setCurrent(order), onClick: () => onSelect(session, index),
            }, h('span', { class: 'inside' }, inside)),
            h('span', { class: 'tip', 'aria-hidden': 'true', style: { ...tipAt, top: `${top + barHeight + 4}px` } },
              words.map(line => h('span', { key: line }, line))));
        })));
  }));
}

/** Returns a position in per cent of the track. */
function spanOf(scale, { startDateTime, endDateTime }) {
  const left = scale.place(Date.parse(startDateTime));
  return { left, width: Math.max(0, scale.place(Date.parse(endDateTime)) - left) };
}

function Legend() {
  return h('p', { class: 'legend fine', 'aria-hidden': 'true' },
    ['good', 'poor', 'unclassified'].map(quality => h('span', { key: quality }, h('span', { class: `sample ${quality}` }), ` ${quality}`)),
    h('span', null, h('span', { class: 'sample failed' }, '×'), ' failed'));
}

// The table

const identityId = end => (end?.associatedIdentity ?? identityOf(end?.identity))?.id;

// An endpoint of a segment is completed from its session, unless the session's endpoint is another participant.
function endOf(segmentEnd, sessionEnd) {
  if (!segmentEnd) return sessionEnd;
  const told = identityId(segmentEnd);
  const same = segmentEnd['@odata.type'] === sessionEnd?.['@odata.type'] && (!told || told === identityId(sessionEnd));
  return same ? { ...sessionEnd, ...Object.fromEntries(Object.entries(segmentEnd).filter(([, value]) => present(value))) } : segmentEnd;
}

const endsOf = (segment, session) => ({ caller: endOf(segment.caller, session.caller), callee: endOf(segment.callee, session.callee) });

function SessionTable({ sessions, selected, onSelect, onMoreSegments }) {
  return h('table', { class: 'sessions' },
    h('caption', null, 'Sessions and segments as a table'),
    h('thead', null, h('tr', null,
      ['Segment', 'Caller → callee', 'Start', 'End', 'Duration', 'Quality', 'Failure'].map(name => h('th', { scope: 'col' }, name)),
      h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, 'Media')))),
    sessions.map(session => h('tbody', { key: session.number },
      h('tr', { class: 'session' }, h('th', { scope: 'rowgroup', colSpan: 8 },
        `Session ${session.number}: ${pairWords(session)}, ${session.modalities.map(nameWords).join(', ')}, `,
        h(Clock, { value: session.startDateTime }), ' to ', h(Clock, { value: session.endDateTime }),
          `, ${durationWords(milliseconds(session))}`,
        session.isTest && ', a test', session.failureInfo && h('strong', null, `. Failed: ${failureWords(session.failureInfo)}`),
        h('p', { class: 'fine' }, ['caller', 'callee'].map(end => [end, agentWords(session[end])]).filter(([, words]) => words)
          .map(([end, words]) => `${nameWords(end)}: ${words}`).join('. ')))),
      session.segments.map((segment, index) => h('tr',
        { key: index, class: selected?.number === session.number && selected.index === index ? 'chosen' : '' },
        h('th', { scope: 'row' }, index + 1), h('td', null, pairWords(endsOf(segment, session))),
        h('td', null, h(Clock, { value: segment.startDateTime })), h('td', null, h(Clock, { value: segment.endDateTime })),
        h('td', null, durationWords(milliseconds(segment))), h('td', null, qualityOf(segment)),
        h('td', null, segment.failureInfo ? failureWords(segment.failureInfo) : ''),
        h('td', null, h('button', { type: 'button', 'aria-label': `Media of segment ${index + 1} of session ${session.number}`,
          onClick: () => onSelect(session, index) }, 'Media')))),
      session['segments@odata.nextLink'] && h('tr', null, h('td', { colSpan: 8 }, h(MoreSegments, { session, onMoreSegments }))))));
}

function MoreSegments({ session, onMoreSegments }) {
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const more = async () => {
    setBusy(true);
    setError(null);
    try {
      await onMoreSegments(session);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return h(Fragment, null, h('button', { type: 'button', disabled: busy, onClick: more }, `More segments of session ${session.number}`),
    h(Problem, { error, onRetry: more }));
}

// The measurements of a segment

function Segment({ session, segment, index, focus }) {
  const heading = useRef(null);
  useEffect(() => { if (focus) heading.current.focus(); }, []);
  const ends = endsOf(segment, session);
  return h('section', { class: 'segment', 'aria-label': 'The segment' },
    h('h3', { ref: heading, tabIndex: -1 }, `Segment ${index + 1} of session ${session.number}: ${pairWords(ends)}`),
    h('p', null, h(Clock, { value: segment.startDateTime }), ' to ', h(Clock, { value: segment.endDateTime }),
      `, ${durationWords(milliseconds(segment))}`),
    segment.failureInfo && h('p', { class: 'failure' }, h('strong', null, '× Failed'), ` ${failureWords(segment.failureInfo)}`),
    (segment.media ?? []).length === 0 && h('p', { class: 'fine' }, 'No media are reported.'),
    (segment.media ?? []).map((media, at) => h(Media, { key: at, media, ends })),
    h(Ends, { caption: 'Endpoints', caller: aboutEndpoint(ends.caller), callee: aboutEndpoint(ends.callee) }));
}

// The figures that decide the quality come first.
const firstFigures = [
  'averageRoundTripTime', 'maxRoundTripTime', 'averageJitter', 'maxJitter', 'averagePacketLossRate', 'maxPacketLossRate',
    'averageAudioDegradation',
  'averageRatioOfConcealedSamples', 'maxRatioOfConcealedSamples', 'averageBandwidthEstimate', 'packetUtilization',
];
const direction = stream => ({ callerToCallee: 'caller → callee', calleeToCaller: 'callee → caller' })[stream.streamDirection]
  ?? stream.streamDirection;
const present = value => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
const Absent = () => h('span', { class: 'fine' }, h('span', { 'aria-hidden': 'true' }, '–'),
  h('span', { class: 'visually-hidden' }, 'unknown'));

function Media({ media, ends }) {
  const streams = media.streams ?? [];
  const names = [...new Set([...firstFigures, ...streams.flatMap(Object.keys)])].filter(name =>
    !['streamId', 'streamDirection', '@odata.type'].includes(name) && streams.some(stream => present(stream[name])));
  return h('div', { class: 'media' },
    h('h4', null, media.label ?? 'Media without a label'),
    streams.length > 0 && h('table', { class: 'figures' },
      h('caption', null, `Streams between ${endpointWords(ends.caller)} and ${endpointWords(ends.callee)}`),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Figure'),
        streams.map((stream, at) => h('th', { key: at, scope: 'col' }, direction(stream),
          stream.streamId && h('span', { class: 'fine' }, ` ${stream.streamId}`))))),
      h('tbody', null,
        h('tr', { class: 'quality' }, h('th', { scope: 'row' }, 'Quality'), streams.map((stream, at) => {
          const { quality, because } = classify(stream, media.label);
          return h('td', { key: at }, h('span', { class: `pill ${quality}` }, quality),
            because && h('span', { class: 'because' }, because));
        })),
        names.map(name => h('tr', { key: name }, h('th', { scope: 'row' }, nameWords(name)), streams.map((stream, at) => {
          const because = beyond(stream, name, media.label);
          const value = stream[name];
          return h('td', { key: at, class: because ? 'beyond' : '' }, !present(value) ? h(Absent)
            : /DateTime$/.test(name) ? h(Clock, { value }) : figureWords(name, value), because && h('span', { class: 'because' }, because));
        }))))),
    h('div', { class: 'pair' },
      h(Ends, { caption: 'Network', caller: facts(media.callerNetwork), callee: facts(media.calleeNetwork) }),
      h(Ends, { caption: 'Devices', caller: facts(media.callerDevice), callee: facts(media.calleeDevice) })));
}

function facts(object) {
  return Object.entries(object ?? {}).filter(([name, value]) =>
    name !== '@odata.type' && present(value) && value !== 'unknown').map(([name, value]) => [
    nameWords(name),
    name === 'traceRouteHops'
      ? value.map(hop => `${hop.hopCount}. ${hop.ipAddress} ${figureWords('roundTripTime', hop.roundTripTime)}`).join(', ')
      : typeof value === 'object' ? JSON.stringify(value)
      : name === 'wifiBand' ? { frequency24GHz: '2.4 GHz', frequency50GHz: '5 GHz' }[value] ?? value
      : name === 'wifiRadioType' ? value.replace('wifi80211', '802.11')
      : ['connectionType', 'networkTransportProtocol'].includes(name) ? nameWords(value) : figureWords(name, value),
  ]);
}

function aboutEndpoint(end) {
  if (!end) return [];
  const identity = end.associatedIdentity ?? identityOf(end.identity);
  const { feedback } = end;
  const userAgent = end.userAgent ?? {};
  const tokens = Object.entries(feedback?.tokens ?? {}).filter(([name, value]) => value === true && !name.startsWith('@'))
    .map(([name]) => nameWords(name).toLowerCase());
  return [
    ['Name', identity && identityWords(identity)],
    ['User', identity?.userPrincipalName ?? identity?.id],
    ['Computer or telephone', end.name],
    ['Role', userAgent.role && nameWords(userAgent.role)],
    ['User agent', userAgent.headerValue],
    ['Application version', userAgent.applicationVersion],
    ['Platform', userAgent.platform],
    ['Product family', userAgent.productFamily && nameWords(userAgent.productFamily)],
    ['CPU', [end.cpuName, end.cpuCoresCount && `${end.cpuCoresCount} cores`,
      end.cpuProcessorSpeedInMhz && figureWords('cpuProcessorSpeedInMhz', end.cpuProcessorSpeedInMhz)]
      .filter(Boolean).join(', ')],
    ['Feedback', feedback && [nameWords(feedback.rating), feedback.text, tokens.join(', ')].filter(Boolean).join('; ')],
  ].filter(([, value]) => value);
}

/** Facts of both endpoints next to each other; nothing if there are none. */
function Ends({ caption, caller, callee }) {
  const names = [...new Set([...caller, ...callee].map(([name]) => name))];
  if (names.length === 0) return null;
  const [left, right] = [Object.fromEntries(caller), Object.fromEntries(callee)];
  return h('table', { class: 'ends' },
    h('caption', null, caption),
    h('thead', null, h('tr', null, h('td', null), h('th', { scope: 'col' }, 'Caller'), h('th', { scope: 'col' }, 'Callee'))),
    h('tbody', null, names.map(name => h('tr', { key: name }, h('th', { scope: 'row' }, name), h('td', null, left[name] ?? h(Absent)),
      h('td', null, right[name] ?? h(Absent))))));
}
