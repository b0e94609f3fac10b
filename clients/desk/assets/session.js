import { h, useEffect, useMemo, useRef, useState, Action, Ago, Dialog, Field, Icon, Initials, Problem, problemsOf } from './ui.js';
import { Failures } from './actions.js';
import { Scalar, Scalars, entryOf, read, row, valuesOf } from './scalars.js';

export const PAGE_TYPES = {
  entityList: 'List of records', entityRecord: 'Record', webResource: 'Web resource', control: 'Control', dashboard: 'Dashboard',
  search: 'Search',
  thirdPartyWebsite: 'Website', custom: 'Custom page',
};

function useSession(connection, sessionId) {
  const [session, setSession] = useState(undefined);
  useEffect(() => connection.watchSession(sessionId, setSession, () => {}), [connection, sessionId]);
  return session;
}

/** The focused session: `onDesk` is its entry on the desk; its own watch provides the details. */
export function SessionInFocus({ onDesk, commands, connection }) {
  const session = useSession(connection, onDesk.sessionId);
  if (session === undefined) return h('p', { class: 'empty' }, `Loading ${onDesk.title} …`);
  if (session === null || session.status === 'closed') return h('p', { class: 'empty' }, `${onDesk.title} has left this desk.`);
  return h('article', { class: 'session', 'aria-label': session.title },
    h(Head, { session, commands }),
    h('div', { class: 'session-body' },
      h(Tabs, { session, commands }),
      h('aside', { class: 'side', 'aria-label': 'Context' },
        h(Context, { session, commands }),
        h(ResolveSlugs, { session, commands }),
        h(Facts, { session }))));
}

function Head({ session, commands }) {
  const { actions, act, ask, connection: { CIFramework } } = commands;
  const { sessionId, title, type, templateName, templateVersion, communicationPanelMode, activityCount, kpiBreach, canClose,
    focusRequested } = session;
  const at = `head:${sessionId}`;
  const run = (name, work, words) => act(sessionId, name, work, words, 'head');
  const asked = kind => ask({ kind, session: { sessionId, title }, at: 'head' });
  const wrappingUp = session.status === 'wrapUp';
  const unsaved = session.tabs.some(tab => tab.unsavedChanges);
  const count = number => run('badge', () => CIFramework.notifyNewActivity(sessionId, number),
    number < activityCount && `Badge ${number}.`);
  return h('header', { class: 'session-head' },
    h('div', { class: 'heading' },
      h(Initials, { of: title, image: session.sessionIcon }),
      h('div', { class: 'words' },
        h(Title, { level: 'h2', title, busy: actions.busy(`${at}:title`), onSave: text => run('title', opened => opened.setTitle(text),
          `The title was changed to ${text}.`) }),
        h('p', { class: 'pills' },
          h('span', { class: 'pill' }, type === 'entity' ? 'Entity session' : 'Generic session'),
          h('span', { class: 'pill' }, `${templateName}${templateVersion ? `, version ${templateVersion}` : ''}`),
          h('span', { class: 'pill' }, `Panel ${communicationPanelMode}`),
          wrappingUp && h('span', { class: 'pill warn' }, 'Wrap-up',
            session.wrapUpExpiresDateTime && [', ends ', h(Ago, { instant: session.wrapUpExpiresDateTime })]),
          focusRequested && h('span', { class: 'pill warn' }, h(Icon, { name: 'requestFocus' }), 'Needs attention'),
          kpiBreach !== null && h('span', { class: 'pill bad' }, h(Icon, { name: 'warning' }),
            `KPI breach${kpiBreach && `: ${kpiBreach}`}`),
          !canClose && h('span', { class: 'pill' }, h(Icon, { name: 'lock' }), 'Cannot be closed'))),
      h('div', { class: 'commands', role: 'toolbar', 'aria-label': 'Session' },
        h('span', { class: 'stepper', role: 'group', 'aria-label': 'Badge' },
          h(Action, { icon: 'less', label: 'Badge: subtract one', class: 'quiet', disabled: activityCount === 0,
            busy: actions.busy(`${at}:badge`), onClick: () => count(activityCount - 1) }),
          h('span', { class: 'number', title: 'Badge: new activities' }, h('span', { class: 'visually-hidden' }, 'Badge '), activityCount),
          h(Action, { icon: 'add', label: 'Badge: add one', class: 'quiet', busy: actions.busy(`${at}:badge`),
            onClick: () => count(activityCount + 1) })),
        kpiBreach === null
          ? h(Action, { icon: 'warning', class: 'quiet', onClick: () => asked('breach') }, 'Mark KPI breach')
          : h(Action, { icon: 'check', class: 'quiet', busy: actions.busy(`${at}:breach`),
            onClick: () => run('breach', () => CIFramework.notifyKpiBreach(sessionId, false), 'The KPI breach was cleared.') },
              'Clear KPI breach'),
        h(Action, { icon: canClose ? 'unlock' : 'lock', class: 'quiet', label: canClose ? 'Prevent closing' : 'Allow closing',
          busy: actions.busy(`${at}:canClose`),
          onClick: () => run('canClose', opened => opened.setCanClose(!canClose),
            canClose ? 'The session cannot be closed now.' : 'The session can be closed now.') }),
        h(Action, { icon: 'handOver', class: 'quiet', onClick: () => asked('handOver') }, 'Hand over'),
        h(Action, { icon: 'delete', class: 'quiet', label: 'Close and delete', disabled: !canClose, onClick: () => asked('forget') }),
        wrappingUp && h(Action, { icon: 'reopen', class: 'quiet', busy: actions.busy(`${at}:reopen`),
          onClick: () => run('reopen', () => commands.connection.send('POST', `/sessions/${encodeURIComponent(sessionId)}/reopen`),
            `${title} was reopened.`) }, 'Reopen'),
        wrappingUp
          ? h(Action, { icon: 'check', disabled: !canClose, onClick: () => asked('complete') }, 'Complete')
          : h(Action, { icon: 'close', disabled: !canClose, busy: actions.busy(`${at}:close`),
            onClick: () => unsaved ? asked('discard') : run('close', opened => opened.close()) }, 'Close'))),
    h(Failures, { actions, at }),
    h(Warnings, { warnings: session.warnings }));
}

