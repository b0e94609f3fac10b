import { h, Fragment, useState, useEffect, useLayoutEffect, useRef, useMemo, Dialog, Field, Icon, Problem, problemsOf } from './ui.js';
import { useLoad, usePages, Instant } from './loading.js';
import { kinds, pathOf, hrefOf, originWords, draftOf, contentOf, doubleKeys, differencesOf } from './template-kinds.js';
import { TemplateForm, TemplateFacts, ErrorSummary, Lines } from './template-form.js';
import { Export, Import } from './template-transfer.js';

// A path segment that cannot be a unique name.
const NEW = '~new';

// Unsaved drafts by connection and URL. They are restored when the user returns to the template.
const drafts = new WeakMap();

function draftsOf(connection) {
  if (!drafts.has(connection)) drafts.set(connection, new Map());
  return drafts.get(connection);
}

// The displayed parts of an error. Its details change when rows are moved.
const told = ({ message, errorCode, code, requestId, details }) => ({ message, errorCode, code, requestId, details: details ?? [] });

export function Administration({ connection, say, path }) {
  const [section = 'sessionTemplates', ...rest] = path;
  const kind = kinds[section];
  return h('div', { class: 'administration' },
    h('nav', { 'aria-label': 'Administration', class: 'sections' },
      Object.values(kinds).map(({ path: to, many }) => h(Section, { to, many, section })),
      h(Section, { to: 'myAppProfile', many: 'Effective profile', section }),
      h(Section, { to: 'export', many: 'Export', section }),
      h(Section, { to: 'import', many: 'Import', section })),
    kind ? h(Templates, { key: section, connection, say, kind, rest })
      : section === 'export' ? h(Export, { key: rest.join('/'), connection, say, chosen: rest })
      : section === 'import' ? h(Import, { connection, say })
      : section === 'myAppProfile' ? h(MyAppProfile, { connection })
      : h('p', null, 'This page does not exist. Choose one of the tabs above.'));
}

function Section({ to, many, section }) {
  return h('a', { href: `#/administration/${to}`, 'aria-current': to === section ? 'page' : undefined }, many);
}

function Templates({ connection, say, kind, rest: [uniqueName, part, version] }) {
  const [filter, setFilter] = useState({});
  const query = Object.entries(filter).filter(([, value]) => value)
    .map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join('');
  const list = usePages(connection, `/${kind.path}?$top=50${query}`);
  const [kept, setKept] = useState(() => new Map(draftsOf(connection)));
  const keep = (address, draft) => {
    if (draft) draftsOf(connection).set(address, draft);
    else draftsOf(connection).delete(address);
    setKept(new Map(draftsOf(connection)));
  };
  const changed = saved => {
    if (saved && list.items.some(item => item.uniqueName === saved.uniqueName)) {
      list.change(items => items.map(item => item.uniqueName === saved.uniqueName ? saved : item));
    } else list.reload();
  };
  const shown = useRef(null);
  useEffect(() => {
    // scrollIntoView would also scroll the whole view.
    const entry = shown.current.querySelector('[aria-current]');
    if (!entry) return;
    const [inside, around] = [entry.getBoundingClientRect(), shown.current.getBoundingClientRect()];
    if (inside.top < around.top || inside.bottom > around.bottom) shown.current.scrollTop += inside.top - around.top;
  }, [list.items.length === 0, uniqueName]);
  return h('div', { class: 'templates' },
    h('section', { class: 'template-list', 'aria-label': kind.many },
      h('div', { class: 'head' }, h('h2', null, kind.many),
        h('a', { class: 'button primary', href: hrefOf(kind, NEW) }, h(Icon, { name: 'add' }), 'New')),
      h(Filters, { kind, filter, setFilter }),
      h(Problem, { error: list.error, onRetry: () => list.next ? list.more() : list.reload() }),
      h('ul', { ref: shown }, list.items.map(template => h('li', { key: template.uniqueName },
        h('a', { href: hrefOf(kind, template.uniqueName), 'aria-current': template.uniqueName === uniqueName ? 'true' : undefined },
          h('span', { class: 'name' }, template.name),
          h('code', null, template.uniqueName),
          h('span', { class: 'marks' },
            h(Marks, { template }), kept.has(hrefOf(kind, template.uniqueName)) && h('span', { class: 'pill changed' }, 'not saved'),
            h('span', { class: 'fine' }, kind.summary(template))))))),
      h('p', { class: 'fine', role: 'status' }, list.loading ? 'Loading …'
        : list.error ? '' : list.items.length === 0 ? 'No matches.'
        : `${list.items.length} ${list.items.length === 1 ? kind.one : kind.many.toLowerCase()}${list.next ? ' so far' : ''}`),
      list.next && !list.error && h('button', { type: 'button', disabled: list.loading, onClick: () => list.more() }, 'More')),
    h('section', { class: 'template', 'aria-label': uniqueName ? `The ${kind.one}` : `No ${kind.one} chosen` },
      uniqueName
        ? h(Template, {
          key: uniqueName, connection, say, kind, uniqueName, part, version, onChanged: changed,
            kept: kept.get(hrefOf(kind, uniqueName)) ?? null,
          setKept: draft => keep(hrefOf(kind, uniqueName), draft),
        })
        : h('p', { class: 'empty' }, `Choose a ${kind.one} on the left, or create one.`)));
}

