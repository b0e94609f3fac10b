import { h, useEffect, useMemo, useRef, useState, Action, Field, Icon, Initials, Problem, problemsOf } from './ui.js';
import { PAGE_TYPES, Warnings } from './session.js';
import { Scalars, row, valuesOf } from './scalars.js';

const DEBOUNCE = 300;
const PAIRS = [['entityName', 'incident'], ['entityId', 'fac04293-1ab0-eb11-8236-000d3a5c49ed']];

/** The examples of the two specifications. */
export const EXAMPLES = [
  {
    library: 'CIFramework',
    icon: 'badge',
    title: 'A call, by Microsoft.CIFramework',
    words: 'The createSession example of the Channel Integration Framework: a customer calls.',
    code: `Microsoft.CIFramework.createSession({
  templateName: "CallSessionTemplate",
  templateParameters: { customer: "Contoso" }
});`,
    input: () => ({ templateName: 'CallSessionTemplate', templateParameters: { customer: 'Contoso' } }),
  },
  {
    library: 'Apm',
    icon: 'case',
    title: 'A case, by Microsoft.Apm',
    words: 'The createSession example of the app profile manager: a case is the anchor tab.',
    code: `Microsoft.Apm.createSession({
  templateName: "case_entity_session_default_template",
  sessionContext: new Map([["parametersStr",
    '[["entityName", "incident"], ["entityId", "${PAIRS[1][1]}"]]']])
});`,
    input: () => ({
      templateName: 'case_entity_session_default_template',
      sessionContext: new Map([['parametersStr', `[["entityName", "incident"], ["entityId", "${PAIRS[1][1]}"]]`]]),
    }),
  },
];

const EMPTY = { form: 'cif', by: 'template', templateName: '', templateTag: '', channel: '', values: [], pairs: [], tabs: [],
  isFocused: true, strict: false };

const exampleOf = form => form === 'cif'
  ? { ...EMPTY, form, templateName: 'CallSessionTemplate', values: [row('customer', 'Contoso')] }
  : { ...EMPTY, form, templateName: 'case_entity_session_default_template', pairs: PAIRS.map(([name, value]) => row(name, value)) };

/** Converts the form to the input of createSession, and returns the invalid values. */
function inputOf({ form, by, templateName, templateTag, channel, values, pairs, tabs, isFocused }) {
  const given = valuesOf(values);
  const problems = { ...given.problems };
  const input = by === 'channel' ? { channel: channel.trim() } : { templateName: templateName.trim() };
  if (form === 'cif') {
    if (templateTag.trim() !== '') input.templateTag = templateTag.trim();
    input.templateParameters = given.values;
    for (const tab of tabs) {
      const own = valuesOf(tab.values);
      Object.assign(problems, own.problems);
      if (tab.name !== '' && Object.keys(own.values).length > 0) {
        Object.defineProperty(input.templateParameters, tab.name, { value: own.values, enumerable: true });
      }
    }
  } else {
    const filled = pairs.filter(({ name }) => name !== '');
    input.sessionContext = given.values;
    if (filled.length > 0) input.sessionContext.parametersStr = JSON.stringify(filled.map(({ name, text }) => [name, text]));
  }
  if (!isFocused) input.isFocused = false;
  return { input, problems };
}

