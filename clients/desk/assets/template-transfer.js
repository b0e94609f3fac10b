import { h, Fragment, useState, useEffect, useRef, useMemo, Problem, Field } from './ui.js';
import { kindOf, hrefOf } from './template-kinds.js';

/** `chosen` is a kind and a unique name, or absent for all templates. */
export function Export({ connection, say, chosen: [kind, uniqueName] }) {
  const [state, setState] = useState(null);
  const running = useRef(null);
  useEffect(() => () => running.current?.abort(), []);
  const run = async () => {
    const abort = running.current = new AbortController();
    const value = [];
    setState({ loading: true, value });
    try {
      let page = `/templates/export?$top=100${uniqueName ? `&templates=${encodeURIComponent(`${kind}/${uniqueName}`)}` : ''}`;
      while (page) {
        const { body } = await connection.send('GET', page, { signal: abort.signal });
        value.push(...body.value);
        page = body['@odata.nextLink'];
        setState({ loading: Boolean(page), value: [...value] });
      }
      say(`${value.length} exported.`);
    } catch (error) {
      // An incomplete export is not offered.
      if (!abort.signal.aborted) setState({ error });
    }
  };
  useEffect(() => { run(); }, []);
  const json = useMemo(() => state?.value && !state.loading ? JSON.stringify({ value: state.value }, null, 2) : null, [state]);
  return h('section', { class: 'transfer', 'aria-label': 'Export' },
    h('h2', null, 'Export'),
    h('p', null, uniqueName ? h(Fragment, null, h('code', null, uniqueName), ' and the templates that it refers to. ',
      h('a', { href: '#/administration/export' }, 'Export all'))
      : 'All templates and app profiles of this tenant, except built-in ones, which exist in every tenant.'),
    state?.loading && h('p', { role: 'status' }, `Loading … ${state.value.length} so far`),
    h(Problem, { error: state?.error, onRetry: run }),
    json && h(Fragment, null,
      h('div', { class: 'actions' },
        h(Download, { json, name: uniqueName ? `${uniqueName}.json` : 'templates.json' }),
        h('span', { class: 'fine' },
          `${state.value.length} ${state.value.length === 1 ? 'entry' : 'entries'}, ${Math.ceil(json.length / 1024)} KiB`)),
      h(Preview, { json })));
}