function Marks({ template }) {
  return h(Fragment, null,
    h('span', { class: `pill ${template.origin}` }, originWords[template.origin]),
    template.status === 'inactive' && h('span', { class: 'pill inactive' }, 'inactive'));
}

function Filters({ kind, filter, setFilter }) {
  const set = (name, value) => setFilter(old => ({ ...old, [name]: value }));
  const waiting = useRef(null);
  const later = name => event => {
    const { value } = event.currentTarget;
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => set(name, value.trim()), 250);
  };
  const select = (name, label, options) => h(Field, { label, key: name }, attributes =>
    h('select', { ...attributes, value: filter[name] ?? '', onChange: event => set(name, event.currentTarget.value) },
      h('option', { value: '' }, 'any'), Object.entries(options).map(([value, words]) => h('option', { value }, words))));
  return h('form', { class: 'filters', role: 'search', 'aria-label': `Find among ${kind.many.toLowerCase()}`,
    onSubmit: event => event.preventDefault() },
    h(Field, { label: 'Unique name starts with' }, attributes =>
      h('input', { ...attributes, type: 'search', autocomplete: 'off', spellcheck: false, onInput: later('namePrefix') })),
    h(Field, { label: 'Tag' }, attributes =>
      h('input', { ...attributes, type: 'search', autocomplete: 'off', spellcheck: false, onInput: later('tag') })),
    kind.filters.map(({ name, label, options }) => select(name, label, options)),
    select('status', 'Status', { active: 'active', inactive: 'inactive' }));
}

