import { h, useEffect, useMemo, useRef, useState, Action, Ago, Dialog, Field, Icon, Initials, Menu, Problem } from './ui.js';
import { Failures, useActions } from './actions.js';
import { CreateSession, EXAMPLES } from './create.js';
import { Notifications } from './notifications.js';
import { SessionInFocus } from './session.js';

const initiallyKept = () => new Map();

/** Caches the sessions from Microsoft.Apm, so that each one is loaded once. */
function sessionsOf(connection) {
  const kept = new Map();
  return sessionId => {
    if (!kept.has(sessionId)) {
      kept.set(sessionId, connection.Apm.getSession(sessionId).catch(error => {
        kept.delete(sessionId);
        throw error;
      }));
    }
    return kept.get(sessionId);
  };
}

function useDesk(connection) {
  const [desk, setDesk] = useState(null);
  const [problem, setProblem] = useState(null);
  useEffect(() => connection.watchDesk(setDesk, setProblem), [connection]);
  return { desk, problem };
}

/** Describes the changes of the desk, whether made here or elsewhere. */
function changesOf(before, after) {
  const old = new Map(before.sessions.map(session => [session.sessionId, session]));
  const words = [];
  for (const session of after.sessions) {
    const was = old.get(session.sessionId);
    old.delete(session.sessionId);
    if (!was) words.push(`${session.title} is on the desk.`);
    if (session.focusRequested && !was?.focusRequested) words.push(`${session.title} needs attention.`);
    const breached = typeof session.kpiBreach === 'string' && session.kpiBreach !== was?.kpiBreach;
    if (breached) words.push(`${session.title}: KPI breach. ${session.kpiBreach}`);
    if (was && session.activityCount > was.activityCount) words.push(`${session.title}: ${session.activityCount} new.`);
  }
  const shown = ({ notifications }) => (notifications[0]?.state === 'displayed' ? notifications[0] : null);
  const notification = shown(after);
  if (notification && notification.notificationId !== shown(before)?.notificationId) words.push(`Notification: ${notification.title}.`);
  for (const { title } of old.values()) words.push(`${title} has left the desk.`);
  const focused = after.sessions.find(({ isFocused }) => isFocused);
  if (focused && after.focusedSessionId !== before.focusedSessionId) words.push(`${focused.title} is in focus.`);
  return words;
}

export function Desk({ connection, say, path: [place, given] }) {
  const { desk, problem } = useDesk(connection);
  const actions = useActions(say);
  const sessionOf = useMemo(() => sessionsOf(connection), [connection]);
  // Unsent input by session. It is restored when the session is focused again.
  const drafts = useRef(null);
  drafts.current ??= initiallyKept();
  const [asking, setAsking] = useState(null);
  const root = useRef(null);

  const before = useRef(null);
  useEffect(() => {
    if (before.current && desk) changesOf(before.current, desk).forEach(say);
    before.current = desk;
  }, [desk]);

  // Closing a session removes its button, so the keyboard focus moves to the focused session.
  const within = useRef(false);
  useEffect(() => {
    const follow = event => {
      within.current = root.current?.contains(event.target) ?? false;
    };
    document.addEventListener('focusin', follow);
    return () => document.removeEventListener('focusin', follow);
  }, []);
  useEffect(() => {
    if (within.current && document.activeElement === document.body) root.current.querySelector('.rail [aria-current]')?.focus();
  });

  // The banner shows outages. Here are the errors of the desk itself.
  const refused = problem !== null && problem.errorCode >= 400 && problem.errorCode < 500 && problem.errorCode !== 401
    && problem.errorCode !== 429;
  if (desk === null) {
    return h('div', { class: 'desk', ref: root },
      refused ? h('div', { class: 'refused' }, h('h2', null, 'This desk cannot be shown'),
        h(Problem, { error: problem, onRetry: connection.refresh }))
        : h('p', { class: 'empty' }, problem ? 'The desk will be shown when the API is available.' : 'Loading the desk …'));
  }

  const act = (sessionId, name, work, words = null, at = 'rail') => actions.run(`${at}:${sessionId}:${name}`,
    async () => work(await sessionOf(sessionId)), words);
  const choose = async ({ sessionId, isFocused }) => {
    if (place) location.hash = '#/desk';
    if (!isFocused) await act(sessionId, 'focus', session => session.focus());
  };
  const commands = { connection, actions, act, choose, ask: setAsking, say, drafts: drafts.current };
  const focused = desk.sessions.find(({ sessionId }) => sessionId === desk.focusedSessionId);
  const create = (library, input) => actions.run(`create:${library}`, () => Microsoft[library].createSession(input));

  return h('div', { class: 'desk', ref: root },
    h(Rail, { desk, commands, place }),
    h('div', { class: 'stage' },
      refused && h(Problem, { error: problem, onRetry: connection.refresh }),
      h(Notifications, { desk, commands }),
      place === 'create' ? h(CreateSession, { key: given, connection, say, desk, given })
        : place === 'closed' ? h(ClosedSessions, { desk, commands, heading: true })
          : !focused ? h('p', { class: 'empty' }, 'A session of another provider is in focus. Choose one of yours on the left.')
            : focused.isDefault ? h(Home, { desk, commands, create })
              : h(SessionInFocus, { key: focused.sessionId, onDesk: focused, commands, connection })),
    asking && h(Asking, { asking, commands, onClose: () => setAsking(null) }));
}