/** A title with an edit field. The new text is shown as the title only after it is stored. */
function Title({ level, title, busy, onSave }) {
  const [text, setText] = useState(null);
  const button = useRef(null);
  const input = useRef(null);
  const editing = text !== null;
  useEffect(() => {
    if (editing) input.current.select();
  }, [editing]);
  const end = () => {
    setText(null);
    setTimeout(() => button.current?.focus());
  };
  if (!editing) {
    return h('div', { class: 'titled' },
      h(level, { class: 'title' }, title),
      h('button', {
        type: 'button', class: 'quiet icon small', 'aria-label': `Change the title ${title}`, title: 'Change the title', ref: button,
        onClick: () => setText(title),
      }, h(Icon, { name: 'edit' })));
  }
  const save = async event => {
    event.preventDefault();
    if ((await onSave(text)).done) end();
  };
  return h('form', { class: 'titled', onSubmit: save },
    h('input', {
      'aria-label': 'Title', value: text, ref: input, autocomplete: 'off', onInput: event => setText(event.currentTarget.value),
      onKeyDown: event => event.key === 'Escape' && end(),
    }),
    h(Action, { type: 'submit', icon: 'check', label: 'Save the title', class: 'small', busy }),
    h('button', { type: 'button', class: 'quiet icon small', 'aria-label': 'Cancel the title change', onClick: end },
      h(Icon, { name: 'close' })));
}