function Template({ connection, say, kind, uniqueName, part, version, kept, setKept, onChanged }) {
  const isNew = uniqueName === NEW;
  const stored = useLoad(
    signal => isNew ? Promise.resolve({ body: null, etag: null }) : connection.send('GET', pathOf(kind, uniqueName), { signal }),
    [connection, kind, uniqueName],
  );
  const here = hrefOf(kind, uniqueName);
  // A draft is saved with the version that it started from, so that it does not overwrite a version that the user has not seen.
  const base = kept?.base ?? stored.value;
  const draft = useMemo(() => kept?.draft ?? (base ? draftOf(kind, base.body) : null), [kept, base]);
  const dirty = Boolean(kept);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const [dialog, setDialog] = useState(null);
  const form = useRef(null);

  const edit = (changes, cleared) => {
    const edited = { base, draft: { ...draft, ...changes.draft }, uniqueName: changes.uniqueName ?? kept?.uniqueName ?? '' };
    const same = !isNew && JSON.stringify(contentOf(kind, edited.draft)) === JSON.stringify(contentOf(kind, draftOf(kind, base.body)));
    setKept(same ? null : edited);
    // The indexes in the API's error refer to the rows before they were rearranged.
    if (cleared) {
      setError(old => {
        const details = old?.details.filter(({ target }) => !target?.startsWith(cleared));
        return details?.length > 0 ? { ...old, details } : null;
      });
    }
  };
  const change = (name, value, { rearranged } = {}) => edit({ draft: { [name]: value } }, rearranged && name);

  const settled = (answer, words) => {
    setError(null);
    setDialog(null);
    setKept(null);
    onChanged(answer.body);
    say(words(answer.body));
    if (isNew) location.hash = hrefOf(kind, answer.body.uniqueName);
    else stored.replace(answer);
  };
  const act = async (work, failed) => {
    setBusy(true);
    try {
      await work();
    } catch (problem) {
      await failed(problem);
    } finally {
      setBusy(false);
    }
  };

  const save = headers => act(async () => {
    const double = doubleKeys(kind, draft);
    if (double.length > 0) {
      setError({ details: double });
      return;
    }
    const content = contentOf(kind, draft);
    if (isNew) {
      settled(await connection.send('POST', `/${kind.path}`, { body: { uniqueName: kept?.uniqueName ?? '', ...content } }),
        body => `${body.name} was stored.`);
    } else {
      settled(await connection.send('PUT', pathOf(kind, uniqueName), { body: content, headers }),
        body => `Saved as version ${body.version}.`);
    }
  }, problem => problem.errorCode === 412 ? clashed(problem)
    // An error about an existing name belongs to the name field.
    : setError(problem.code === 'nameAlreadyExists' && isNew
      ? { ...told(problem), details: [{ target: 'uniqueName', message: problem.message }] } : told(problem)));

  // To avoid overwriting unseen changes, the current version is read and shown next to the draft.
  const clashed = async problem => {
    setError(null);
    try {
      setDialog({ is: 'conflict', problem, theirs: await connection.send('GET', pathOf(kind, uniqueName)) });
    } catch (later) {
      if (later.errorCode === 404) setDialog({ is: 'conflict', problem, theirs: null });
      else setError(told(later));
    }
  };

  if (!stored.value || !draft) {
    return stored.error ? h(Problem, { error: stored.error, onRetry: stored.reload }) : h('p', { role: 'status' }, 'Loading …');
  }
  const template = stored.value.body;
  const readOnly = template && template.origin !== 'custom';
  const parts = isNew ? [] : [
    [undefined, readOnly ? 'Fields' : 'Edit'],
    kind === kinds.notificationTemplates && ['preview', 'Preview'],
    kind === kinds.appProfiles && !readOnly && ['users', 'Users'],
    ['versions', 'Versions'],
  ].filter(Boolean);

  return h(Fragment, null,
    h('header', { class: 'head' },
      h('div', null,
        h('h2', null, isNew ? `New ${kind.one}` : template.name),
        template && h('p', { class: 'fine' },
          h('code', null, template.uniqueName), ' ', h(Marks, { template }), template.version > 0 && h(Fragment, null,
            ` version ${template.version}, `, h(Instant, { value: template.lastModifiedDateTime }), ` by ${template.lastModifiedBy}`))),
      h('div', { class: 'actions' },
        template && kind === kinds.sessionTemplates
          && h('a', { class: 'button', href: `#/desk/create/${encodeURIComponent(uniqueName)}` }, h(Icon, { name: 'open' }),
            'Try this template'),
        template && h('button', { type: 'button', onClick: () => setDialog({ is: 'clone' }) }, h(Icon, { name: 'copy' }), 'Clone'),
        template && h('a', { class: 'button', href: `#/administration/export/${kind.kind}/${encodeURIComponent(uniqueName)}` }, 'Export'),
        template && !readOnly && h('button', { type: 'button', class: 'danger', onClick: () => setDialog({ is: 'delete' }) },
          h(Icon, { name: 'delete' }), 'Delete'))),
    parts.length > 0 && h('nav', { class: 'parts', 'aria-label': 'Parts' }, parts.map(([to, label]) => h('a', {
      href: hrefOf(kind, ...[uniqueName, to].filter(Boolean)), 'aria-current': to === part ? 'page' : undefined,
    }, label))),
    stored.error && h(Problem, { error: stored.error, onRetry: stored.reload }),
    part === 'versions' ? h(Versions, {
      connection, say, kind, uniqueName, version, current: stored.value,
        onRestored: answer => settled(answer, body => `Restored as version ${body.version}.`),
      onReload: stored.reload,
    })
      : part === 'users' ? h(Users, { connection, say, kind, uniqueName })
      : part === 'preview' ? h(Preview, { key: template.version, connection, template, dirty })
      : readOnly ? h(Fragment, null,
        h('p', { class: 'note' }, template.origin === 'example'
          ? 'This template is a read-only example. Clone it, or store your own template under this name to replace it.'
          : 'This template is built in and read-only. Clone it to get an editable copy.'),
        h(TemplateFacts, { kind, template }))
      : h('form', {
        ref: form, class: 'template-form', noValidate: true, onSubmit: event => {
          event.preventDefault();
          save({ 'If-Match': base.etag });
        },
      },
      h(ErrorSummary, { error, form, heading: isNew ? 'The template was not stored.' : 'The template was not saved.' }),
      kept?.base && !isNew && stored.value.etag !== kept.base.etag && h('p', { class: 'note' },
        `Your draft is based on version ${kept.base.body.version}, but version ${template.version} has been stored since. Saving shows both.`),
      h(TemplateForm, {
        connection, kind, draft, error, onChange: change,
        uniqueName: kept?.uniqueName ?? '', onUniqueName: isNew ? typed => edit({ uniqueName: typed }, 'uniqueName') : undefined,
      }),
      h('div', { class: 'actions bar' },
        h('button', { type: 'submit', class: 'primary', disabled: busy || (!dirty && !isNew) },
          busy ? 'Sending …' : isNew ? 'Create' : 'Save'),
        h('button', {
          type: 'button', disabled: !dirty, onClick: () => {
            setKept(null);
            setError(null);
            say('Your changes were discarded.');
          },
        }, 'Discard changes'),
        h('span', { class: 'fine', role: 'status' }, dirty ? 'Not saved yet' : ''))),
    h(LeaveGuard, { dirty, here, onDiscard: () => setKept(null) }),
    dialog?.is === 'conflict' && h(Conflict, {
      kind, dialog, mine: contentOf(kind, draft), base, busy,
      onTheirs: () => {
        setKept(null);
        setDialog(null);
        if (dialog.theirs) {
          stored.replace(dialog.theirs);
          onChanged(dialog.theirs.body);
          say('The stored version is shown.');
        } else {
          onChanged(null);
          location.hash = hrefOf(kind);
        }
      },
      onMine: () => save(dialog.theirs ? { 'If-Match': dialog.theirs.etag } : { 'If-None-Match': '*' }),
      onClose: () => setDialog(null),
    }),
    dialog?.is === 'clone' && h(CloneDialog, {
      connection, kind, template, onClose: () => setDialog(null),
      onCloned: body => {
        setDialog(null);
        onChanged(body);
        say(`${body.name} was stored as ${body.uniqueName}.`);
        location.hash = hrefOf(kind, body.uniqueName);
      },
    }),
    dialog?.is === 'delete' && h(DeleteDialog, {
      connection, kind, stored: stored.value, onClose: () => setDialog(null), onLook: () => {
        setDialog(null);
        stored.reload();
      },
      onDeleted: () => {
        setKept(null);
        setDialog(null);
        onChanged(null);
        say(`${template.name} was deleted.`);
        location.hash = hrefOf(kind);
      },
    }));
}