function Rail({ desk, commands, place }) {
  const { actions } = commands;
  const list = useRef(null);
  const onKeyDown = event => {
    if (!event.target.classList.contains('pick')) return;
    const all = [...list.current.querySelectorAll('.pick')];
    const at = all.indexOf(event.target);
    const next = { ArrowDown: all[at + 1], ArrowUp: all[at - 1], Home: all[0], End: all.at(-1) }[event.key];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  const gone = actions.failed('rail').filter(key => !desk.sessions.some(({ sessionId }) => key.startsWith(`rail:${sessionId}:`)));
  return h('section', { class: 'rail', 'aria-label': 'Sessions' },
    h('div', { class: 'rail-head' },
      h('h2', null, 'Sessions'),
      h('span', { class: desk.canCreateSession ? 'fine' : 'fine full' }, `${desk.openSessions} of ${desk.sessionLimit}`),
      h('a', { class: 'button primary', href: '#/desk/create', 'aria-current': place === 'create' ? 'page' : undefined },
        h(Icon, { name: 'add' }), 'New')),
    gone.map(key => h(Problem, { key, error: actions.error(key), onDismiss: () => actions.dismiss(key) })),
    h('ul', { ref: list, onKeyDown }, desk.sessions.map(session => h(SessionInRail, { key: session.sessionId, session, commands }))),
    h('a', { class: 'closed-link', href: '#/desk/closed', 'aria-current': place === 'closed' ? 'page' : undefined },
      h(Icon, { name: 'reopen' }), 'Closed sessions'));
}

function SessionInRail({ session, commands }) {
  const { actions, choose } = commands;
  const { sessionId, title, sessionIcon, isDefault, isFocused, focusRequested, activityCount, kpiBreach, provider, handOver,
    status } = session;
  const busy = actions.busy(`rail:${sessionId}:focus`);
  return h('li', { class: ['in-rail', isFocused && 'focused', focusRequested && 'wanted', kpiBreach != null && 'breached']
    .filter(Boolean).join(' ') },
    h('button', {
      type: 'button', class: busy ? 'pick waiting' : 'pick', 'aria-current': isFocused ? 'true' : undefined,
      'aria-busy': busy ? 'true' : undefined,
      title: provider ? `${title}\nProvider ${provider}` : title, onClick: () => choose(session),
    },
    h(Initials, { of: title, icon: isDefault ? 'home' : undefined, image: sessionIcon }),
    h('span', { class: 'words' },
      h('span', { class: 'title' }, title),
      !isDefault && h('span', { class: 'fine' }, provider),
      status === 'wrapUp' && h('span', { class: 'mark wanted' }, 'Wrap-up'),
      focusRequested && h('span', { class: 'mark wanted' }, h(Icon, { name: 'requestFocus' }), 'Needs attention'),
      handOver && h('span', { class: 'mark offered' }, h(Icon, { name: 'handOver' }), `Offered to ${handOver.userId}`),
      kpiBreach != null && h('span', { class: 'mark breach' }, h(Icon, { name: 'warning' }),
        h('span', null, h('span', { class: kpiBreach ? 'visually-hidden' : '' }, 'KPI breach'), kpiBreach && ` ${kpiBreach}`))),
    activityCount > 0 && h('span', { class: 'badge' }, activityCount > 99 ? '99+' : activityCount,
      h('span', { class: 'visually-hidden' }, ' new'))),
    !isDefault && h(Menu, { label: `More for ${title}`, items: menuOf(session, commands, 'rail') }),
    h(Failures, { actions, at: `rail:${sessionId}` }));
}

/** The commands for a session of the desk. */
function menuOf({ sessionId, title, isFocused, activityCount, kpiBreach, handOver }, { act, ask, connection }, at) {
  const { CIFramework, notifications } = connection;
  const count = number => act(sessionId, 'badge', () => CIFramework.notifyNewActivity(sessionId, number),
    number < activityCount && `${title}: badge ${number}.`, at);
  const session = { sessionId, title };
  return [
    !isFocused && { icon: 'requestFocus', words: 'Request focus',
      onChoose: () => act(sessionId, 'requestFocus', () => CIFramework.requestFocusSession(sessionId), null, at) },
    { icon: 'badge', words: 'Badge: add one', onChoose: () => count(activityCount + 1) },
    activityCount > 0 && { icon: 'less', words: 'Badge: subtract one', onChoose: () => count(activityCount - 1) },
    kpiBreach == null ? { icon: 'warning', words: 'Mark KPI breach …', onChoose: () => ask({ kind: 'breach', session, at }) }
      : { icon: 'warning', words: 'Clear KPI breach',
        onChoose: () => act(sessionId, 'breach', () => CIFramework.notifyKpiBreach(sessionId, false), `${title}: no KPI breach.`, at) },
    handOver ? { icon: 'handOver', words: 'Withdraw the hand-over',
      onChoose: () => act(sessionId, 'withdraw', () => notifications.withdraw(handOver.notificationId), `${title} stays on the desk.`, at) }
      : { icon: 'handOver', words: 'Hand over …', onChoose: () => ask({ kind: 'handOver', session, at }) },
    { icon: 'close', words: 'Close', onChoose: () => act(sessionId, 'close', opened => opened.close(), null, at) },
    { icon: 'delete', words: 'Close and delete …', danger: true, onChoose: () => ask({ kind: 'forget', session, at }) },
  ].filter(Boolean);
}

/** A dialog for commands that need input or confirmation. It stays open until the command succeeds. */
function Asking({ asking: { kind, session: { sessionId, title, tabId } }, commands, onClose }) {
  const { actions, connection } = commands;
  const [text, setText] = useState('');
  const [notes, setNotes] = useState('');
  const key = `asking:${sessionId}:${kind}`;
  useEffect(() => () => actions.dismiss(key), []);
  const path = `/sessions/${encodeURIComponent(sessionId)}`;
  const { heading, words, label, hint, button, work, done } = {
    handOver: {
      heading: `Hand over ${title}`,
      words: 'The other user is asked. The session stays here until that user accepts it, and then moves with its tabs and its context.',
      label: 'User',
      hint: 'The id of another user of this tenant.',
      button: 'Hand over',
      work: () => connection.notifications.handOver(sessionId, text.trim()),
      done: `${title} is offered to ${text.trim()}.`,
    },
    breach: {
      heading: `Mark a KPI breach of ${title}`,
      label: 'Details',
      hint: 'The text to show at the session. It may be empty.',
      button: 'Mark',
      work: () => connection.CIFramework.notifyKpiBreach(sessionId, true, text),
    },
    forget: {
      heading: `Close and delete ${title}?`,
      words: 'The session cannot be reopened, and its context and tabs are lost.',
      button: 'Close and delete',
      work: () => connection.send('DELETE', `${path}?discard=true`),
    },
    discard: {
      heading: `Close ${title} without saving?`,
      words: 'Pages of the session have unsaved changes, which are lost.',
      button: 'Close without saving',
      work: () => connection.send('POST', `${path}/close?discard=true`),
    },
    discardTab: {
      heading: `Close the tab ${title} without saving?`,
      words: 'Its page has unsaved changes, which are lost.',
      button: 'Close without saving',
      work: () => connection.send('DELETE', `${path}/tabs/${encodeURIComponent(tabId)}?discard=true`),
      done: `The tab ${title} was closed.`,
    },
    complete: {
      heading: `Complete ${title}`,
      words: 'The session is closed. Unsaved changes of its pages are lost.',
      label: 'Disposition',
      hint: 'One of the dispositions of its template. It may be empty if the template requires none.',
      button: 'Complete',
      work: () => connection.send('POST', `${path}/complete?discard=true`,
        { body: { disposition: text.trim() || null, notes: notes.trim() || null } }),
      done: `${title} was completed.`,
    },
  }[kind];
  const submit = async event => {
    event.preventDefault();
    if ((await actions.run(key, work, done)).done) onClose();
  };
  return h(Dialog, { title: heading, onClose },
    h('form', { onSubmit: submit },
      words && h('p', null, words),
      label && h(Field, { label, hint }, attributes => h('input', {
        ...attributes, value: text, autocomplete: 'off', spellcheck: false, required: kind === 'handOver',
        onInput: event => setText(event.currentTarget.value),
      })),
      kind === 'complete' && h(Field, { label: 'Notes' }, attributes => h('textarea', {
        ...attributes, value: notes, rows: 4, onInput: event => setNotes(event.currentTarget.value),
      })),
      h(Failures, { actions, at: key }),
      h('div', { class: 'choices' },
        h('button', { type: 'button', onClick: onClose }, 'Cancel'),
        h(Action, { type: 'submit', class: ['forget', 'discard', 'discardTab'].includes(kind) ? 'danger' : 'primary', busy: actions.busy(key) }, button))));
}

function Home({ desk, commands, create }) {
  const { actions } = commands;
  const empty = desk.openSessions === 0;
  return h('div', { class: 'home' },
    h('h2', null, empty ? 'No session is open' : 'Home'),
    h('p', { class: 'lead' }, empty
      ? 'An agent works in sessions: a call, a chat or a case. A session is created from a session template and has a title and tabs.'
      : 'Choose a session on the left, or create another one.'),
    h('div', { class: 'cards' },
      EXAMPLES.map(({ library, icon, title, words, code, input }) => h('article', { key: library, class: 'card' },
        h('h3', null, h(Icon, { name: icon }), title),
        h('p', { class: 'fine' }, words),
        h('pre', { tabIndex: 0, 'aria-label': `Code of ${title}` }, code),
        h(Action, {
          class: empty && library === 'CIFramework' ? 'primary' : '', busy: actions.busy(`create:${library}`),
          onClick: () => create(library, input()),
        }, 'Run this example'),
        h(Failures, { actions, at: `create:${library}` })))),
    h('p', null, h('a', { href: '#/desk/create' }, 'Create a session from any template'), ' with a preview.'),
    h(ClosedSessions, { desk, commands }));
}

function ClosedSessions({ desk, commands, heading }) {
  const { actions, connection } = commands;
  const [list, setList] = useState({ sessions: null, next: null, error: null });
  const [round, setRound] = useState(0);
  const load = async (path, before, signal) => {
    try {
      const { body } = await connection.send('GET', path, { signal });
      if (!signal?.aborted) setList({ sessions: [...before, ...body.value], next: body['@odata.nextLink'] ?? null, error: null });
    } catch (error) {
      if (!signal?.aborted) setList(old => ({ ...old, error }));
    }
  };
  const open = desk.sessions.map(({ sessionId }) => sessionId).join();
  useEffect(() => {
    const abort = new AbortController();
    load('/sessions?status=closed&$top=20', [], abort.signal);
    return () => abort.abort();
  }, [connection, open, round]);
  const reload = () => setRound(count => count + 1);
  const path = ({ sessionId }) => `/sessions/${encodeURIComponent(sessionId)}`;
  const reopen = async session => {
    const key = `closed:${session.sessionId}:reopen`;
    if ((await actions.run(key, () => connection.send('POST', `${path(session)}/reopen`), null)).done) location.hash = '#/desk';
  };
  const forget = async session => {
    const key = `closed:${session.sessionId}:forget`;
    if ((await actions.run(key, () => connection.send('DELETE', path(session)), `${session.title} was deleted.`)).done) reload();
  };
  const { sessions, next, error } = list;
  return h('section', { class: 'closed', 'aria-label': 'Closed sessions' },
    h(heading ? 'h2' : 'h3', null, 'Closed sessions'),
    h(Problem, { error, onRetry: reload }),
    sessions?.length === 0 && h('p', { class: 'fine' }, 'No closed sessions. Sessions that you close appear here, and you can reopen them.'),
    sessions?.length > 0 && h('ul', { class: 'closed-list' }, sessions.map(session => h('li', { key: session.sessionId },
      h(Initials, { of: session.title, image: session.sessionIcon }),
      h('span', { class: 'words' },
        h('span', { class: 'title' }, session.title),
        h('span', { class: 'fine' }, `${session.templateName}, closed `, h(Ago,
          { instant: session.closedDateTime ?? session.lastModifiedDateTime }))),
      h(Action, { icon: 'reopen', busy: actions.busy(`closed:${session.sessionId}:reopen`), onClick: () => reopen(session) },
        'Reopen', h('span', { class: 'visually-hidden' }, ` ${session.title}`)),
      h(Action, {
        class: 'quiet', icon: 'delete', label: `Forget ${session.title}`, busy: actions.busy(`closed:${session.sessionId}:forget`),
        onClick: () => forget(session),
      }),
      h(Failures, { actions, at: `closed:${session.sessionId}` })))),
    next && h('button', { type: 'button', onClick: () => load(next, sessions) }, 'More'));
}
