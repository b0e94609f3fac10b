// Describes each kind of template for the form, the read-only view and the comparison of versions.

const name = {
  name: 'name', label: 'Name', control: 'text', required: true, maximum: 100, hint: 'For administrators; agents never see it.',
};
const about = [
  { name: 'description', label: 'Description', control: 'longText', maximum: 2000 },
  { name: 'tags', label: 'Tags', control: 'list', item: { control: 'text', label: 'Tag' }, add: 'Add a tag', compact: true },
  {
    name: 'status', label: 'Status', control: 'choice', initial: 'active',
    options: { active: 'active', inactive: 'inactive: cannot be used for new sessions, tabs or notifications' },
  },
];

const entity = draft => draft.type === 'entity';
const generic = draft => draft.type !== 'entity';

const sessionTemplates = {
  path: 'sessionTemplates', kind: 'sessionTemplate', one: 'session template', many: 'Session templates', usedBy: 'appProfiles',
  // Members that the form does not show, and sends as they are.
  kept: ['wrapUp'],
  filters: [{ name: 'type', label: 'Type', options: { generic: 'generic', entity: 'entity' } }],
  summary: template => entity(template) ? `entity: ${template.entity}` : 'generic',
  fields: [
    name,
    {
      name: 'type', label: 'Type', control: 'choice', required: true, initial: 'generic',
      options: { generic: 'generic: starts with a tab of the template', entity: 'entity: starts with a record' },
    },
    { name: 'entity', label: 'Entity', control: 'text', required: true, maximum: 100, when: entity, hint: 'Such as incident.' },
    { name: 'title', label: 'Title', control: 'text', maximum: 200,
      hint: 'Visible to agents. Slugs in braces are resolved, such as {customer}.' },
    {
      name: 'fallbackTitles', label: 'Fallback titles', control: 'list', item: { control: 'text', label: 'Fallback title' },
      add: 'Add a fallback title', ordered: true, hint: 'Used if the title is empty: the first one that is not empty.',
    },
    {
      name: 'communicationPanelMode', label: 'Communication panel mode', control: 'choice', required: true, initial: 'docked',
      options: { docked: 'docked', minimized: 'minimized', hidden: 'hidden' },
      forced: draft => entity(draft) ? 'hidden' : undefined, forcedBecause: 'Always hidden in entity sessions.',
    },
    { name: 'sessionIcon', label: 'Session icon', control: 'text', maximum: 1024, when: generic, hint: 'The path of a web resource.' },
    {
      name: 'anchorTab', label: 'Anchor tab', control: 'reference', references: 'applicationTabTemplates', required: true, when: generic,
      hint: 'The application tab template to open first.',
    },
    {
      name: 'additionalTabs', label: 'Additional tabs', control: 'list', ordered: true, add: 'Add a tab',
      item: { control: 'reference', label: 'Tab', references: 'applicationTabTemplates' }, hint: 'Opened in this order. At most nine.',
    },
    { name: 'applySessionTitleToAnchorTab', label: 'Apply session title to anchor tab', control: 'flag', initial: false },
    {
      name: 'parameterDefinitions', label: 'Parameter definitions', control: 'list', add: 'Add a parameter',
      hint: 'Optional and required parameters of a session.',
      columns: [
        { name: 'name', label: 'Name', control: 'text' },
        {
          name: 'type', label: 'Type', control: 'choice', initial: 'string',
          options: { string: 'string', number: 'number', boolean: 'boolean' },
        },
        { name: 'required', label: 'Required', control: 'flag', initial: false },
        { name: 'default', label: 'Default', control: 'scalar', typeOf: row => row.type },
      ],
    },
    ...about,
  ],
};