/** Asks for confirmation before the user leaves or closes the page with unsaved changes. */
function LeaveGuard({ dirty, here, onDiscard }) {
  const [leaving, setLeaving] = useState(null);
  useLayoutEffect(() => {
    if (!dirty) return undefined;
    const clicked = event => {
      const href = event.target.closest?.('a[href^="#/"]')?.getAttribute('href');
      if (!href || href === here || href.startsWith(`${here}/`) || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      setLeaving(href);
    };
    const closing = event => event.preventDefault();
    document.addEventListener('click', clicked, true);
    window.addEventListener('beforeunload', closing);
    return () => {
      document.removeEventListener('click', clicked, true);
      window.removeEventListener('beforeunload', closing);
    };
  }, [dirty, here]);
  if (!leaving) return null;
  const leave = () => {
    setLeaving(null);
    location.hash = leaving;
  };
  return h(Dialog, { title: 'Not saved yet', onClose: () => setLeaving(null) },
    h('p', null, 'Your changes are not saved. If you keep them, they are restored when you return, until you close this page.'),
    h('div', { class: 'choices' },
      h('button', { type: 'button', class: 'primary', onClick: () => setLeaving(null) }, 'Stay'),
      h('button', { type: 'button', onClick: leave }, 'Leave and keep changes'),
      h('button', {
        type: 'button', class: 'danger', onClick: () => {
          onDiscard();
          leave();
        },
      }, 'Leave and discard changes')));
}

function Comparison({ kind, before, after, beforeIs, afterIs }) {
  const differences = differencesOf(kind, before, after);
  if (differences.length === 0) return h('p', null, 'Both are the same.');
  return h('table', { class: 'comparison' },
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Field'), h('th', { scope: 'col' }, beforeIs),
      h('th', { scope: 'col' }, afterIs))),
    h('tbody', null, differences.map(({ field, before: was, after: is }) => h('tr', { key: field.name },
      h('th', { scope: 'row' }, field.label), h('td', null, h(Lines, { lines: was })), h('td', null, h(Lines, { lines: is }))))));
}