function Download({ json, name }) {
  const address = useMemo(() => URL.createObjectURL(new Blob([json], { type: 'application/json' })), [json]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return h('a', { class: 'button primary', href: address, download: name }, `Download ${name}`);
}

const shown = 100000;

function Preview({ json }) {
  return h(Fragment, null,
    h('pre', { class: 'json', tabIndex: 0, 'aria-label': 'The export' }, json.slice(0, shown)),
    json.length > shown && h('p', { class: 'fine' }, 'The download contains the rest.'));
}

const statusWords = {
  created: 'new', changed: 'changed: a new version', unchanged: 'unchanged', conflict: 'cannot be imported',
    builtInSkipped: 'built in: unchanged',
  pending: 'pending: the time limit was reached first',
};
const doneWords = { ...statusWords, created: 'created', changed: 'changed' };

/** Each import requires a dry run, and sends exactly the same content. */
export function Import({ connection, say }) {
  const [text, setText] = useState('');
  const [plan, setPlan] = useState(null);
  const [report, setReport] = useState(null);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const change = typed => {
    setText(typed);
    setPlan(null);
    setReport(null);
    setError(null);
  };
  const parsed = useMemo(() => {
    if (text.trim() === '') return {};
    try {
      return { body: JSON.parse(text) };
    } catch (problem) {
      return { problem: { message: `The text is not valid JSON: ${problem.message}` } };
    }
  }, [text]);
  const send = async dryRun => {
    setBusy(true);
    setError(null);
    try {
      const { body } = await connection.send('POST', `/templates/import${dryRun ? '?dryRun=true' : ''}`, { body: parsed.body });
      (dryRun ? setPlan : setReport)(body);
      say(dryRun ? `Plan: ${countWords(body.counts, statusWords)}.` : `Imported: ${countWords(body.counts, doneWords)}.`);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const read = async event => {
    const file = event.currentTarget.files[0];
    if (!file) return;
    try {
      change(await file.text());
    } catch (problem) {
      change('');
      setError({ message: `${file.name} could not be read: ${problem.message}`, code: problem.name });
    }
  };
  const items = Array.isArray(parsed.body) ? parsed.body : parsed.body?.value;
  const faulty = error?.details?.some(({ target }) => indexOf(target) !== null);
  return h('section', { class: 'transfer', 'aria-label': 'Import' },
    h('h2', null, 'Import'),
    h('p', null, 'Import an export or rows of Dataverse. The dry run comes first and writes nothing.'),
    h(Field, { label: 'File' }, attributes =>
      h('input', { ...attributes, type: 'file', accept: '.json,application/json', onChange: read })),
    h(Field, { label: 'JSON', problems: parsed.problem ? [parsed.problem] : [] }, attributes => h('textarea', {
      ...attributes, class: 'json', rows: 10, spellcheck: false, value: text, onInput: event => change(event.currentTarget.value),
    })),
    h('div', { class: 'actions' },
      h('button', { type: 'button', class: plan ? '' : 'primary', disabled: busy || parsed.body === undefined, onClick: () => send(true) },
        'Dry run'),
      h('button', {
        type: 'button', class: plan ? 'primary' : '', disabled: busy || !plan || plan.counts.conflict > 0 || report?.complete,
        onClick: () => send(false),
      }, report && !report.complete ? 'Continue the import' : 'Import'),
      !plan && h('span', { class: 'fine' }, 'Run a dry run of this text before the import.'),
      plan?.counts.conflict > 0 && h('span', { class: 'fine' }, 'Nothing is imported while an entry has errors. Fix the errors, then retry.')),
    error && (faulty
      ? h('div', { class: 'problem', role: 'alert' }, h('p', null, error.message),
        h('p', { class: 'fine' }, `${error.errorCode} ${error.code}`))
      : h(Problem, { error })),
    faulty && Array.isArray(items) && h(FaultyItems, { items, error }),
    !error && (report ?? plan) && h(Report, { report: report ?? plan }));
}

function countWords(counts, words) {
  return Object.entries(counts).filter(([, count]) => count > 0).map(([status, count]) => `${count} ${words[status]}`).join(', ')
    || 'nothing to do';
}

const indexOf = target => {
  const found = /^(?:value)?\[(\d+)\]/.exec(target ?? '');
  return found && Number(found[1]);
};

const columns = (...names) => h('thead', null, h('tr', null, names.map(name => h('th', { scope: 'col' }, name))));

function FaultyItems({ items, error }) {
  const byItem = new Map();
  const others = [];
  for (const detail of error.details) {
    const index = indexOf(detail.target);
    if (index === null) others.push(detail);
    else byItem.set(index, [...byItem.get(index) ?? [], detail]);
  }
  return h(Fragment, null,
    others.length > 0 && h('ul', { class: 'problems' }, others.map(({ message }) => h('li', null, message))),
    h('table', { class: 'report' }, h('caption', null, 'Errors to fix'), columns('Entry', 'Kind', 'Unique name', 'Error'),
      h('tbody', null, [...byItem].sort(([a], [b]) => a - b).map(([index, details]) => h('tr', { key: index },
        h('th', { scope: 'row' }, index), h('td', null, items[index]?.kind),
          h('td', null, items[index]?.uniqueName ?? items[index]?.msdyn_uniquename),
        h('td', null, h('ul', { class: 'problems' }, details.map(({ message }) => h('li', null, message)))))))));
}

function Report({ report }) {
  const words = report.dryRun ? statusWords : doneWords;
  const caption = report.dryRun ? `Plan: ${countWords(report.counts, words)}. Nothing has been written.`
    : `Imported: ${countWords(report.counts, words)}.${report.complete ? '' : ' The import is not complete.'}`;
  return h(Fragment, null,
    h('table', { class: 'report' }, h('caption', null, caption),
      columns('Kind', 'Unique name', report.dryRun ? 'Planned result' : 'Result'),
      h('tbody', null, report.value.map(entry => {
        const kind = kindOf(entry.kind);
        const there = !report.dryRun || !['created', 'conflict'].includes(entry.status);
        return h('tr', { key: `${entry.kind}/${entry.uniqueName}` },
          h('td', null, kind?.one ?? entry.kind),
          h('th', { scope: 'row' }, kind && there ? h('a', { href: hrefOf(kind, entry.uniqueName) }, entry.uniqueName) : entry.uniqueName),
          h('td', null, h('span', { class: `pill ${entry.status}` }, words[entry.status]),
            entry.message && h('p', { class: 'problems' }, entry.message)));
      }))),
    report.notCarried.length > 0 && h('details', { open: true },
      h('summary', null, `${report.notCarried.length} not imported`),
      h('ul', null, report.notCarried.map(({ target, message, count }) =>
        h('li', null, h('code', null, target), count > 1 && ` and ${count - 1} more`, ' ', message)))));
}
