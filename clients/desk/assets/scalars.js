import { h, useId, Icon } from './ui.js';

// Scalar values of the API: texts, numbers and booleans, each edited as a text of its type.
const TYPES = { string: 'text', number: 'number', boolean: 'boolean' };

export const entryOf = value => ({ type: typeof value, text: String(value) });

/** Returns `{ value }`, or `{ problem }` if the text is not valid for the type. */
export function read({ type, text }) {
  if (type === 'boolean') return { value: text === 'true' };
  if (type === 'string') return { value: text };
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? { problem: `${text.trim() || 'The value'} is not a number.` } : { value };
}

let lastKey = 0;

export const row = (name = '', value = '', more = {}) => ({ key: ++lastKey, name, ...entryOf(value), ...more });

/** Returns the values of the rows that have a name, and the problems by row key. */
export function valuesOf(rows) {
  const values = {};
  const problems = {};
  for (const entry of rows) {
    if (entry.name === '' || entry.optional && entry.text === '') continue;
    const { value, problem } = read(entry);
    if (problem) problems[entry.key] = problem;
    else if (Object.hasOwn(values, entry.name)) problems[entry.key] = `The name ${entry.name} is used twice.`;
    else Object.defineProperty(values, entry.name, { value, enumerable: true });
  }
  return { values, problems };
}

/** A value with its type; `name` is used in the labels. */
export function Scalar({ name, entry, onChange, attributes, fixedType }) {
  const change = what => onChange({ ...entry, ...what });
  return [
    !fixedType && h('select', {
      class: 'type', 'aria-label': `Type of ${name}`, value: entry.type, onChange: ({ currentTarget: { value: type } }) =>
        change({ type, text: type === 'boolean' ? String(entry.text === 'true') : entry.text }),
    }, Object.entries(TYPES).map(([type, words]) => h('option', { key: type, value: type }, words))),
    entry.type === 'boolean'
      ? h('select', {
        ...attributes, class: 'value', 'aria-label': `Value of ${name}`, value: entry.text,
        onChange: event => change({ text: event.currentTarget.value }),
      }, h('option', { value: 'true' }, 'true'), h('option', { value: 'false' }, 'false'))
      : h('input', {
        ...attributes, class: 'value', 'aria-label': `Value of ${name}`, value: entry.text, autocomplete: 'off', spellcheck: false,
        inputMode: entry.type === 'number' ? 'decimal' : undefined, placeholder: entry.placeholder,
        onInput: event => change({ text: event.currentTarget.value }),
      }),
  ];
}

/** Named values to fill in. `fixed` rows come from the template and can be neither renamed nor removed. */
export function Scalars({ label, hint, rows, onChange, problemsAt = () => [], typed = true, add = 'Add a value' }) {
  const id = useId();
  const { problems } = valuesOf(rows);
  const replace = (key, next) => onChange(rows.map(entry => entry.key === key ? next : entry));
  return h('div', { class: typed ? 'scalars' : 'scalars untyped', role: 'group', 'aria-label': label },
    h('div', { class: 'caption' }, h('h3', null, label), hint && h('span', { class: 'fine' }, hint)),
    rows.map((entry, at) => {
      const wrong = [...problems[entry.key] ? [{ message: problems[entry.key] }] : [], ...entry.name ? problemsAt(entry.name) : []];
      const attributes = { 'aria-invalid': wrong.length > 0 ? 'true' : undefined,
        'aria-describedby': wrong.length > 0 ? `${id}-${entry.key}` : undefined };
      const called = entry.name || `value ${at + 1} of ${label}`;
      return h('div', { key: entry.key, class: 'scalar' },
        entry.fixed
          ? h('span', { class: 'name' }, h('code', null, entry.name), entry.required && h('span', { class: 'fine' }, ' required'))
          : h('input', {
            class: 'name', 'aria-label': `Name of value ${at + 1} of ${label}`, placeholder: 'name', value: entry.name,
            autocomplete: 'off', spellcheck: false,
            onInput: event => replace(entry.key, { ...entry, name: event.currentTarget.value }),
          }),
        h(Scalar, { name: called, entry, attributes, fixedType: entry.fixed || !typed, onChange: next => replace(entry.key, next) }),
        entry.fixed ? h('span', { class: 'no-button' }) : h('button', {
          type: 'button', class: 'quiet icon', 'aria-label': `Remove ${called}`, title: `Remove ${called}`,
          onClick: () => onChange(rows.filter(({ key }) => key !== entry.key)),
        }, h(Icon, { name: 'close' })),
        wrong.length > 0 && h('ul', { id: `${id}-${entry.key}`, class: 'problems' },
          wrong.map(({ message }) => h('li', { key: message }, message))));
    }),
    h('button', { type: 'button', class: 'quiet add', onClick: () => onChange([...rows, row()]) }, h(Icon, { name: 'add' }), add));
}