const text = (parameter, required) => ({ name: parameter, label: parameter, control: 'text', required });
const flag = parameter => ({ name: parameter, label: parameter, control: 'optionalFlag' });
const applicationTabTemplates = {
  path: 'applicationTabTemplates', kind: 'applicationTabTemplate', one: 'application tab template', many: 'Application tab templates',
  usedBy: 'sessionTemplates', filters: [],
  summary: template => template.pageType,
  fields: [
    name,
    { name: 'title', label: 'Title', control: 'text', maximum: 200, hint: 'Visible to agents. Slugs in braces are resolved.' },
    {
      name: 'pageType', label: 'Page type', control: 'choice', required: true, initial: 'thirdPartyWebsite',
      options: {
        entityList: 'entity list', entityRecord: 'entity record', webResource: 'web resource', control: 'control', dashboard: 'dashboard',
        search: 'search', thirdPartyWebsite: 'third-party website', custom: 'custom page',
      },
    },
    {
      name: 'parameters', label: 'Parameters', control: 'parameters', hint: 'Slugs in braces are resolved when the tab is opened.',
      parametersOf: draft => ({
        entityList: [text('entityName'), text('viewId'), text('viewType')],
        entityRecord: [
          text('entityName'), text('entityId'), text('formId'), flag('validateRecord'), text('data'), text('createFromEntity'),
          text('processId'), text('relationship'), text('selectStageId'), text('selectedStageId'),
          text('processInstanceId'),
        ],
        webResource: [text('webresourceName', true), text('data')],
        control: [text('controlName', true), text('data')],
        dashboard: [text('dashboardId')],
        search: [
          text('searchText'),
          { name: 'searchType', label: 'searchType', control: 'optionalChoice', options: { 0: 'relevance', 1: 'categorised' },
            number: true },
        ],
        thirdPartyWebsite: [text('url', true), text('data'), flag('alwaysRender')],
        custom: [text('name', true), text('entityName'), text('recordId')],
      })[draft.pageType] ?? [],
    },
    { name: 'canClose', label: 'Agents can close the tab', control: 'flag', initial: true },
    {
      name: 'allowedHosts', label: 'Allowed hosts', control: 'list', item: { control: 'text', label: 'Host' }, add: 'Add a host', compact: true,
      when: draft => draft.pageType === 'thirdPartyWebsite', hint: 'Other hosts that callers may open, such as help.contoso.com.',
    },
    ...about,
  ],
};

const notificationTemplates = {
  path: 'notificationTemplates', kind: 'notificationTemplate', one: 'notification template', many: 'Notification templates', filters: [],
  summary: template => template.title,
  fields: [
    name,
    { name: 'title', label: 'Title', control: 'text', required: true, maximum: 100,
      hint: 'Slugs in braces are resolved, such as {customerName}.' },
    {
      name: 'fields', label: 'Fields', control: 'list', ordered: true, add: 'Add a field',
      columns: [
        { name: 'name', label: 'Name', control: 'text' },
        { name: 'fieldHeader', label: 'Field header', control: 'text' },
        { name: 'value', label: 'Value', control: 'text' },
      ],
    },
    { name: 'icon', label: 'Icon', control: 'text', maximum: 1024, initial: '/webresources/msdyn_chat_icon_zfp.svg',
      hint: 'The path of a web resource.' },
    { name: 'acceptButtonText', label: 'Accept button text', control: 'text', maximum: 100, initial: 'Accept' },
    { name: 'showRejectButton', label: 'Show reject button', control: 'flag', initial: true },
    { name: 'rejectButtonText', label: 'Reject button text', control: 'text', maximum: 100, initial: 'Reject' },
    { name: 'showTimeout', label: 'Show timeout', control: 'flag', initial: true },
    { name: 'timeout', label: 'Timeout', control: 'number', initial: 120, hint: 'Seconds, 0 to 500.' },
    { name: 'autoAccept', label: 'Auto accept', control: 'flag', initial: false },
    { name: 'autoPopupSession', label: 'Auto popup session', control: 'flag', initial: false },
    {
      name: 'desktopNotification', label: 'Desktop notification', control: 'choice', initial: 'never',
      options: { never: 'never', whenAppInBackground: 'when the app is in the background', always: 'always' },
    },
    { name: 'theme', label: 'Theme', control: 'choice', initial: 'dark', options: { dark: 'dark', light: 'light' } },
    ...about,
  ],
};

const appProfiles = {
  path: 'appProfiles', kind: 'appProfile', one: 'app profile', many: 'App profiles', usedBy: 'users', filters: [],
  kept: ['rules'],
  summary: profile => `order ${profile.profileOrder}${profile.isDefault ? ', default' : ''}`,
  fields: [
    name,
    { name: 'profileOrder', label: 'Profile order', control: 'number', initial: 50,
      hint: '0 to 100. The lowest order takes precedence if several profiles match a role.' },
    { name: 'isDefault', label: 'The tenant\'s default', control: 'flag', initial: false },
    { name: 'roles', label: 'Roles', control: 'list', item: { control: 'text', label: 'Role' }, add: 'Add a role', compact: true },
    {
      name: 'genericSessionTemplates', label: 'Generic session templates', control: 'choice', initial: 'all',
      options: { all: 'all', listed: 'only those listed below' },
    },
    {
      name: 'sessionTemplates', label: 'Session templates', control: 'list', add: 'Add a session template',
      item: { control: 'reference', label: 'Session template', references: 'sessionTemplates' },
      hint: 'Entity templates must be listed. At most one for each entity.',
    },
    {
      name: 'defaultSessionTemplates', label: 'Default session templates', control: 'maps',
        hint: 'The templates for POST /sessions without templateName.',
      maps: [
        { name: 'channels', label: 'By channel', key: 'Channel', references: 'sessionTemplates', add: 'Add a channel' },
        { name: 'entities', label: 'By entity', key: 'Entity', references: 'sessionTemplates', add: 'Add an entity' },
      ],
    },
    ...about,
  ],
};

