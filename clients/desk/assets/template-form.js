import { h, Fragment, useState, useEffect, useRef, Field, Icon, problemsOf } from './ui.js';
import { kinds, hrefOf, linesOf } from './template-kinds.js';

const at = (error, target) => (error?.details ?? []).filter(detail => detail.target === target);

function Problems({ problems }) {
  return problems.length > 0 && h('ul', { class: 'problems' }, problems.map(problem => h('li', null, problem.message)));
}

function Select({ options, value, unset, number, onChange, ...attributes }) {
  const known = Object.keys(options);
  const current = value === null || value === undefined ? '' : String(value);
  return h('select', {
    ...attributes, value: current,
    onChange: event => {
      const chosen = event.currentTarget.value;
      onChange(chosen === '' ? null : number ? Number(chosen) : chosen);
    },
  },
  (unset || current === '') && h('option', { value: '' }, unset ?? ''),
  current !== '' && !known.includes(current) && h('option', { value: current }, current),
  known.map(option => h('option', { value: option }, options[option])));
}

function TrueOrFalse({ value, unset, onChange, ...attributes }) {
  return h(Select, {
    ...attributes, unset, value, options: { true: 'true', false: 'false' },
    onChange: chosen => onChange(chosen === 'true' ? true : chosen === 'false' ? false : chosen),
  });
}

function control(field, value, row, onChange, attributes) {
  const text = {
    ...attributes, value: value ?? '', 'aria-required': field.required ? 'true' : undefined, autocomplete: 'off', spellcheck: false,
    onInput: event => onChange(event.currentTarget.value),
  };
  switch (field.control) {
    case 'longText':
      return h('textarea', { ...text, rows: 2, spellcheck: true });
    case 'number':
      return h('input', { ...text, type: 'text', inputmode: 'numeric', class: 'short' });
    case 'flag':
      return h('input', { ...attributes, type: 'checkbox', checked: value === true,
        onChange: event => onChange(event.currentTarget.checked) });
    case 'optionalFlag':
      return h(TrueOrFalse, { ...attributes, value, unset: 'not set', onChange });
    case 'choice':
      return h(Select, { ...attributes, options: field.options, value, onChange });
    case 'optionalChoice':
      return h(Select, { ...attributes, options: field.options, value, unset: 'not set', number: field.number, onChange });
    case 'scalar':
      return field.typeOf(row) === 'boolean' ? h(TrueOrFalse, { ...attributes, value, unset: 'none', onChange })
        : h('input', { ...text, type: 'text', inputmode: field.typeOf(row) === 'number' ? 'decimal' : undefined });
    case 'reference':
      return h('span', { class: 'with-link' },
        h('input', { ...text, type: 'text', list: `names-of-${field.references}` }),
        value && h('a', { href: hrefOf(kinds[field.references], value), 'aria-label': `Open ${value}` }, 'Open'));
    default:
      return h('input', { ...text, type: 'text' });
  }
}

function Leaf({ field, target, value, row, error, problems = problemsOf(error, target), onChange, hint = field.hint }) {
  return h('div', { 'data-target': target, class: `leaf ${field.control}-leaf` },
    h(Field, { label: field.required ? h(Fragment, null, field.label, h('span', { class: 'required' }, ' (required)')) : field.label, hint,
      problems },
      attributes => control(field, value, row, onChange, attributes)));
}

const RowButton = ({ icon, label, onClick }) =>
  h('button', { type: 'button', class: 'quiet icon', 'aria-label': label, title: label, disabled: !onClick, onClick },
    h(Icon, { name: icon }));

/** `onUp` and `onDown` are absent at the ends of the list. */
function RowButtons({ what, onUp, onDown, onRemove, ordered }) {
  return h('span', { class: 'row-buttons' },
    ordered && h(RowButton, { icon: 'up', label: `Move ${what} up`, onClick: onUp }),
    ordered && h(RowButton, { icon: 'down', label: `Move ${what} down`, onClick: onDown }),
    h(RowButton, { icon: 'close', label: `Remove ${what}`, onClick: onRemove }));
}

function Group({ field, target, problems, children }) {
  return h('fieldset', { class: `group ${field.compact ? 'compact' : ''}`, 'data-target': target, tabIndex: -1 },
    h('legend', null, field.label),
    field.hint && h('p', { class: 'fine' }, field.hint),
    h(Problems, { problems }),
    children);
}