/** The API's dry run of the input, repeated shortly after each change. Outdated requests are aborted. */
function useDryRun(connection, input, strict, ready) {
  const [state, setState] = useState({ pending: false });
  const body = JSON.stringify(input);
  useEffect(() => {
    if (!ready) {
      setState({ pending: false });
      return undefined;
    }
    const abort = new AbortController();
    setState(old => ({ ...old, pending: true }));
    const timer = setTimeout(() => {
      connection.send('POST', '/sessions?dryRun=true', { body: JSON.parse(body),
        headers: { Prefer: strict ? 'handling=strict' : undefined }, signal: abort.signal }).then(
        ({ body: session }) => abort.signal.aborted || setState({ session, pending: false }),
        error => abort.signal.aborted || setState({ error, pending: false }),
      );
    }, DEBOUNCE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [connection, body, strict, ready]);
  return state;
}

function useTemplates(connection) {
  const [state, setState] = useState({ list: null, error: null });
  useEffect(() => {
    let wanted = true;
    (async () => {
      const list = [];
      for await (const template of connection.list('/sessionTemplates?status=active&$top=100')) {
        if (!wanted) return;
        list.push(template);
      }
      setState({ list, error: null });
    })().catch(error => wanted && setState({ list: null, error }));
    return () => {
      wanted = false;
    };
  }, [connection]);
  return state;
}

/** Rows for the parameters of a template, followed by the existing rows. */
function prefilled(state, template) {
  const form = template.type === 'entity' ? 'apm' : state.form;
  const typed = state.values.filter(entry => entry.text !== '' && entry.name !== '');
  const before = name => typed.find(entry => entry.name === name);
  const defined = template.parameterDefinitions.map(({ name, type, required, default: value }) => row(name, '', {
    type, text: before(name)?.text ?? (type === 'boolean' ? String(value ?? false) : ''), required, fixed: true,
    optional: type !== 'boolean',
    placeholder: value === null ? '' : String(value),
  }));
  const slugs = [...(template.title ?? '').matchAll(/(?<!\\)\{([^{}"'.$]+)\}/g)].map(([, name]) => name);
  const wanted = slugs.filter(name => !template.parameterDefinitions.some(definition => definition.name === name))
    .map(name => before(name) ?? row(name, '', { optional: true }));
  const rest = typed.filter(({ name }) => !template.parameterDefinitions.some(definition => definition.name === name)
    && !slugs.includes(name));
  const pairs = form === 'apm' && template.type === 'entity'
    ? [row('entityName', template.entity ?? ''), row('entityId', state.pairs.find(({ name }) => name === 'entityId')?.text ?? '')]
    : state.pairs;
  return { ...state, form, templateName: template.uniqueName, values: [...defined, ...wanted, ...rest], pairs };
}

/** `given` is the initial template. */
export function CreateSession({ connection, say, desk, given = '' }) {
  const [state, setState] = useState(EMPTY);
  const templates = useTemplates(connection);
  const template = templates.list?.find(({ uniqueName }) => uniqueName === state.templateName);
  const { input, problems } = useMemo(() => inputOf(state), [state]);
  const ready = Object.keys(problems).length === 0 && (state.by === 'channel' ? state.channel : state.templateName).trim() !== '';
  const dry = useDryRun(connection, input, state.strict, ready);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(null);
  useEffect(() => {
    if (given === '' || templates.list === null && templates.error === null) return;
    const known = templates.list?.find(({ uniqueName }) => uniqueName === given);
    setState(old => old.templateName !== '' ? old : known ? prefilled(old, known) : { ...old, templateName: given });
  }, [templates]);
  const heading = useRef(null);
  useEffect(() => heading.current.focus(), []);
  useEffect(() => setFailure(null), [state]);
  useEffect(() => {
    if (dry.error) say(`The request would be rejected: ${dry.error.message}`);
    if (!dry.session) return;
    const { title, tabs, warnings } = dry.session;
    say(`The session would be ${title}, with ${count(tabs.length, 'tab')} and ${count(warnings.length, 'warning')}.`);
  }, [dry.error, dry.session]);

  const change = what => setState(old => ({ ...old, ...what }));
  const error = failure ?? dry.error;
  const at = name => problemsOf(error, name);
  const container = state.form === 'cif' ? 'templateParameters' : 'sessionContext';

  const create = async event => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setFailure(null);
    try {
      // The methods of the specifications do not have strict handling, which is a header.
      if (state.strict) await connection.send('POST', '/sessions', { body: input, headers: { Prefer: 'handling=strict' } });
      else if (state.form === 'cif') await Microsoft.CIFramework.createSession(input);
      else await Microsoft.Apm.createSession({ ...input, sessionContext: new Map(Object.entries(input.sessionContext)) });
      location.hash = '#/desk';
    } catch (problem) {
      setFailure(problem);
      setBusy(false);
    }
  };

  return h('div', { class: 'create' },
    h('form', { class: 'create-form', onSubmit: create },
      h('h2', { tabIndex: -1, ref: heading }, 'New session'),
      h('div', { class: 'choice', role: 'group', 'aria-label': 'Form' },
        [['cif', 'CIF'], ['apm', 'APM']].map(([form, words]) => h('button', {
          key: form, type: 'button', 'aria-pressed': state.form === form, onClick: () => change({ form }),
        }, `Microsoft.${words === 'CIF' ? 'CIFramework' : 'Apm'}`))),
      h('p', { class: 'examples' }, h('span', { class: 'fine' }, 'Fill in an example of the specification:'),
        h('button', { type: 'button', class: 'quiet', onClick: () => setState(exampleOf('cif')) }, 'CIF: customer Contoso'),
        h('button', { type: 'button', class: 'quiet', onClick: () => setState(exampleOf('apm')) }, 'APM: a case')),
      h('div', { class: 'two' },
        h(Field, { label: 'Selected by' }, attributes => h('select', { ...attributes, value: state.by,
          onChange: event => change({ by: event.currentTarget.value }) },
          h('option', { value: 'template' }, 'its name'), h('option', { value: 'channel' }, 'the app profile, for a channel'))),
        state.by === 'channel'
          ? h(Field, { label: 'Channel', hint: 'Such as chat.', problems: at('channel') }, attributes => h('input', {
            ...attributes, value: state.channel, autocomplete: 'off', spellcheck: false,
            onInput: event => change({ channel: event.currentTarget.value }),
          }))
          : h(TemplateField, { state, templates, problems: at('templateName'), onChoose: chosen => setState(old => prefilled(old, chosen)),
            onType: templateName => change({ templateName }) })),
      state.by === 'template' && template && h('p', { class: 'fine about' },
        `${template.type === 'entity' ? `Entity template for ${template.entity}` : 'Generic template'}, title `,
        h('code', null, template.title ?? 'none'),
        template.description && `. ${template.description}`),
      state.form === 'apm' && h(Scalars, {
        label: 'parametersStr', hint: 'Pairs for the page of the anchor tab', rows: state.pairs, typed: false,
        onChange: pairs => change({ pairs }), add: 'Add a pair', problemsAt: () => [],
      }),
      state.form === 'apm' && at('sessionContext.parametersStr').length > 0
        && h('ul', { class: 'problems' }, at('sessionContext.parametersStr').map(({ message }) => h('li', { key: message }, message))),
      h(Scalars, {
        label: container, hint: state.form === 'cif' ? 'Values for titles and tabs' : 'Values of the context', rows: state.values,
        onChange: values => change({ values }),
        problemsAt: name => at(`${container}.${name}`),
      }),
      state.form === 'cif' && h(TabValues, { tabs: state.tabs, template, at, onChange: tabs => change({ tabs }) }),
      h('details', { class: 'more', open: at('templateTag').length > 0 || undefined },
        h('summary', null, 'Tag, focus, strict handling'),
        state.form === 'cif' && h(Field, { label: 'Tag', hint: 'The template must have this tag.', problems: at('templateTag') },
          attributes => h('input', {
          ...attributes, value: state.templateTag, autocomplete: 'off', spellcheck: false,
          onInput: event => change({ templateTag: event.currentTarget.value }),
        })),
        h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: state.isFocused,
          onChange: event => change({ isFocused: event.currentTarget.checked }) }),
          'Focus the session'),
        h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: state.strict,
          onChange: event => change({ strict: event.currentTarget.checked }) }),
          'Strict: reject requests with warnings')),
      h(Problem, { error: failure, onDismiss: () => setFailure(null) }),
      h('div', { class: 'submit' },
        h(Action, { type: 'submit', class: 'primary', busy, disabled: !ready }, 'Create'),
        h('a', { class: 'button quiet', href: '#/desk' }, 'Cancel'),
        h('span', { class: desk.canCreateSession ? 'fine' : 'fine full' },
          `${desk.openSessions} of ${desk.sessionLimit} sessions are open`))),
    h(Preview, { dry, ready }));
}