function Conflict({ kind, dialog: { problem, theirs }, mine, base, busy, onTheirs, onMine, onClose }) {
  return h(Dialog, { title: theirs ? 'Changed by another user' : 'Template deleted', onClose },
    theirs
      ? h(Fragment, null,
        h('p', null, `Your draft is based on version ${base.body.version}. `,
          `${theirs.body.lastModifiedBy} has since stored version ${theirs.body.version}, `,
          h(Instant, { value: theirs.body.lastModifiedDateTime }), '. Your changes are not saved.'),
        h('p', { class: 'fine' }, `Response of the API: ${problem.message}`),
        h(Comparison, {
          kind, before: theirs.body, after: mine, beforeIs: `Stored version ${theirs.body.version}`, afterIs: 'Your draft',
        }))
      : h('p', null, 'The template was deleted after you opened it. Your changes are not saved.'),
    h('div', { class: 'choices' },
      h('button', { type: 'button', onClick: onTheirs, disabled: busy }, theirs ? 'Use the stored version' : 'Discard your draft'),
      h('button', { type: 'button', class: 'danger', onClick: onMine, disabled: busy },
        theirs ? 'Overwrite with your draft' : 'Store it again'),
      h('button', { type: 'button', onClick: onClose }, 'Continue editing')));
}

function CloneDialog({ connection, kind, template, onClose, onCloned }) {
  const [uniqueName, setUniqueName] = useState('');
  const [name, setName] = useState('');
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const clone = async event => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const body = name.trim() === '' ? { uniqueName } : { uniqueName, name };
      onCloned((await connection.send('POST', pathOf(kind, template.uniqueName, 'clone'), { body })).body);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const placed = ['uniqueName', 'name'].some(target => problemsOf(error, target).length > 0);
  return h(Dialog, { title: `Clone ${template.name}`, onClose },
    h('form', { onSubmit: clone },
      h(Field, { label: 'Unique name of the clone', hint: 'Such as contoso_call.', problems: problemsOf(error, 'uniqueName') },
        attributes =>
        h('input', { ...attributes, value: uniqueName, autocomplete: 'off', spellcheck: false,
          onInput: event => setUniqueName(event.currentTarget.value) })),
      h(Field, { label: 'Name', hint: 'Default: the name of the original.', problems: problemsOf(error, 'name') }, attributes =>
        h('input', { ...attributes, value: name, autocomplete: 'off', onInput: event => setName(event.currentTarget.value) })),
      !placed && h(Problem, { error }),
      h('div', { class: 'choices' },
        h('button', { type: 'submit', class: 'primary', disabled: busy }, 'Clone'),
        h('button', { type: 'button', onClick: onClose }, 'Cancel'))));
}