export function Warnings({ warnings, open = false }) {
  if (warnings.length === 0) return null;
  return h('details', { class: 'warnings', open },
    h('summary', null, h(Icon, { name: 'warning' }), warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`),
    h('ul', null, warnings.map(({ target, code, message }) => h('li', { key: `${target} ${message}` },
      h('code', null, target || code), ' ', message))));
}

function Tabs({ session, commands }) {
  const { actions, act, ask } = commands;
  const { sessionId, tabs, focusedTabId, canCreateTab } = session;
  const [creating, setCreating] = useState(false);
  const strip = useRef(null);
  const tabObjects = useMemo(() => new Map(), [sessionId]);
  const onTab = (tabId, name, work, words) => act(sessionId, `${tabId}:${name}`, async opened => {
    if (!tabObjects.has(tabId)) tabObjects.set(tabId, await opened.getTab(tabId));
    return work(tabObjects.get(tabId));
  }, words, 'tab');
  const place = tabId => `tab:${sessionId}:${tabId}`;
  const shown = tabs.find(({ tabId }) => tabId === focusedTabId);
  const close = ({ tabId, title, unsavedChanges }) => unsavedChanges
    ? ask({ kind: 'discardTab', session: { sessionId, title, tabId }, at: 'tab' }) : onTab(tabId, 'close', tab => tab.close(), `The tab ${title} was closed.`);
  const onKeyDown = event => {
    if (!event.target.classList.contains('tab-pick')) return;
    const all = [...strip.current.querySelectorAll('.tab-pick')];
    const at = all.indexOf(event.target);
    const next = { ArrowRight: all[at + 1], ArrowLeft: all[at - 1], Home: all[0], End: all.at(-1) }[event.key];
    if (next) {
      event.preventDefault();
      next.focus();
    } else if (event.key === 'Delete') {
      close(tabs[at]);
    }
  };
  // Closing a tab removes its button.
  const within = useRef(false);
  useEffect(() => {
    if (within.current && document.activeElement === document.body) strip.current?.querySelector('[aria-current]')?.focus();
  });
  const failures = tabs.flatMap(({ tabId }) => actions.failed(place(tabId)));
  const orphans = actions.failed(`tab:${sessionId}`).filter(key => !failures.includes(key));
  return h('section', { class: 'tabs', 'aria-label': 'Tabs', onFocusIn: () => within.current = true,
    onFocusOut: event => within.current = event.relatedTarget === null },
    h('ul', { class: 'strip', ref: strip, onKeyDown }, tabs.map(tab => {
      const busy = actions.busy(`${place(tab.tabId)}:focus`);
      return h('li', { key: tab.tabId, class: tab.isFocused ? 'tab current' : 'tab' },
        h('button', {
          type: 'button', class: busy ? 'tab-pick waiting' : 'tab-pick', 'aria-current': tab.isFocused ? 'true' : undefined,
          'aria-busy': busy ? 'true' : undefined,
          title: tab.isAnchor ? `${tab.title} (anchor tab)` : tab.title,
          onClick: () => tab.isFocused || onTab(tab.tabId, 'focus', opened => opened.focus(), `The tab ${tab.title} is focused.`),
        },
        h(Icon, { name: tab.isAnchor ? 'pin' : tab.pageType }), h('span', { class: 'title' }, tab.title),
        tab.isAnchor && h('span', { class: 'visually-hidden' }, ', anchor tab'),
        tab.highlighted && h(Icon, { name: 'requestFocus' }),
        tab.highlighted && h('span', { class: 'visually-hidden' }, ', needs attention')),
        !tab.isAnchor && tab.canClose && h(Action, {
          icon: 'close', class: 'quiet small', label: `Close the tab ${tab.title}`, busy: actions.busy(`${place(tab.tabId)}:close`),
          onClick: () => close(tab),
        }));
    }),
    h('li', { class: 'new-tab' }, h('button', {
      type: 'button', class: 'quiet icon', 'aria-label': 'New tab', title: canCreateTab ? 'New tab'
        : 'New tab (the maximum number of tabs is open)', onClick: () => setCreating(true),
    }, h(Icon, { name: 'add' })))),
    orphans.map(key => h(Problem, { key, error: actions.error(key), onDismiss: () => actions.dismiss(key) })),
    tabs.filter(tab => tab !== shown).map(tab => h(Failures, { key: tab.tabId, actions, at: place(tab.tabId) })),
    shown && h(Page, { key: shown.tabId, tab: shown, at: place(shown.tabId), commands, onTab, close }),
    creating && h(NewTab, { session, commands, onClose: () => setCreating(false) }));
}

/** Describes the page that a desktop would show in the focused tab. The page itself belongs to another system. */
function Page({ tab, at, commands, onTab, close }) {
  const { actions } = commands;
  const { tabId, title, templateName, pageType, parameters, url, tags, isAnchor, canClose, refreshCount, createdDateTime } = tab;
  const names = Object.keys(parameters);
  return h('section', { class: 'page', 'aria-label': `Tab ${title}` },
    h('div', { class: 'page-head' },
      h('span', { class: 'page-type', title: PAGE_TYPES[pageType] }, h(Icon, { name: pageType })),
      h('div', { class: 'words' },
        h(Title, { level: 'h3', title, busy: actions.busy(`${at}:title`),
          onSave: text => onTab(tabId, 'title', opened => opened.setTitle(text), `The tab's title was changed to ${text}.`) }),
        h('p', { class: 'pills' },
          h('span', { class: 'pill' }, PAGE_TYPES[pageType]),
          templateName && h('span', { class: 'pill' }, templateName),
          isAnchor && h('span', { class: 'pill' }, h(Icon, { name: 'pin' }), 'Anchor'),
          !isAnchor && !canClose && h('span', { class: 'pill' }, h(Icon, { name: 'lock' }), 'Cannot be closed'),
          tab.unsavedChanges && h('span', { class: 'pill warn' }, 'Unsaved changes'),
          tags.map(tag => h('span', { key: tag, class: 'pill' }, `#${tag}`)))),
      h('div', { class: 'commands', role: 'toolbar', 'aria-label': 'Tab' },
        h(Action, { icon: 'refresh', class: 'quiet', busy: actions.busy(`${at}:refresh`),
          onClick: () => onTab(tabId, 'refresh', opened => opened.refresh(), `${title} will reload.`) }, 'Refresh'),
        !isAnchor && h(Action, { icon: canClose ? 'unlock' : 'lock', class: 'quiet',
          label: canClose ? 'Prevent closing the tab' : 'Allow closing the tab',
          busy: actions.busy(`${at}:canClose`), onClick: () => onTab(tabId, 'canClose', opened => opened.setCanClose(!canClose),
            canClose ? 'The tab cannot be closed now.' : 'The tab can be closed now.') }),
        canClose && h(Action, { icon: 'close', class: 'quiet', busy: actions.busy(`${at}:close`), onClick: () => close(tab) },
          'Close tab'))),
    h(Failures, { actions, at }),
    url && h('p', { class: 'address' },
      h('a', { class: 'button', href: url, target: '_blank', rel: 'noreferrer' }, h(Icon, { name: 'open' }), 'Open'),
      h('a', { href: url, target: '_blank', rel: 'noreferrer' }, url)),
    names.length === 0 ? h('p', { class: 'fine' }, 'The page has no parameters.')
      : h('table', { class: 'values' },
        h('caption', { class: 'visually-hidden' }, 'Parameters of the page'),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Parameter'), h('th', { scope: 'col' }, 'Value'))),
        h('tbody', null, names.map(name => h('tr', { key: name },
          h('th', { scope: 'row' }, name), h('td', null, parameters[name] === '' ? h('span', { class: 'fine' }, 'empty')
            : h('code', null, String(parameters[name]))))))),
    h('p', { class: 'fine' }, 'Opened ', h(Ago, { instant: createdDateTime }),
      refreshCount > 0 && `, reloaded ${refreshCount === 1 ? 'once' : `${refreshCount} times`}`));
}