const count = (number, noun) => `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`;

function TemplateField({ state, templates, problems, onChoose, onType }) {
  const known = templates.list?.some(({ uniqueName }) => uniqueName === state.templateName);
  const [free, setFree] = useState(false);
  const typing = free || templates.error !== null || templates.list !== null && state.templateName !== '' && !known;
  const hint = templates.error ? `The templates cannot be listed: ${templates.error.message}` : undefined;
  return h(Field, { label: 'Session template', hint, problems }, attributes => typing
    ? h('span', { class: 'with-button' },
      h('input', { ...attributes, value: state.templateName, placeholder: 'unique name', autocomplete: 'off', spellcheck: false,
        onInput: event => onType(event.currentTarget.value) }),
      templates.list && h('button', { type: 'button', class: 'quiet', onClick: () => {
        setFree(false);
        onType('');
      } }, 'List'))
    : h('select', { ...attributes, value: state.templateName, onChange: ({ currentTarget: { value } }) => {
      if (value === '~free') setFree(true);
      else if (value === '') onType('');
      else onChoose(templates.list.find(({ uniqueName }) => uniqueName === value));
    } },
    h('option', { value: '' }, templates.list ? 'Choose …' : 'Loading …'),
    ['generic', 'entity'].map(type => h('optgroup', { key: type, label: type === 'generic' ? 'Generic' : 'Entity' },
      (templates.list ?? []).filter(template => template.type === type).map(({ uniqueName, name }) => h('option',
        { key: uniqueName, value: uniqueName }, name)))),
    h('option', { value: '~free' }, 'Another (enter a unique name) …')));
}