/** By the collection name of the API, which is also used in the page's URL. */
export const kinds = { sessionTemplates, applicationTabTemplates, notificationTemplates, appProfiles };

/** By the name in exports. */
export const kindOf = exported => Object.values(kinds).find(({ kind }) => kind === exported);

export const pathOf = (kind, uniqueName, ...rest) => `/${[kind.path, uniqueName, ...rest].map(encodeURIComponent).join('/')}`;
export const hrefOf = (kind, ...rest) => `#/administration/${[kind.path, ...rest].map(encodeURIComponent).join('/')}`;

export const originWords = { builtIn: 'built in', example: 'example', custom: 'custom' };

// A map is edited as rows, because a key may be empty or a duplicate while it is typed.
const asRows = (field, value) => Object.fromEntries(field.maps.map(map => [map.name, Object.entries(value?.[map.name] ?? {})]));

/** Returns the editable draft of a stored or a new template. */
export function draftOf(kind, template) {
  const draft = {};
  for (const field of kind.fields) {
    const value = template ? template[field.name] : field.initial;
    draft[field.name] = field.control === 'maps' ? asRows(field, value)
      : value ?? (field.control === 'list' ? [] : field.control === 'parameters' ? {} : null);
  }
  for (const name of kind.kept ?? []) draft[name] = template?.[name] ?? null;
  return draft;
}

// A number stays as typed until it is sent, because "1." may become 1.5. Invalid numbers are sent unchanged, so that the API reports them.
function sent(field, value, row) {
  if (value === '') return null;
  const numeric = field.control === 'number' || (field.control === 'scalar' && field.typeOf(row) === 'number');
  return numeric && typeof value === 'string' && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** Returns the body to send, without fields that do not apply to the draft's type. */
export function contentOf(kind, draft) {
  const content = Object.fromEntries((kind.kept ?? []).map(name => [name, draft[name] ?? null]));
  for (const field of kind.fields) {
    if (field.when && !field.when(draft)) continue;
    const value = draft[field.name];
    if (field.control === 'maps') {
      content[field.name] = Object.fromEntries(field.maps.map(map => [map.name, Object.fromEntries(value[map.name])]));
    } else if (field.columns) {
      content[field.name] = value.map(row => Object.fromEntries(field.columns.map(column => [column.name,
        sent(column, row[column.name] ?? null, row)])));
    } else {
      content[field.name] = field.forced?.(draft) ?? sent(field, value);
    }
  }
  return content;
}

/** Reports duplicate keys of a map. The API cannot see them, because only one would be sent. */
export function doubleKeys(kind, draft) {
  return kind.fields.filter(({ control }) => control === 'maps').flatMap(field => field.maps.flatMap(map => {
    const keys = draft[field.name][map.name].map(([key]) => key);
    return [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))].map(key => ({
      code: 'duplicateValue', target: `${field.name}.${map.name}.${key}`,
        message: `${map.key} ${key || '(empty)'} appears more than once. Name each key once.`,
    }));
  }));
}

const scalarWords = value => value === true ? 'yes' : value === false ? 'no' : value === null || value === undefined ? '' : String(value);

function rowWords(columns, row) {
  return columns.map(column => [column.label.toLowerCase(), scalarWords(row[column.name])])
    .filter(([, words]) => words !== '').map(([label, words]) => `${label} ${words}`).join(', ');
}

/** Returns a field's value as lines of text; empty without a value. */
export function linesOf(field, template) {
  const value = template[field.name];
  switch (field.control) {
    case 'list':
      return (value ?? []).map(item => field.columns ? rowWords(field.columns, item) : item);
    case 'parameters':
      return Object.entries(value ?? {}).map(([key, content]) => `${key}: ${scalarWords(content)}`);
    case 'maps':
      return field.maps.flatMap(map =>
        Object.entries(value?.[map.name] ?? {}).map(([key, to]) => `${map.key.toLowerCase()} ${key}: ${to}`));
    case 'choice':
      return value === null || value === undefined ? [] : [field.options[value] ?? String(value)];
    default:
      return scalarWords(value) === '' ? [] : [scalarWords(value)];
  }
}

/** Returns the fields that differ, with the lines of both versions. */
export function differencesOf(kind, before, after) {
  return kind.fields.map(field => ({ field, before: linesOf(field, before), after: linesOf(field, after) }))
    .filter(({ before: was, after: is }) => JSON.stringify(was) !== JSON.stringify(is));
}