function NewTab({ session: { sessionId }, commands, onClose }) {
  const { actions, act, connection } = commands;
  const [templates, setTemplates] = useState({ list: null, error: null });
  const [templateName, setTemplateName] = useState('');
  const [rows, setRows] = useState([]);
  const [isFocused, setFocused] = useState(true);
  const key = `new-tab:${sessionId}:create`;
  useEffect(() => {
    let wanted = true;
    (async () => {
      const list = [];
      for await (const template of connection.list('/applicationTabTemplates?status=active&$top=100')) {
        if (!wanted) return;
        list.push(template);
      }
      setTemplates({ list, error: null });
    })().catch(error => wanted && setTemplates({ list: null, error }));
    return () => {
      wanted = false;
      actions.dismiss(key);
    };
  }, [connection]);
  const choose = name => {
    setTemplateName(name);
    const template = templates.list?.find(({ uniqueName }) => uniqueName === name);
    if (!template) return;
    const own = rows.filter(entry => !entry.fixed && entry.name !== '');
    setRows([...Object.entries(template.parameters).map(([parameter, value]) =>
      row(parameter, '', { fixed: true, optional: true, type: typeof value, text: '', placeholder: String(value) })), ...own]);
  };
  const error = actions.error(key);
  const { values, problems } = valuesOf(rows);
  const submit = async event => {
    event.preventDefault();
    if (Object.keys(problems).length > 0) return;
    const input = { templateName: templateName.trim(), appContext: values, isFocused };
    if ((await act(sessionId, 'create', opened => opened.createTab(input), 'The tab was opened.', 'new-tab')).done) onClose();
  };
  return h(Dialog, { title: 'New tab', onClose },
    h('form', { class: 'new-tab-form', onSubmit: submit },
      h(Problem, { error: templates.error }),
      h(Field, { label: 'Application tab template', problems: problemsOf(error, 'templateName'),
        hint: templates.error ? 'Its unique name.' : undefined }, attributes =>
        !templates.error
          ? h('select', { ...attributes, value: templateName, required: true, onChange: event => choose(event.currentTarget.value) },
            h('option', { value: '' }, templates.list ? 'Choose …' : 'Loading …'),
            templates.list?.map(({ uniqueName, name, pageType }) => h('option', { key: uniqueName, value: uniqueName },
              `${name} (${PAGE_TYPES[pageType]})`)))
          : h('input', { ...attributes, value: templateName, required: true, autocomplete: 'off', spellcheck: false,
            onInput: event => choose(event.currentTarget.value) })),
      h(Scalars, {
        label: 'Parameters', hint: 'Leave empty to use the template\'s value', rows, onChange: setRows, add: 'Add a parameter',
        problemsAt: name => problemsOf(error, `appContext.${name}`),
      }),
      h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: isFocused,
        onChange: event => setFocused(event.currentTarget.checked) }), 'Focus the tab'),
      h(Failures, { actions, at: key }),
      h('div', { class: 'choices' },
        h('button', { type: 'button', onClick: onClose }, 'Cancel'),
        h(Action, { type: 'submit', class: 'primary', busy: actions.busy(key) }, 'Open the tab'))));
}