function List({ field, value, error, onChange }) {
  const element = useRef(null);
  const columns = field.columns ?? [field.item];
  const change = (index, item) => onChange(value.map((old, place) => place === index ? item : old));
  const rearrange = rows => onChange(rows, { rearranged: true });
  const swap = (index, other) => {
    const rows = [...value];
    [rows[index], rows[other]] = [rows[other], rows[index]];
    rearrange(rows);
  };
  const add = () => {
    onChange([...value, field.columns ? Object.fromEntries(columns.map(column => [column.name, column.initial ?? null])) : '']);
    setTimeout(() => [...element.current.querySelectorAll('.row')].at(-1)?.querySelector('input, select')?.focus());
  };
  const rowOf = detail => Number(new RegExp(`^${field.name}\\[(\\d+)\\]`).exec(detail.target)?.[1] ?? -1);
  const unplaced = problemsOf(error, field.name).filter(detail => !(rowOf(detail) >= 0 && rowOf(detail) < value.length));
  return h(Group, { field, target: field.name, problems: unplaced },
    h('div', { ref: element, class: 'rows' }, value.map((item, index) => {
      const target = `${field.name}[${index}]`;
      const what = `${field.columns ? field.label.toLowerCase() : field.item.label.toLowerCase()} ${index + 1}`;
      return h('div', { key: index, ...(field.columns ? { class: 'row columns', role: 'group', 'aria-label': what } : { class: 'row' }) },
        columns.map(column => {
          const leafTarget = field.columns ? `${target}.${column.name}` : target;
          return h(Leaf, {
            key: column.name, target: leafTarget, row: item, error,
            field: field.columns ? column : { ...column, label: `${column.label} ${index + 1}` },
            value: field.columns ? item[column.name] : item,
            onChange: content => change(index, field.columns ? { ...item, [column.name]: content } : content),
          });
        }),
        h(RowButtons, {
          what, ordered: field.ordered,
          onUp: index > 0 ? () => swap(index, index - 1) : undefined,
          onDown: index < value.length - 1 ? () => swap(index, index + 1) : undefined,
          onRemove: () => rearrange(value.filter((_, place) => place !== index)),
        }),
        field.columns && h(Problems, { problems: at(error, target) }));
    })),
    h('button', { type: 'button', onClick: add }, h(Icon, { name: 'add' }), field.add));
}

function Parameters({ field, value, error, onChange, draft }) {
  const known = field.parametersOf(draft);
  const foreign = Object.keys(value).filter(key => !known.some(({ name }) => name === key));
  const change = (key, content) => {
    const { [key]: _, ...others } = value;
    onChange(content === '' || content === null ? others : { ...others, [key]: content });
  };
  const targets = [...known.map(({ name }) => name), ...foreign].map(name => `${field.name}.${name}`);
  const unplaced = problemsOf(error, field.name).filter(detail => !targets.includes(detail.target));
  return h(Group, { field, target: field.name, problems: unplaced },
    known.map(parameter => h(Leaf, {
      key: parameter.name, field: parameter, target: `${field.name}.${parameter.name}`, error,
      value: value[parameter.name], onChange: content => change(parameter.name, content),
    })),
    foreign.map(key => h('div', { key, class: 'row' },
      h(Leaf, {
        field: { name: key, label: key, control: 'text', hint: 'The page type does not use this parameter.' }, target: `${field.name}.${key}`, error,
        value: String(value[key]), onChange: content => change(key, content),
      }),
      h(RowButtons, { what: key, onRemove: () => change(key, null) }))));
}

function Maps({ field, value, error, onChange }) {
  return h(Group, { field, target: field.name, problems: at(error, field.name) }, field.maps.map(map => {
    const rows = value[map.name];
    const target = `${field.name}.${map.name}`;
    const change = (changed, options) => onChange({ ...value, [map.name]: changed }, options);
    const unplaced = problemsOf(error, target).filter(detail => !rows.some(([key]) => detail.target === `${target}.${key}`));
    return h('div', { key: map.name, class: 'map', 'data-target': target },
      h('p', { class: 'label' }, map.label),
      h(Problems, { problems: unplaced }),
      rows.map(([key, to], index) => {
        const what = `${map.key.toLowerCase()} ${key || index + 1}`;
        return h('div', { key: index, class: 'row columns', role: 'group', 'aria-label': what },
          h(Leaf, {
            field: { label: map.key, control: 'text' }, target: `${target}[${index}]`, value: key,
            onChange: typed => change(rows.map((row, place) => place === index ? [typed, to] : row)),
          }),
          h(Leaf, {
            field: { label: 'Session template', control: 'reference', references: map.references }, target: `${target}.${key}`, error,
              value: to,
            onChange: typed => change(rows.map((row, place) => place === index ? [key, typed] : row)),
          }),
          h(RowButtons, { what, onRemove: () => change(rows.filter((_, place) => place !== index), { rearranged: true }) }));
      }),
      h('button', { type: 'button', onClick: () => change([...rows, ['', '']]) }, h(Icon, { name: 'add' }), map.add));
  }));
}

const groups = { list: List, parameters: Parameters, maps: Maps };

