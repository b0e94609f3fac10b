// Displays the schemas of the OpenAPI document.
import { h, useContext, useState, createContext } from './ui.js';

/** The OpenAPI document, to resolve references. */
export const Document = createContext(null);

const RULES = {
  const: value => `is ${JSON.stringify(value)}`,
  enum: values => `one of ${values.map(value => JSON.stringify(value)).join(', ')}`,
  default: value => `absent: ${JSON.stringify(value)}`,
  format: value => value,
  pattern: value => `matches ${value}`,
  minLength: value => value === 1 ? 'not empty' : `at least ${value} characters`,
  maxLength: value => `at most ${value.toLocaleString('en')} characters`,
  minimum: value => `at least ${value}`,
  maximum: value => `at most ${value}`,
  minItems: value => `at least ${value}`,
  maxItems: value => `at most ${value.toLocaleString('en')}`,
  maxProperties: value => `at most ${value} members`,
  uniqueItems: value => value && 'unique',
  readOnly: value => value && 'read-only: ignored in requests',
  contentMediaType: value => `text of the type ${value}`,
};

/** The keywords with alternative or additional schemas. */
const ALTERNATIVES = { anyOf: 'Any of', oneOf: 'One of', allOf: 'All of' };

export function at(document, reference) {
  return reference.slice(2).split('/').reduce((place, name) => place?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

/** Resolves the reference of a response, parameter or header. A schema keeps its reference, which is its name. */
export const resolved = (document, object) => object?.$ref ? resolved(document, at(document, object.$ref)) : object;

const nameOf = reference => reference.slice(reference.lastIndexOf('/') + 1);

const isNull = schema => schema.type === 'null';

/** Returns the name of a schema, or its type. */
export function typeOf(schema) {
  if (schema === true) return 'anything';
  if (schema === false) return 'nothing';
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.type === 'array' && schema.items) return `array of ${typeOf(schema.items)}`;
  if (schema.type) return [schema.type].flat().join(' or ');
  for (const kind of ['anyOf', 'oneOf']) {
    if (schema[kind]?.every(choice => choice.type || choice.$ref || 'const' in choice)) return schema[kind].map(typeOf).join(' or ');
  }
  if ('const' in schema) return typeof schema.const;
  if (schema.enum) return [...new Set(schema.enum.map(value => value === null ? 'null' : typeof value))].join(' or ');
  return schema.properties ? 'object' : 'any';
}

/** Returns the constraints of a schema as text. */
export const rulesOf = schema => Object.entries(RULES).filter(([name]) => name in schema).map(([name, say]) => say(schema[name])).filter(Boolean);

const hasMembers = schema => schema.properties || schema.patternProperties || typeof schema.additionalProperties === 'object' || schema.prefixItems;

/** Returns the schema to expand behind a name or type, if there is one. */
function isDeep(document, schema, seen = new Set()) {
  if (typeof schema !== 'object') return false;
  if (schema.$ref && !seen.has(schema.$ref) && isDeep(document, at(document, schema.$ref), new Set([...seen, schema.$ref]))) return true;
  const alternatives = Object.keys(ALTERNATIVES).flatMap(kind => schema[kind] ?? []);
  return Boolean(hasMembers(schema) || schema.if) || [schema.items, schema.contentSchema, ...alternatives].filter(Boolean)
    .some(inner => isDeep(document, inner, seen)) || Boolean(schema.$ref && rulesOf(at(document, schema.$ref)).length > 0);
}

/** Renders text with names in backticks. */
export function Words({ text }) {
  return text.split('`').map((piece, index) => index % 2 === 1 ? h('code', null, piece) : piece);
}

/** A member, parameter or header: its name, type and constraints, with an expandable schema. */
export function Member({ name, schema, required, description, opened = false }) {
  const document = useContext(Document);
  const [open, setOpen] = useState(opened);
  const deep = isDeep(document, schema);
  const rules = typeof schema === 'object' ? rulesOf(schema) : [];
  const words = description ?? schema.description;
  const line = [
    h('code', { class: 'name' }, name),
    ' ',
    h('span', { class: 'type' }, typeOf(schema)),
    required && h('span', { class: 'required' }, ' required'),
    rules.length > 0 && h('span', { class: 'fine' }, ` · ${rules.join(' · ')}`),
  ];
  return h('li', null,
    deep ? h('details', { open, onToggle: event => setOpen(event.currentTarget.open) }, h('summary', null, line), open && h(Schema, { schema }))
      : h('div', { class: 'leaf' }, line),
    words && h('p', { class: 'fine' }, h(Words, { text: words })));
}

/** A schema with its members. References are resolved when they are expanded, because a schema may refer to itself. */
export function Schema({ schema, opened = false }) {
  const document = useContext(Document);
  if (typeof schema !== 'object') return h('p', null, typeOf(schema));
  const behind = schema.$ref && at(document, schema.$ref);
  const rules = rulesOf(schema);
  const required = new Set(schema.required ?? []);
  const properties = Object.entries(schema.properties ?? {});
  const members = [
    ...properties.map(([name, member]) => h(Member, { key: name, name, schema: member, required: required.has(name) })),
    ...[...required].filter(name => !schema.properties || !(name in schema.properties))
      .map(name => h('li', { key: name }, h('div', { class: 'leaf' }, h('code', { class: 'name' }, name), h('span', { class: 'required' }, ' required')))),
    ...Object.entries(schema.patternProperties ?? {}).map(([pattern, member]) => h(Member, { key: pattern, name: `name like ${pattern}`, schema: member })),
    typeof schema.additionalProperties === 'object' && h(Member, { key: '*', name: 'any other name', schema: schema.additionalProperties }),
    schema.prefixItems?.map((item, index) => h(Member, { key: index, name: `[${index}]`, schema: item })),
    typeof schema.items === 'object' && h(Member, { key: '[]', name: 'each', schema: schema.items }),
    schema.contentSchema && h(Member, { key: 'text', name: 'the text holds', schema: schema.contentSchema }),
  ];
  const closed = schema.additionalProperties === false || schema.unevaluatedProperties === false;
  return h('div', { class: 'schema' },
    schema.description && h('p', { class: 'fine' }, h(Words, { text: schema.description })),
    rules.length > 0 && h('p', { class: 'fine' }, rules.join(' · ')),
    behind && h(Schema, { schema: behind }),
    members.flat().some(Boolean) && h('ul', { class: 'members' }, members),
    Object.entries(ALTERNATIVES).map(([kind, words]) => schema[kind] && h('div', { key: kind, class: 'alternatives' },
      h('p', { class: 'fine' }, words, ':'),
      h('ul', null, schema[kind].map((choice, index) => h(Member, { key: index, name: isNull(choice) ? 'null' : `${index + 1}`, schema: choice, opened: opened && index === 0 }))))),
    schema.if && h('ul', { class: 'alternatives' },
      h(Member, { name: 'if', schema: schema.if }),
      schema.then && h(Member, { name: 'then', schema: schema.then }),
      schema.else && h(Member, { name: 'else', schema: schema.else })),
    closed && h('p', { class: 'fine' }, 'No other members.'));
}

/** Returns the required members of an object schema with their schemas, including those of allOf. */
function requiredOf(document, schema) {
  const inner = [schema.$ref && at(document, schema.$ref), ...schema.allOf ?? []].filter(Boolean).map(part => requiredOf(document, part));
  return {
    names: [...new Set([...schema.required ?? [], ...inner.flatMap(({ names }) => names)])],
    properties: Object.assign({}, ...inner.map(({ properties }) => properties), schema.properties),
  };
}

function isLike(pattern, text) {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    // Not every browser supports all features of patterns.
    return false;
  }
}