/** The context. The desk keeps unsaved input. Only changed values are sent, because another window may change the others. */
function Context({ session, commands }) {
  const { actions, act, drafts } = commands;
  const { sessionId, context } = session;
  if (!drafts.has(sessionId)) drafts.set(sessionId, { values: {}, added: row() });
  const kept = drafts.get(sessionId);
  const [, setRound] = useState(0);
  const keep = change => {
    change(kept);
    setRound(round => round + 1);
  };
  const [double, setDouble] = useState(null);
  const update = (name, value, words) => act(sessionId, name, opened => opened.updateContext(Object.fromEntries([[name, value]])), words,
    'context');

  const save = async name => {
    const { value, problem } = read(kept.values[name]);
    if (problem) return;
    if ((await update(name, value, `${name} was changed.`)).done) keep(({ values }) => delete values[name]);
  };
  const add = async event => {
    event.preventDefault();
    const { name } = kept.added;
    const { value, problem } = read(kept.added);
    setDouble(Object.hasOwn(context, name) ? `${name} already exists. Change it above.` : null);
    if (name === '' || problem || Object.hasOwn(context, name)) return;
    const added = await act(sessionId, '', opened => opened.updateContext(Object.fromEntries([[name, value]])), `${name} was added.`, 'add');
    if (added.done) keep(draft => draft.added = row());
  };
  const names = Object.keys(context);
  const gone = actions.failed(`context:${sessionId}`).filter(key => !Object.hasOwn(context, key.slice(`context:${sessionId}:`.length)));
  const addProblem = kept.added.text === '' && kept.added.type !== 'string' ? null : read(kept.added).problem ?? double;
  return h('section', { class: 'context', 'aria-label': 'Context of the session' },
    h('h3', null, 'Context', h('span', { class: 'fine' }, names.length === 0 ? ' empty' : '')),
    gone.map(key => h(Problem, { key, error: actions.error(key), onDismiss: () => actions.dismiss(key) })),
    names.length > 0 && h('ul', { class: 'context-rows' }, names.map(name => h(ContextRow, {
      key: name, name, value: context[name], draft: kept.values[name], at: `context:${sessionId}:${name}`, actions,
      onDraft: draft => keep(({ values }) => {
        if (draft) values[name] = draft;
        else delete values[name];
      }),
      onSave: () => save(name),
      onRemove: () => update(name, null, `${name} was removed.`),
    }))),
    h('form', { class: 'context-add', onSubmit: add, 'aria-label': 'New value' },
      h('input', { class: 'name', 'aria-label': 'Name of the new value', placeholder: 'name', value: kept.added.name, autocomplete: 'off',
        spellcheck: false, onInput: event => {
        const name = event.currentTarget.value;
        setDouble(null);
        keep(draft => draft.added = { ...draft.added, name });
      } }),
      h(Scalar, {
        name: 'the new value', entry: kept.added, attributes: { 'aria-invalid': addProblem ? 'true' : undefined },
        onChange: added => keep(draft => draft.added = added),
      }),
      h(Action, { type: 'submit', icon: 'add', class: 'small', label: 'Add to the context', busy: actions.busy(`add:${sessionId}:`) }),
      addProblem && h('p', { class: 'problems', role: 'alert' }, addProblem)),
    h(Failures, { actions, at: `add:${sessionId}` }));
}