function DeleteDialog({ connection, kind, stored, onClose, onLook, onDeleted }) {
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const remove = async etag => {
    setBusy(true);
    setError(null);
    try {
      await connection.send('DELETE', pathOf(kind, stored.body.uniqueName), { headers: { 'If-Match': etag } });
      onDeleted();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return h(Dialog, { title: `Delete ${stored.body.name}?`, onClose },
    h('p', null, h('code', null, stored.body.uniqueName), ' and its versions will be deleted.',
      kind === kinds.sessionTemplates && ' Sessions created from it do not change.'),
    error?.code === 'templateInUse' ? h(InUse, { kind, uniqueName: stored.body.uniqueName, error, onClose })
      : error?.errorCode === 412 ? h('div', { class: 'problem', role: 'alert' },
        h('p', null, `The template was changed after you opened version ${stored.body.version} and was not deleted. ${error.message}`))
      : h(Problem, { error }),
    h('div', { class: 'choices' },
      error?.errorCode === 412
        ? h('button', { type: 'button', class: 'primary', onClick: onLook }, 'Show the stored version')
        : h('button', { type: 'button', class: 'danger', disabled: busy, onClick: () => remove(stored.etag) }, 'Delete'),
      h('button', { type: 'button', onClick: onClose }, error ? 'Close' : 'Cancel')));
}

/** The API's message, with the named users of the template as links. */
function InUse({ kind, uniqueName, error, onClose }) {
  const users = / is used by (.*)\. Remove /.exec(error.message)?.[1] ?? '';
  const [before, after] = users ? error.message.split(users) : [error.message, ''];
  const linked = users.split(/(, | and )/).map(word =>
    /^(, | and |\d+ (more|others)|)$/.test(word) ? word
      : h('a', { href: kind.usedBy === 'users' ? hrefOf(kind, uniqueName, 'users') : hrefOf(kinds[kind.usedBy], word), onClick: onClose },
        word));
  return h('div', { class: 'problem', role: 'alert' },
    h('p', null, before, linked, after), h('p', { class: 'fine' }, `${error.errorCode} ${error.code}`,
      error.requestId && ` · request ${error.requestId}`));
}

function Versions({ connection, kind, uniqueName, version, current, onRestored, onReload }) {
  const versions = usePages(connection, `${pathOf(kind, uniqueName, 'versions')}?$top=50`);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => setError(null), [version]);
  useEffect(() => { versions.reload(); }, [current.etag]);
  const chosen = useLoad(
    signal => version === undefined ? Promise.resolve(null)
      : connection.send('GET', pathOf(kind, uniqueName, 'versions', version), { signal }),
    [connection, kind, uniqueName, version],
  );
  const restore = async () => {
    setBusy(true);
    setError(null);
    try {
      onRestored(await connection.send('POST', pathOf(kind, uniqueName, 'versions', chosen.value.body.version, 'restore'),
        { headers: { 'If-Match': current.etag } }));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const shown = chosen.value?.body;
  return h('div', { class: 'versions' },
    h('div', null,
      h(Problem, { error: versions.error, onRetry: versions.reload }),
      h('ol', { 'aria-label': 'Versions, newest first' }, versions.items.map(item => h('li', { key: item.version },
        h('a', { href: hrefOf(kind, uniqueName, 'versions', item.version),
          'aria-current': String(item.version) === version ? 'true' : undefined },
          item.version === 0 ? 'As shipped' : `Version ${item.version}`, item.version === current.body.version ? ', current' : ''),
        item.version > 0 && h('p', { class: 'fine' }, h(Instant, { value: item.lastModifiedDateTime }), ` by ${item.lastModifiedBy}`)))),
      versions.next && !versions.error && h('button', { type: 'button', disabled: versions.loading, onClick: () => versions.more() },
        'More')),
    h('div', { class: 'chosen' },
      version === undefined && h('p', { class: 'empty' }, 'Choose a version to see it and its differences from the current version.'),
      h(Problem, { error: chosen.error, onRetry: chosen.reload }),
      shown && h(Fragment, null,
        h('h3', null, shown.version === 0 ? 'As shipped' : `Version ${shown.version}`),
        shown.version !== current.body.version && h(Fragment, null,
          h(Comparison, {
            kind, before: shown, after: current.body, beforeIs: `Version ${shown.version}`, afterIs: `Now, version ${current.body.version}`,
          }),
          error?.errorCode === 412
            ? h('div', { class: 'problem', role: 'alert' },
              h('p', null, `The template was changed after you opened version ${current.body.version}. No version was restored. ${error.message}`),
              h('button', { type: 'button', onClick: onReload }, 'Show the stored version'))
            : h(Problem, { error, onRetry: restore }),
          h('p', null, h('button', { type: 'button', disabled: busy, onClick: restore }, `Restore version ${shown.version}`))),
        h(TemplateFacts, { kind, template: shown }))));
}

function Users({ connection, say, kind, uniqueName }) {
  const users = usePages(connection, `${pathOf(kind, uniqueName, 'users')}?$top=100`);
  const [userId, setUserId] = useState('');
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const act = async (about, method, id, words) => {
    setBusy(true);
    setError(null);
    try {
      const answer = await connection.send(method, pathOf(kind, uniqueName, 'users', id));
      users.reload();
      say(words(answer));
      return true;
    } catch (problem) {
      setError({ about, problem });
      return false;
    } finally {
      setBusy(false);
    }
  };
  const add = async event => {
    event.preventDefault();
    if (await act(null, 'PUT', userId.trim(), () => `The profile was assigned to ${userId.trim()}.`)) setUserId('');
  };
  return h('div', { class: 'users' },
    h('form', { class: 'inline', onSubmit: add },
      h(Field, { label: 'User id', hint: 'A user has one profile. Assigning this profile replaces the previous one.' }, attributes => h('input', {
        ...attributes, value: userId, autocomplete: 'off', spellcheck: false, onInput: event => setUserId(event.currentTarget.value),
      })),
      h('button', { type: 'submit', class: 'primary', disabled: busy || userId.trim() === '' }, 'Assign profile')),
    error?.about === null && h(Problem, { error: error.problem }),
    h(Problem, { error: users.error, onRetry: users.reload }),
    users.items.length > 0 && h('table', null,
      h('caption', null, 'Users with this profile'),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'User id'), h('th', { scope: 'col' }, 'Since'),
        h('th', { scope: 'col' }, 'By'),
        h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, 'Action')))),
      h('tbody', null, users.items.map(user => h('tr', { key: user.userId },
        h('th', { scope: 'row' }, user.userId), h('td', null, h(Instant, { value: user.assignedDateTime })), h('td', null, user.assignedBy),
        h('td', null,
          h('button', {
            type: 'button', disabled: busy, 'aria-label': `Remove the profile from ${user.userId}`,
            onClick: () => act(user.userId, 'DELETE', user.userId, () => `The profile was removed from ${user.userId}.`),
          }, 'Remove'),
          error?.about === user.userId && h(Problem, { error: error.problem })))))),
    users.next && !users.error && h('button', { type: 'button', disabled: users.loading, onClick: () => users.more() }, 'More'),
    h('p', { class: 'fine', role: 'status' }, users.loading ? 'Loading …' : !users.error && users.items.length === 0
      ? 'No user has this profile.' : ''));
}