/** Values for one tab, by the unique name of its template. */
function TabValues({ tabs, template, at, onChange }) {
  const known = [template?.anchorTab, ...template?.additionalTabs ?? []].filter(Boolean);
  const replace = (key, what) => onChange(tabs.map(tab => tab.key === key ? { ...tab, ...what } : tab));
  const free = known.filter(name => !tabs.some(tab => tab.name === name));
  return h('div', { class: 'tab-values' },
    tabs.map(tab => h('fieldset', { key: tab.key },
      h('legend', null, 'For one tab'),
      h('span', { class: 'with-button' },
        h('input', { 'aria-label': 'Application tab template', placeholder: 'application tab template', value: tab.name,
          autocomplete: 'off', spellcheck: false,
          onInput: event => replace(tab.key, { name: event.currentTarget.value }) }),
        h('button', { type: 'button', class: 'quiet', onClick: () => onChange(tabs.filter(({ key }) => key !== tab.key)) },
          h(Icon, { name: 'close' }), 'Remove')),
      h(Scalars, {
        label: `Values of ${tab.name || 'the tab'}`, rows: tab.values, onChange: values => replace(tab.key, { values }),
        problemsAt: name => at(`templateParameters.${tab.name}.${name}`),
      }))),
    h('button', { type: 'button', class: 'quiet add', onClick: () => onChange([...tabs,
      { key: row().key, name: free[0] ?? '', values: [row()] }]) },
      h(Icon, { name: 'add' }), 'Values for one tab only'));
}

/** The preview next to the form, computed by the API without storing anything. */
function Preview({ dry: { session, error, pending }, ready }) {
  return h('section', { class: 'preview', 'aria-label': 'Dry run', 'aria-busy': pending ? 'true' : undefined },
    h('div', { class: 'preview-head' }, h('h3', null, 'Dry run'), h('span', { class: 'fine' },
      pending ? 'loading …' : 'computed by the API; nothing is stored')),
    !ready ? h('p', { class: 'empty' }, 'Choose a template to see a preview of the session.')
      : error ? h('div', null, h('p', null, h('strong', null, 'The request would be rejected.')), h(Problem, { error }))
        : session ? h('div', { class: pending ? 'computed pending' : 'computed' },
          h('div', { class: 'heading' }, h(Initials, { of: session.title }),
            h('div', { class: 'words' },
              h('h4', { class: 'title' }, session.title),
              h('p', { class: 'pills' },
                h('span', { class: 'pill' }, session.type === 'entity' ? 'Entity session' : 'Generic session'),
                h('span', { class: 'pill' }, session.templateName),
                h('span', { class: 'pill' }, `Panel ${session.communicationPanelMode}`)))),
          h(Warnings, { warnings: session.warnings, open: true }),
          h('ol', { class: 'preview-tabs' }, session.tabs.map((tab, at) => h('li', { key: at },
            h('div', { class: 'tab-line' }, h(Icon, { name: tab.isAnchor ? 'pin' : tab.pageType }), h('strong', null, tab.title),
              h('span', { class: 'fine' }, `${PAGE_TYPES[tab.pageType]}${tab.isAnchor ? ', anchor' : ''}`)),
            tab.url && h('p', null, h('code', null, tab.url)),
            h('dl', null, Object.entries(tab.parameters).map(([name, value]) => h('div', { key: name }, h('dt', null, name),
              h('dd', null, value === '' ? h('span', { class: 'fine' }, 'empty') : h('code', null, String(value))))))))),
          Object.keys(session.context).length > 0 && h('div', { class: 'preview-context' },
            h('h4', null, 'Context'),
            h('dl', null, Object.entries(session.context).map(([name, value]) => h('div', { key: name }, h('dt', null, name),
              h('dd', null, h('code', null, String(value))))))))
          : null);
}