const TEXTS = ['example', 'GET', '2026-03-05T16:40:00Z', '3f2b8c1d-5a6e-4f70-9b81-c2d3e4f50617'];

/** Returns the schema's example, or a minimal valid value. */
export function exampleOf(document, schema, depth = 0) {
  if (typeof schema !== 'object' || depth > 8) return null;
  const behind = schema.$ref ? at(document, schema.$ref) : {};
  const [example] = [...schema.examples ?? [], ...behind.examples ?? []];
  if (example !== undefined) return example;
  if ('const' in schema) return schema.const;
  if ('default' in schema) return schema.default;
  if (schema.enum) return schema.enum[0];
  const { names, properties } = requiredOf(document, schema);
  if (names.length > 0 || Object.keys(properties).length > 0) {
    return Object.fromEntries(names.map(name => [name, exampleOf(document, properties[name] ?? true, depth + 1)]));
  }
  const choice = schema.$ref ? behind : [...schema.anyOf ?? [], ...schema.oneOf ?? []].find(one => !isNull(one));
  if (choice) return exampleOf(document, choice, depth + 1);
  switch ([schema.type].flat()[0]) {
    case 'object': return {};
    case 'array': return schema.minItems > 0 ? [exampleOf(document, schema.items ?? true, depth + 1)] : [];
    case 'boolean': return false;
    case 'integer':
    case 'number': return schema.minimum ?? 0;
    case 'string':
      if (schema.pattern) return TEXTS.find(text => isLike(schema.pattern, text)) ?? '';
      return schema.minLength > 0 ? TEXTS[0] : '';
    default: return null;
  }
}