function ContextRow({ name, value, draft, at, actions, onDraft, onSave, onRemove }) {
  const busy = actions.busy(at);
  const entry = draft ?? entryOf(value);
  const changed = draft !== undefined;
  const { problem } = read(entry);
  const isChangedElsewhere = changed && draft.base !== value;
  const change = next => {
    const { value: typed } = read(next);
    onDraft(typed === value ? null : { ...next, base: draft?.base ?? value });
  };
  const onKeyDown = event => {
    if (event.key === 'Enter' && changed) {
      event.preventDefault();
      onSave();
    } else if (event.key === 'Escape') {
      onDraft(null);
    }
  };
  return h('li', { class: changed ? 'changed' : '', onKeyDown },
    h('div', { class: 'name' }, h('code', null, name),
      changed
        ? h('span', { class: 'row-actions' },
          h(Action, { icon: 'check', class: 'small', label: `Save ${name}`, busy, disabled: Boolean(problem), onClick: onSave }),
          h('button', { type: 'button', class: 'quiet icon small', 'aria-label': `Undo the change of ${name}`, title: 'Undo',
            onClick: () => onDraft(null) }, h(Icon, { name: 'reopen' })))
        : h('span', { class: 'row-actions' }, h(Action, { icon: 'delete', class: 'quiet small', label: `Remove ${name}`, busy,
          onClick: onRemove }))),
    h('div', { class: 'value-row' }, h(Scalar, { name, entry, attributes: { 'aria-invalid': problem ? 'true' : undefined },
      onChange: change })),
    problem && h('p', { class: 'problems' }, problem),
    isChangedElsewhere && h('p', { class: 'fine' }, 'Changed elsewhere to ', h('code', null, String(value)), '.'),
    h(Failures, { actions, at }));
}

function ResolveSlugs({ session, commands }) {
  const { actions, connection, drafts, act } = commands;
  const { sessionId } = session;
  const kept = drafts.get(sessionId) ?? {};
  const [text, setText] = useState(kept.text ?? '');
  const [resolved, setResolved] = useState(null);
  const key = `resolve:${sessionId}:`;
  const submit = async event => {
    event.preventDefault();
    const { done, value } = await act(sessionId, '', () => connection.send('POST',
      `/sessions/${encodeURIComponent(sessionId)}/resolveSlug`, { body: { text } }),
      'Resolved.', 'resolve');
    if (done) setResolved({ text, ...value.body });
  };
  return h('section', { class: 'resolve', 'aria-label': 'Resolve slugs' },
    h('h3', null, 'Resolve slugs'),
    h('form', { onSubmit: submit },
      h('input', { 'aria-label': 'Text with slugs', placeholder: '{customer}, order {orderNumber}', value: text, autocomplete: 'off',
        spellcheck: false, onInput: event => {
        setText(event.currentTarget.value);
        kept.text = event.currentTarget.value;
      } }),
      h(Action, { type: 'submit', busy: actions.busy(key) }, 'Resolve')),
    h(Failures, { actions, at: `resolve:${sessionId}` }),
    resolved && h('div', { class: 'resolved' },
      h('p', null, h('code', null, resolved.text), ' is ', resolved.value === '' ? h('span', { class: 'fine' }, 'an empty text')
        : h('strong', null, resolved.value)),
      h(Warnings, { warnings: resolved.warnings, open: true })));
}

function Facts({ session }) {
  const { sessionId, provider, sessionIcon, anchor, conversationId, correlationId, createdDateTime, lastModifiedDateTime,
    version } = session;
  const facts = [
    ['Session', h('code', null, sessionId)],
    ['Provider', provider],
    sessionIcon && ['Icon', h('code', null, sessionIcon)],
    anchor.entityName && ['Record', h('code', null, `${anchor.entityName} ${anchor.entityId ?? ''}`)],
    conversationId && ['Conversation', h('code', null, conversationId)],
    correlationId && ['Correlation', h('code', null, correlationId)],
    ['Created', h(Ago, { instant: createdDateTime })],
    ['Changed', h(Ago, { instant: lastModifiedDateTime })],
    ['Version', version],
  ].filter(Boolean);
  return h('section', { class: 'session-facts', 'aria-label': 'About the session' },
    h('h3', null, 'About'),
    h('dl', null, facts.map(([name, value]) => h('div', { key: name }, h('dt', null, name), h('dd', null, value)))));
}