const slugs = template => [...new Set([template.title, ...template.fields.map(({ value }) => value)].filter(Boolean)
  .flatMap(text => [...text.matchAll(/(?<!\\)\{([^{}'"$]+)\}/g)].map(([, key]) => key)))];

function Preview({ connection, template, dirty }) {
  const [values, setValues] = useState(() => Object.fromEntries(slugs(template).map(key => [key, ''])));
  const [rendered, setRendered] = useState(null);
  const [error, setError] = useState(null);
  const render = async event => {
    event?.preventDefault();
    setError(null);
    try {
      const templateParameters = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
      setRendered((await connection.send('POST', pathOf(kinds.notificationTemplates, template.uniqueName, 'render'),
        { body: { templateParameters } })).body);
    } catch (problem) {
      setError(problem);
    }
  };
  useEffect(() => { render(); }, []);
  return h('div', { class: 'rendering' },
    h('form', { onSubmit: render },
      dirty && h('p', { class: 'note' }, `This shows the stored version ${template.version}, without your changes.`),
      Object.keys(values).length === 0 && h('p', { class: 'fine' }, 'The template has no slugs, so it always looks like this.'),
      Object.keys(values).map(key => h(Field, { key, label: key, problems: problemsOf(error, `templateParameters.${key}`) },
        attributes => h('input', {
        ...attributes, value: values[key], autocomplete: 'off',
        onInput: event => setValues({ ...values, [key]: event.currentTarget.value }),
      }))),
      h('button', { type: 'submit', class: 'primary' }, 'Render'),
      h(Problem, { error, onRetry: render })),
    rendered && h('div', null,
      h('div', { class: `notification ${rendered.theme}`, role: 'group', 'aria-label': 'The notification as an agent sees it' },
        h('p', { class: 'title' }, rendered.title),
        rendered.fields.length > 0 && h('dl', null, rendered.fields.map(field => h('div', { key: field.name },
          h('dt', null, field.fieldHeader ?? field.name), h('dd', null, field.value)))),
        h('p', { class: 'choices' }, h('span', { class: 'accept' }, rendered.acceptButtonText),
          rendered.showRejectButton && h('span', { class: 'reject' }, rendered.rejectButtonText),
          rendered.showTimeout && h('span', { class: 'timeout' }, `${rendered.timeout} s`))),
      h('p', { class: 'fine' }, `Icon ${rendered.icon}. Desktop notification: ${rendered.desktopNotification}.`,
        rendered.autoAccept && ' Accepted automatically.', rendered.autoPopupSession && ' The session opens automatically.'),
      rendered.warnings.length > 0 && h('ul', { class: 'unresolved' }, rendered.warnings.map(({ target, message }) =>
        h('li', null, h('code', null, target), ' ', message)))));
}

function MyAppProfile({ connection }) {
  const [asked, setAsked] = useState({ channel: '', entity: '' });
  const [typed, setTyped] = useState(asked);
  const query = Object.entries(asked).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const answer = useLoad(signal => connection.send('GET', `/me/appProfile${query && `?${query}`}`, { signal }), [connection, query]);
  const mine = answer.value?.body;
  const reasons = {
    user: 'it is assigned to you', role: `your token has its role ${mine?.role}, and no profile with a lower order matches`,
    default: 'no profile is assigned to you, no profile matches your roles, and it is the tenant\'s default',
    builtIn: 'no profile is assigned to you, no profile matches your roles, and the tenant has no default',
  };
  return h('section', { class: 'my-profile', 'aria-label': 'Effective profile' },
    h('h2', null, 'My app profile and the reason for it'),
    h(Problem, { error: answer.error, onRetry: answer.reload }),
    answer.loading && !mine && h('p', { role: 'status' }, 'Loading …'),
    mine && h('p', { class: 'answer' }, h('a', { href: hrefOf(kinds.appProfiles, mine.appProfile.uniqueName) }, mine.appProfile.name),
      `, because ${reasons[mine.reason]}.`),
    h('form', {
      class: 'inline', onSubmit: event => {
        event.preventDefault();
        setAsked({ channel: typed.channel.trim(), entity: typed.entity.trim() });
      },
    },
    ['channel', 'entity'].map(name => h(Field, { key: name, label: name === 'channel' ? 'Channel' : 'Entity',
      problems: problemsOf(answer.error, name) },
      attributes => h('input', {
        ...attributes, value: typed[name], autocomplete: 'off', spellcheck: false,
        onInput: event => setTyped({ ...typed, [name]: event.currentTarget.value }),
      }))),
    h('button', { type: 'submit', class: 'primary' }, 'Find the session template')),
    mine && query && h('p', { role: 'status' }, mine.sessionTemplate
      ? h(Fragment, null, 'Sessions are created from ',
        h('a', { href: hrefOf(kinds.sessionTemplates, mine.sessionTemplate) }, mine.sessionTemplate), '.')
      : 'The profile has no session template for this.'),
    mine && h(TemplateFacts, { kind: kinds.appProfiles, template: mine.appProfile }));
}