function FormField({ field, draft, error, onChange }) {
  const forced = field.forced?.(draft);
  if (forced !== undefined) {
    return h('div', { class: 'leaf', 'data-target': field.name, tabIndex: -1 }, h('div', { class: 'field' },
      h('span', { class: 'label' }, field.label), h('p', null, field.options?.[forced] ?? forced),
        h('p', { class: 'fine' }, field.forcedBecause),
      h(Problems, { problems: problemsOf(error, field.name) })));
  }
  const properties = { field, value: draft[field.name], draft, error, onChange };
  return groups[field.control] ? h(groups[field.control], properties) : h(Leaf, { ...properties, target: field.name });
}

const mostNames = 500;

/** Suggestions for the names of a reference. Other names can be typed. */
function useNames(connection, kind) {
  const [names, setNames] = useState({});
  useEffect(() => {
    let over = false;
    const wanted = new Set(kind.fields.flatMap(field => [field, field.item,
      ...(field.maps ?? [])]).map(field => field?.references).filter(Boolean));
    const load = async path => {
      const found = [];
      for await (const { uniqueName } of connection.list(`/${path}?$top=100`)) {
        if (over || found.push(uniqueName) === mostNames) break;
      }
      if (!over) setNames(known => ({ ...known, [path]: found }));
    };
    for (const path of wanted) load(path).catch(error => over || setNames(known => ({ ...known, error })));
    return () => { over = true; };
  }, [connection, kind]);
  return names;
}

/** `onChange(name, value, { rearranged })` of a field. */
export function TemplateForm({ connection, kind, draft, error, onChange, uniqueName, onUniqueName }) {
  const { error: namesError, ...names } = useNames(connection, kind);
  return h(Fragment, null,
    namesError && h('p', { class: 'fine' }, `Names cannot be suggested: ${namesError.message}`),
    onUniqueName && h(Leaf, {
      field: { label: 'Unique name', control: 'text', required: true,
        hint: 'Letters, digits and underscores, such as contoso_call. It cannot be changed later.' },
      target: 'uniqueName', value: uniqueName, error, onChange: onUniqueName,
    }),
    kind.fields.filter(field => !field.when || field.when(draft)).map(field => h(FormField, {
      key: field.name, field, draft, error, onChange: (value, options) => onChange(field.name, value, options),
    })),
    Object.entries(names).map(([path, known]) =>
      h('datalist', { key: path, id: `names-of-${path}` }, known.map(known => h('option', { value: known })))));
}

/** Returns the element for a target, or the nearest one that contains it. */
function elementOf(form, target) {
  for (let wanted = target; wanted; wanted = wanted.replace(/(\.[^.[]*|\[[^\]]*\]|^[^.[]*)$/, '')) {
    const found = form.querySelector(`[data-target="${CSS.escape(wanted)}"]`);
    if (found) return found.matches('fieldset') ? found : found.querySelector('input, select, textarea') ?? found;
  }
  return null;
}

/** A summary of the API's errors above the form, with links to the fields. */
export function ErrorSummary({ error, form, heading }) {
  const element = useRef(null);
  useEffect(() => element.current?.focus(), [error]);
  const [reached, setReached] = useState({});
  useEffect(() => setReached(Object.fromEntries(
    (error?.details ?? []).map(({ target }) => [target, Boolean(target && form.current && elementOf(form.current, target))]))), [error]);
  if (!error) return null;
  const details = error.details?.length > 0 ? error.details : [{ target: null, message: error.message }];
  return h('div', { ref: element, class: 'problem summary', role: 'alert', tabIndex: -1 },
    h('h3', null, heading),
    h('ul', null, details.map(({ target, message }) => h('li', null, reached[target]
      ? h('a', {
        href: '#', onClick: event => {
          event.preventDefault();
          elementOf(form.current, target).focus();
        },
      }, message)
      : h(Fragment, null, target && h(Fragment, null, h('code', null, target), ' '), message)))),
    error.code && h('p', { class: 'fine' }, [error.errorCode || null, error.code,
      error.requestId && `· request ${error.requestId}`].filter(Boolean).join(' ')));
}

/** A read-only view of a template's fields. */
export function TemplateFacts({ kind, template }) {
  return h('dl', { class: 'facts' }, kind.fields.filter(field => !field.when || field.when(template)).map(field => {
    const lines = linesOf(field, template);
    return h('div', { key: field.name }, h('dt', null, field.label), h('dd', null, h(Lines, { lines, field })));
  }));
}

export function Lines({ lines, field }) {
  if (lines.length === 0) return h('span', { class: 'fine' }, 'none');
  const references = field?.item?.references ?? field?.references;
  const shown = line => references ? h('a', { href: hrefOf(kinds[references], line) }, line) : line;
  return lines.length === 1 ? shown(lines[0]) : h('ul', null, lines.map(line => h('li', null, shown(line))));
}
