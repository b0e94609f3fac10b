/*
 * Tests each row of the table in docs/reference/javascript.md with the function of that name. Each function gets its own user.
 * `api(method, path, body)` calls the API without the client; `connect(settings, token)` opens another connection of the same user.
 */
globalThis.methods = (() => {
  'use strict';

  const { CIFramework: cif, Apm: apm } = globalThis.Microsoft;

  const CALL = 'CallSessionTemplate';
  const CASE = 'case_entity_session_default_template';
  const SEARCH = 'msdyn_omnichannel_kbsearch';
  const RECORD = '[["entityName", "incident"], ["entityId", "fac04293-1ab0-eb11-8236-000d3a5c49ed"]]';
  const CORRELATION = '6f0c3d2f-8a01-4f0e-9d57-0b9a1c5e3a68';

  function plain(value) {
    return JSON.stringify(value, (name, member) => member === undefined ? '(undefined)' : member);
  }

  function equal(actual, expected, what) {
    if (plain(actual) !== plain(expected)) throw new Error(`${what}: expected ${plain(expected)}, but was ${plain(actual)}`);
  }

  async function expectError(promise, errorCode, code, ...words) {
    const error = await promise.then(value => { throw new Error(`Expected an error ${code}, but the result was ${plain(value)}`); }, reason => reason);
    if (error.name !== 'SwitchboardError') throw error;
    equal([error.errorCode, error.code], [errorCode, code], 'The error');
    for (const word of words) equal(error.message.includes(word), true, `"${error.message}" contains ${word}`);
    return error;
  }

  const call = (more = {}) => cif.createSession({ templateName: CALL, templateParameters: { customer: 'Contoso' }, ...more });

  /** Waits for an event and rejects with its description if it does not occur. */
  function eventually(what, subscribe) {
    return new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`${what} did not occur`)), 8000);
      subscribe(resolve);
    });
  }

  /** Waits for the first state of the desk, so that every later event is a change. */
  const watching = connection => eventually('the desk', resolve => connection.watchDesk(resolve));

  async function messages(connection, eventName, count, act) {
    const channel = new BroadcastChannel(apm.getEventPublisherTopic(eventName));
    try {
      await watching(connection);
      const got = [];
      const all = eventually(eventName, resolve => {
        channel.onmessage = ({ data }) => {
          got.push(data);
          if (got.length === count) resolve(got);
        };
      });
      const ids = await act();
      return { got: await all, ids };
    } finally {
      channel.close();
    }
  }

  /** Creates a session of the user with another application, which is in focus. */
  async function focusForeignSession({ connect }) {
    const own = connect({}, { provider: 'dialer', scope: 'Sessions.ReadWrite.Provider' });
    const mine = await own.CIFramework.createSession({ templateName: CALL });
    const other = connect({}, { provider: 'elsewhere', scope: 'Sessions.ReadWrite.Provider' });
    const theirs = await other.CIFramework.createSession({ templateName: CALL });
    return { own, mine, theirs };
  }

  function notOffered(name, ...args) {
    return async () => {
      const words = (await expectError(cif[name](...args), 501, 'notOffered', `CIFramework.${name} is not offered.`)).message;
      equal(words.length > `CIFramework.${name} is not offered. `.length + 20, true, `"${words}" suggests an alternative`);
      let notified = null;
      equal(await cif[name](...args, () => {}, error => { notified = error.errorCode; }), undefined, 'The result of the promise with a callback');
      // With fewer arguments than parameters, both functions are still the callbacks.
      equal(notified, 501, 'The argument of the error callback');
    };
  }

  const rows = {
    async 'CIFramework.canCreateSession'({ api }) {
      equal(await cif.canCreateSession(), true, 'An empty desk');
      for (let count = 0; count < 10; count++) await call();
      equal(await cif.canCreateSession(CORRELATION), false, 'A full desk');
      equal((await api('GET', '/desk')).body.canCreateSession, false, 'The API');
      const error = await expectError(call(), 409, 'sessionLimitReached');
      equal(error.requestId !== null, true, 'The request has an id');
    },

    async 'CIFramework.createSession'({ api }) {
      const id = await cif.createSession({ templateName: CALL, templateParameters: { customer: 'Contoso' } }, CORRELATION);
      const { body } = await api('GET', `/sessions/${id}`);
      equal([body.title, body.context, body.correlationId, body.isFocused], ['Contoso', { customer: 'Contoso' }, CORRELATION, true], 'The session');

      const asText = await cif.createSession(JSON.stringify({ templateName: CALL, templateParameters: { customer: 'As text' } }));
      equal((await api('GET', `/sessions/${asText}`)).body.title, 'As text', 'From JSON');

      const parameters = new Map([['customer', 'Mapped'], [SEARCH, new Map([['data', 'x=1']])], ['absent', undefined]]);
      const asMap = await cif.createSession({ templateName: CALL, templateParameters: parameters, isFocused: false });
      const mapped = (await api('GET', `/sessions/${asMap}`)).body;
      equal([mapped.title, mapped.isFocused, mapped.tabs[0].parameters.data, 'absent' in mapped.context], ['Mapped', false, 'x=1', false], 'From a Map');

      const given = [];
      const same = await cif.createSession({ templateName: CALL }, value => given.push(value), () => given.push('error'));
      equal(given, [same], 'The success callback');
      const errors = [];
      await cif.createSession({ templateName: 'none' }, undefined, () => errors.push('success'), error => errors.push(error.errorCode, error.code));
      equal(errors, [422, 'templateNotFound'], 'The error callback');

      const error = await expectError(cif.createSession({ templateParameters: 1 }), 400, 'invalidRequest');
      equal(error.details.map(({ target }) => target).sort(), ['templateName', 'templateParameters'], 'Every violation');
      await expectError(cif.createSession('{"templateName":'), 400, 'invalidRequest');
      await expectError(cif.createSession(7), 0, 'invalidArgument', 'input');
      equal(typeof await cif.createSession({ templateName: CALL }, 'call-4711'), 'string', 'A correlation id of any text');
    },

    async 'CIFramework.getSession'({ api }) {
      const id = await call({ context: { get: 'a key', __proto__: null } });
      await api('PATCH', `/sessions/${id}`, { conversationId: 'conversation', context: { caseId: 'c1' } });
      const session = await cif.getSession(id, CORRELATION);
      equal([session.get('sessionId'), session.sessionId], [id, id], 'The id');
      equal([session.get('conversationId'), session.conversationId], ['conversation', 'conversation'], 'The conversation');
      equal([session.get('isFocused'), session.isFocused], [true, true], 'The focus');
      equal([session.get('context').get('customer'), session.context.caseId], ['Contoso', 'c1'], 'The context');
      equal([typeof session.context.get, session.context.get('get')], ['function', 'a key'], 'A key that is a member of Map');
      equal(session.get('title'), (await api('GET', `/sessions/${id}`)).body.title, 'The title');
      await expectError(cif.getSession('none'), 404, 'notFound');
      await expectError(cif.getSession(), 0, 'invalidArgument', 'sessionId');
      await expectError(cif.getSession('..'), 0, 'invalidArgument', 'sessionId');
      await expectError(cif.getSession('../desk'), 404, 'notFound');
    },

    async 'CIFramework.getFocusedSession'(given) {
      equal(await cif.getFocusedSession(), 'home', 'At first');
      const id = await call();
      equal(await cif.getFocusedSession(CORRELATION), id, 'After create');
      const { own } = await focusForeignSession(given);
      equal(await own.CIFramework.getFocusedSession(), null, 'With another provider in focus');
    },

    async 'CIFramework.getAllSessions'(given) {
      equal(await cif.getAllSessions(), [], 'At first');
      const ids = [await call(), await call()];
      const { own, mine, theirs } = await focusForeignSession(given);
      equal((await cif.getAllSessions(CORRELATION)).sort(), [...ids, mine, theirs].sort(), 'All of the user\'s');
      equal(await own.CIFramework.getAllSessions(), [mine], 'All of the provider\'s');
      await given.api('POST', `/sessions/${ids[0]}/close`);
      equal((await cif.getAllSessions()).includes(ids[0]), false, 'A closed one');
    },

    async 'CIFramework.requestFocusSession'({ api }) {
      const [id] = [await call(), await call()];
      equal(await cif.requestFocusSession(id, CORRELATION), undefined, 'The result');
      const { body } = await api('GET', `/sessions/${id}`);
      equal([body.focusRequested, body.isFocused], [true, false], 'The session');
      await expectError(cif.requestFocusSession('home'), 409, 'homeSession');
    },

    async 'CIFramework.setSessionTitle'({ api }) {
      const id = await call();
      equal(await cif.setSessionTitle({ sessionId: id, customer: 'Fabrikam' }, CORRELATION), undefined, 'The result');
      equal((await api('GET', `/sessions/${id}`)).body.title, 'Fabrikam', 'The title');
      await cif.setSessionTitle(JSON.stringify({ sessionId: id, customer: 'Northwind' }));
      equal((await api('GET', `/sessions/${id}`)).body.title, 'Northwind', 'The title, from JSON');
      await expectError(cif.setSessionTitle({ customer: 'Fabrikam' }), 0, 'invalidArgument', 'sessionId');
      await expectError(cif.setSessionTitle('{"sessionId'), 0, 'invalidArgument', 'input');
    },

    async 'CIFramework.updateContext'({ api }) {
      const id = await call();
      const context = async () => (await api('GET', `/sessions/${id}`)).body.context;
      equal(await cif.updateContext({ caseId: 'c1', count: 2, urgent: true }, id, false, CORRELATION), id, 'The result');
      equal(await context(), { customer: 'Contoso', caseId: 'c1', count: 2, urgent: true }, 'Added');
      equal(await cif.updateContext(new Map([['caseId', 'c2']])), id, 'In the session in focus');
      await cif.updateContext('{"count":3}');
      equal(await context(), { customer: 'Contoso', caseId: 'c2', count: 3, urgent: true }, 'Changed');
      await cif.updateContext({ count: '', urgent: '' }, id, true);
      equal(await context(), { customer: 'Contoso', caseId: 'c2' }, 'Removed');
      await expectError(cif.updateContext({ a: 'x'.repeat(33000) }, id), 400, 'invalidRequest');
      await expectError(cif.updateContext(['a'], id), 0, 'invalidArgument', 'input');
      await cif.updateContext(JSON.parse('{"__proto__":"own"}'), id);
      equal(Object.hasOwn(await context(), '__proto__'), true, 'A key that JavaScript defines');
      equal((await cif.getSession(id)).context.get('__proto__'), 'own', 'and the client gives it back');
    },

    async 'CIFramework.notifyNewActivity'({ api }) {
      const [id] = [await call(), await call()];
      equal(await cif.notifyNewActivity(id, 3, CORRELATION), undefined, 'The result');
      equal((await api('GET', `/sessions/${id}`)).body.activityCount, 3, 'The badge');
      await expectError(cif.notifyNewActivity(id, -1), 400, 'invalidRequest');
      await expectError(cif.notifyNewActivity(id), 400, 'invalidRequest');
    },

    async 'CIFramework.notifyKpiBreach'({ api }) {
      const id = await call();
      const marker = async () => (await api('GET', `/sessions/${id}`)).body.kpiBreach;
      equal(await cif.notifyKpiBreach(id, true, 'Waiting for a minute', CORRELATION), undefined, 'The result');
      equal(await marker(), 'Waiting for a minute', 'Marked');
      await cif.notifyKpiBreach(id, false);
      equal(await marker(), null, 'Cleared');
      await cif.notifyKpiBreach(id);
      equal(await marker(), '', 'Marked without a flag');
    },

    'CIFramework.updateConversation': notOffered('updateConversation', 'id', '{}'),

    async 'CIFramework.createTab'(given) {
      await expectError(cif.createTab({ templateName: SEARCH }), 409, 'homeSession');
      const id = await call();
      const tabId = await cif.createTab({ templateName: SEARCH, templateParameters: new Map([['data', 'q={customer}']]) }, CORRELATION);
      const { body } = await given.api('GET', `/sessions/${id}/tabs/${tabId}`);
      equal([body.parameters.data, body.isFocused], ['q=Contoso', true], 'The tab');
      const behind = await cif.createTab(JSON.stringify({ templateName: SEARCH, isFocused: false }));
      equal((await given.api('GET', `/sessions/${id}`)).body.focusedTabId, tabId, 'Not in focus');
      equal(behind === tabId, false, 'Another one');
      await expectError(cif.createTab({ templateName: 'none' }), 422, 'templateNotFound');
      await expectError(cif.createTab('[]'), 0, 'invalidArgument', 'input');
      const { own } = await focusForeignSession(given);
      await expectError(own.CIFramework.createTab({ templateName: SEARCH }), 0, 'notFocused');
    },

    async 'CIFramework.getTabs'({ api, admin }) {
      equal(await cif.getTabs(), [], 'The home session');
      const name = await admin.tab({ tags: ['billing', 'urgent'] });
      const id = await call();
      const [one, two] = [await cif.createTab({ templateName: name }), await cif.createTab({ templateName: SEARCH })];
      const anchor = (await api('GET', `/sessions/${id}`)).body.anchorTabId;
      equal(await cif.getTabs(), [anchor, one, two], 'All');
      equal(await cif.getTabs(SEARCH), [anchor, two], 'By template');
      equal(await cif.getTabs('', 'billing', CORRELATION), [one], 'By tag');
      equal(await cif.getTabs(undefined, ['billing', 'urgent']), [one], 'By both tags');
      equal(await cif.getTabs(undefined, ['billing', 'other']), [], 'By a tag that it does not have');
    },

    async 'CIFramework.getFocusedTab'({ api }) {
      equal(await cif.getFocusedTab(), null, 'The home session');
      const id = await call();
      equal(await cif.getFocusedTab(), (await api('GET', `/sessions/${id}`)).body.anchorTabId, 'The anchor');
      const tabId = await cif.createTab({ templateName: SEARCH });
      equal(await cif.getFocusedTab(CORRELATION), tabId, 'The new one');
    },

    async 'CIFramework.focusTab'({ api }) {
      const id = await call();
      const [anchor] = await cif.getTabs();
      await cif.createTab({ templateName: SEARCH });
      equal(await cif.focusTab(anchor, CORRELATION), undefined, 'The result');
      equal((await api('GET', `/sessions/${id}`)).body.focusedTabId, anchor, 'The tab in front');
      await expectError(cif.focusTab('none'), 404, 'notFound');
    },

    async 'CIFramework.refreshTab'({ api }) {
      const id = await call();
      const [anchor] = await cif.getTabs();
      equal(await cif.refreshTab(anchor, CORRELATION), undefined, 'The result');
      equal((await api('GET', `/sessions/${id}/tabs/${anchor}`)).body.refreshCount, 1, 'The count');
      await expectError(cif.refreshTab(''), 0, 'invalidArgument', 'tabId');
    },

    async 'CIFramework.closeTab'({ api }) {
      const id = await call();
      const tabId = await cif.createTab({ templateName: SEARCH });
      equal(await cif.closeTab(tabId, CORRELATION), undefined, 'The result');
      equal((await api('GET', `/sessions/${id}/tabs`)).body.value.map(tab => tab.tabId).includes(tabId), false, 'The tab exists');
      const [anchor] = await cif.getTabs();
      await expectError(cif.closeTab(anchor), 409, 'anchorTabNotClosable');
      await expectError(cif.closeTab(tabId), 404, 'notFound');
    },

    async 'CIFramework.setTabTitle'({ api }) {
      const id = await call();
      const [anchor] = await cif.getTabs();
      equal(await cif.setTabTitle(anchor, { title: 'Knowledge {customer}' }, CORRELATION), 'Knowledge {customer}', 'The result');
      equal((await api('GET', `/sessions/${id}/tabs/${anchor}`)).body.title, 'Knowledge {customer}', 'The title');
      equal(await cif.setTabTitle(anchor, '{"title":"From JSON"}'), 'From JSON', 'From JSON');
      await expectError(cif.setTabTitle(anchor, {}), 400, 'invalidRequest');
    },

    'CIFramework.notifyEvent': notOffered('notifyEvent', { templateName: 'msdyn_chat_incoming' }),
    'CIFramework.cancelEvent': notOffered('cancelEvent', 'token'),
    'CIFramework.setMode': notOffered('setMode', 1),
    'CIFramework.getMode': notOffered('getMode'),
    'CIFramework.setWidth': notOffered('setWidth', 300),
    'CIFramework.getWidth': notOffered('getWidth'),
    'CIFramework.getEnvironment': notOffered('getEnvironment'),
    'CIFramework.setPresence': notOffered('setPresence', 'Busy'),
    'CIFramework.getPresence': notOffered('getPresence'),
    'CIFramework.logAnalyticsEvent': notOffered('logAnalyticsEvent', {}, 'name'),
    'CIFramework.createRecord': notOffered('createRecord', 'contact', '{}'),
    'CIFramework.retrieveRecord': notOffered('retrieveRecord', 'contact', 'id', '?$select=fullname'),
    'CIFramework.updateRecord': notOffered('updateRecord', 'contact', 'id', '{}'),
    'CIFramework.deleteRecord': notOffered('deleteRecord', 'contact', 'id'),
    'CIFramework.getEntityMetadata': notOffered('getEntityMetadata', 'contact', []),
    'CIFramework.searchAndOpenRecords': notOffered('searchAndOpenRecords', 'contact', '?$top=1', false),
    'CIFramework.renderSearchPage': notOffered('renderSearchPage', 'contact', 'text'),
    'CIFramework.openForm': notOffered('openForm', '{}'),
    'CIFramework.setClickToAct': notOffered('setClickToAct', true),
    'CIFramework.getClickToAct': notOffered('getClickToAct'),

    async 'CIFramework.addHandler'({ errors }) {
      const got = [];
      cif.addHandler('mine', event => got.push(['first', event]));
      cif.addHandler('mine', () => { throw new Error('A handler that fails'); });
      cif.addHandler('mine', event => got.push(['third', event]));
      await cif.raiseEvent('mine', 7);
      equal(got, [['first', 7], ['third', 7]], 'The handlers');
      equal(errors.map(({ error, during }) => [error.code, during]), [['threw', 'a handler of mine']], 'The calls of onError');
      for (const wrong of [() => cif.addHandler('mine'), () => cif.addHandler('', () => {})]) {
        let thrown = null;
        try {
          wrong();
        } catch (error) {
          thrown = error.code;
        }
        equal(thrown, 'invalidArgument', 'Without a function, without a name');
      }
    },

    async 'CIFramework.removeHandler'() {
      const got = [];
      const handler = event => got.push(event);
      cif.addHandler('mine', handler);
      cif.addHandler('mine', handler);
      cif.removeHandler('mine', handler);
      cif.removeHandler('mine', handler);
      cif.removeHandler('never there', handler);
      await cif.raiseEvent('mine', 7);
      equal(got, [], 'After the handler is gone');
    },

    async 'CIFramework.raiseEvent'() {
      const got = [];
      cif.addHandler('mine', event => got.push(event));
      equal(await cif.raiseEvent('mine', { a: 1 }), undefined, 'The result');
      await cif.raiseEvent('another', { a: 2 });
      equal(got, [{ a: 1 }], 'The handler');
    },

    async CIFInitDone({ configure }) {
      let configured = false;
      const done = eventually('CIFInitDone', resolve => addEventListener('CIFInitDone', () => resolve(configured), { once: true }));
      configure();
      configured = true;
      equal(await done, true, 'The event followed the return of configure');
    },

    async onSessionSwitched({ connection, errors }) {
      const got = [];
      const all = eventually('onSessionSwitched', resolve => {
        cif.addHandler('onSessionSwitched', event => {
          got.push([event.sessionId, event.focussed, event.focused, event.context, JSON.parse(event)]);
          if (got.length === 2) resolve();
        });
      });
      await watching(connection);
      const id = await call();
      await all;
      const lost = { sessionId: 'home', focussed: false, focused: false, context: {} };
      const gained = { sessionId: id, focussed: true, focused: true, context: { customer: 'Contoso' } };
      equal(got, [['home', false, false, {}, lost], [id, true, true, { customer: 'Contoso' }, gained]], 'One call for each side');
      equal(errors.length, 0, 'Errors');
    },

    async onSessionClosed({ connection, api }) {
      const id = await call({ isFocused: false });
      const all = eventually('onSessionClosed', resolve => cif.addHandler('onSessionClosed', resolve));
      await watching(connection);
      await (await apm.getSession(id)).close();
      const event = await all;
      equal([event.sessionId, event.context, JSON.parse(event).sessionId], [id, { customer: 'Contoso' }, id], 'The payload');
      equal((await api('GET', `/sessions/${id}`)).body.status, 'closed', 'The API');

      const other = await call({ isFocused: false });
      await watching(connection);
      const deleted = eventually('onSessionClosed', resolve => cif.addHandler('onSessionClosed', resolve));
      await connection.send('DELETE', `/sessions/${other}`);
      const second = await deleted;
      equal([second.sessionId, second.context], [other, {}], 'The payload of one that is deleted');
    },

    async 'Apm.createSession'({ api, connect }) {
      const x = new Map();
      x.set('parametersStr', RECORD);
      x.set('note', 'urgent');
      const id = await apm.createSession({ templateName: CASE, sessionContext: x });
      const { body } = await api('GET', `/sessions/${id}`);
      equal([body.anchor.entityName, body.context, body.isFocused], ['incident', { note: 'urgent' }, true], 'The session');
      const pairs = await apm.createSession({ templateName: CASE, sessionContext: [...x], isFocused: false });
      const object = await apm.createSession(JSON.stringify({ templateName: CASE, sessionContext: Object.fromEntries(x), isFocused: false }));
      for (const other of [pairs, object]) {
        const { anchor, context, isFocused } = (await api('GET', `/sessions/${other}`)).body;
        equal([anchor.entityName, context, isFocused], ['incident', { note: 'urgent' }, false], 'Not in focus');
      }
      await expectError(apm.createSession({ templateName: CASE, sessionContext: new Map() }), 422, 'anchorRecordRequired');

      const bodies = [];
      const observed = connect({ onExchange: ({ requestBody }) => bodies.push(JSON.parse(requestBody)) }, {});
      await observed.Apm.createSession({ templateName: CASE, sessionContext: x });
      equal(bodies[0].sessionContext, [...x], 'A Map on the wire');

      const errors = [];
      await apm.createSession({ templateName: 'none' }, () => errors.push('success'), error => errors.push(error.errorCode, error.message.length > 0));
      equal(errors, [422, true], 'The error callback');
    },

    async 'Apm.canCreateSession'({ api }) {
      equal(await apm.canCreateSession(), true, 'An empty desk');
      for (let count = 0; count < 10; count++) await call();
      equal([await apm.canCreateSession(), (await api('GET', '/desk')).body.canCreateSession], [false, false], 'A full desk');
    },

    async 'Apm.getAllSessions'(given) {
      const { mine, theirs } = await focusForeignSession(given);
      const id = await call();
      equal((await apm.getAllSessions()).sort(), [mine, theirs, id].sort(), 'Sessions of all applications');
    },

    async 'Apm.getSession'() {
      const id = await call();
      const session = await apm.getSession(id);
      equal([session.sessionId, session.isDefault, session.title], [id, false, 'Contoso'], 'The session');
      const home = await apm.getSession('home');
      equal([home.sessionId, home.isDefault], ['home', true], 'Home');
      await expectError(apm.getSession('none'), 404, 'notFound');
    },

    async 'Apm.getFocusedSession'(given) {
      equal((await apm.getFocusedSession()).isDefault, true, 'At first home');
      const id = await call();
      equal((await apm.getFocusedSession()).sessionId, id, 'After create');
      const { own } = await focusForeignSession(given);
      equal(await own.Apm.getFocusedSession(), null, 'Another provider\'s');
    },

    async 'Apm.createTab'({ api }) {
      const id = await call();
      const tabId = await apm.createTab({ templateName: SEARCH, appContext: new Map([['data', 'q=1']]), isFocused: false });
      const { body } = await api('GET', `/sessions/${id}/tabs/${tabId}`);
      equal([body.parameters.data, body.isFocused], ['q=1', false], 'The tab');
      await expectError(apm.createTab({ templateName: 'none' }), 422, 'templateNotFound');
    },

    async 'Apm.closeTab'({ api }) {
      const id = await call();
      const tabId = await apm.createTab({ templateName: SEARCH });
      await apm.closeTab(tabId);
      const { value } = (await api('GET', `/sessions/${id}/tabs`)).body;
      equal(value.length, 1, 'The tabs that are left');
      await expectError(apm.closeTab(value[0].tabId), 409, 'anchorTabNotClosable');
    },

    async 'Apm.focusTab'({ api }) {
      const id = await call();
      await apm.createTab({ templateName: SEARCH });
      const [anchor] = await cif.getTabs();
      await apm.focusTab(anchor);
      equal((await api('GET', `/sessions/${id}`)).body.focusedTabId, anchor, 'The tab in front');
    },

    async 'Apm.refreshTab'({ api }) {
      const id = await call();
      const [anchor] = await cif.getTabs();
      await apm.refreshTab(anchor);
      await apm.refreshTab(anchor);
      equal((await api('GET', `/sessions/${id}/tabs/${anchor}`)).body.refreshCount, 2, 'The count');
    },

    async 'Apm.getEventPublisherTopic'({ connect }) {
      const topic = apm.getEventPublisherTopic('ON_SESSION_SWITCH');
      equal(/^switchboard-.+-ON_SESSION_SWITCH$/.test(topic), true, `${topic} is a topic`);
      equal(apm.getEventPublisherTopic('ON_SESSION_SWITCH'), topic, 'The second call');
      const other = connect({}, {});
      equal(other.Apm.getEventPublisherTopic('ON_SESSION_SWITCH') === topic, false, 'Another connection\'s');
      let thrown = null;
      try {
        apm.getEventPublisherTopic('ON_SESSION_CREATED');
      } catch (error) {
        thrown = error;
      }
      equal(thrown?.code, 'invalidArgument', 'Another name');
      for (const name of ['ON_SESSION_SWITCH', 'ON_SESSION_CLOSED', 'ON_TAB_SWITCH']) equal(thrown.message.includes(name), true, `It names ${name}`);
    },

    async ON_SESSION_SWITCH({ connection }) {
      const { got, ids } = await messages(connection, 'ON_SESSION_SWITCH', 1, () => call());
      equal(got, [{ previousSessionId: 'home', newSessionId: ids }], 'The message');
    },

    async ON_SESSION_CLOSED({ connection }) {
      const id = await call();
      const { got } = await messages(connection, 'ON_SESSION_CLOSED', 1, async () => (await apm.getSession(id)).close());
      equal(got, [{ sessionId: id }], 'The message');
    },

    async ON_TAB_SWITCH({ connection }) {
      const id = await call();
      const [anchor] = await cif.getTabs();
      await messages(connection, 'ON_TAB_SWITCH', 1, async () => {
        await eventually('the session', resolve => connection.watchSession(id, resolve));
        return apm.createTab({ templateName: SEARCH });
      }).then(({ got, ids }) => {
        equal(got, [{ previousSessionId: id, previousTabId: anchor, sessionId: id, tabId: ids }], 'The message');
      });
    },

    async 'Session.sessionId'() {
      const id = await call();
      const session = await apm.getSession(id);
      equal([session.sessionId, Object.keys(session).includes('sessionId')], [id, true], 'The id');
      let thrown = false;
      try {
        session.sessionId = 'another';
      } catch {
        thrown = true;
      }
      equal([thrown, session.sessionId], [true, id], 'The property is read-only');
    },

    async 'Session.isDefault'() {
      equal([(await apm.getSession('home')).isDefault, (await apm.getSession(await call())).isDefault], [true, false], 'Home and another');
    },

    async 'Session.title'({ api, errors }) {
      const id = await call();
      const session = await apm.getSession(id);
      session.title = 'One';
      session.title = 'Two';
      equal(session.title, 'Two', 'At once');
      await session.setCanClose(true);
      await eventually('the title', async resolve => {
        while ((await api('GET', `/sessions/${id}`)).body.title !== 'Two') { /* Poll the API for the change. */ }
        resolve();
      });
      session.title = 'x'.repeat(201);
      await eventually('the failure', resolve => { errors.listener = resolve; });
      equal(session.title, 'Two', 'Unchanged');
      equal([errors[0].error.errorCode, errors[0].error.code, errors[0].during], [400, 'invalidRequest', 'session.title'], 'The calls of onError');
      const home = await apm.getSession('home');
      home.title = 'Mine';
      await eventually('the failure', resolve => { errors.listener = resolve; });
      equal([home.title, errors[1].error.code], ['Home', 'homeSession'], 'Home');
    },

    async 'Session.canClose'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      equal(session.canClose, true, 'At first');
      session.canClose = false;
      await eventually('canClose', async resolve => {
        while ((await api('GET', `/sessions/${id}`)).body.canClose) { /* Poll the API for the change. */ }
        resolve();
      });
      await expectError(session.close(), 409, 'sessionNotClosable');
    },

    async 'Session.setTitle'({ api, errors }) {
      const id = await call();
      const session = await apm.getSession(id);
      await session.setTitle('Literal {customer}');
      equal([session.title, (await api('GET', `/sessions/${id}`)).body.title], ['Literal {customer}', 'Literal {customer}'], 'The title');
      await expectError(session.setTitle(''), 400, 'invalidRequest');
      equal([session.title, errors.length], ['Literal {customer}', 0], 'Unchanged, and the promise was rejected');
    },

    async 'Session.setCanClose'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      await session.setCanClose(false);
      equal([session.canClose, (await api('GET', `/sessions/${id}`)).body.canClose], [false, false], 'Stored');
      await expectError(session.setCanClose('no'), 400, 'invalidRequest');
      equal(session.canClose, false, 'Unchanged');
    },

    async 'Session.close'({ api }) {
      const id = await call();
      await (await apm.getSession(id)).close();
      equal((await api('GET', `/sessions/${id}`)).body.status, 'closed', 'The session');
      await expectError((await apm.getSession('home')).close(), 409, 'sessionNotClosable');
    },

    async 'Session.focus'({ api }) {
      const [id] = [await call(), await call()];
      equal(await (await apm.getSession(id)).focus(), undefined, 'The result');
      equal((await api('GET', '/desk')).body.focusedSessionId, id, 'The desk');
      await (await apm.getSession('home')).focus();
      equal((await api('GET', '/desk')).body.focusedSessionId, 'home', 'The desk');
    },

    async 'Session.requestFocus'({ api }) {
      const [id] = [await call(), await call()];
      await (await apm.getSession(id)).requestFocus();
      equal((await api('GET', `/sessions/${id}`)).body.focusRequested, true, 'The session');
    },

    async 'Session.getFocusedTab'() {
      equal(await (await apm.getSession('home')).getFocusedTab(), null, 'The home session');
      const session = await apm.getSession(await call());
      const tabId = await session.createTab({ templateName: SEARCH });
      const tab = await session.getFocusedTab();
      equal([tab.tabId, tab.title], [tabId, 'Knowledge Search'], 'The tab');
    },

    async 'Session.getAllTabs'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      const tabId = await session.createTab({ templateName: SEARCH });
      equal(await session.getAllTabs(), [(await api('GET', `/sessions/${id}`)).body.anchorTabId, tabId], 'The ids');
      equal(await (await apm.getSession('home')).getAllTabs(), [], 'The home session');
    },

    async 'Session.getTab'() {
      const session = await apm.getSession(await call());
      const [anchor] = await session.getAllTabs();
      const tab = await session.getTab(anchor);
      equal([tab.tabId, tab.title, tab.canClose], [anchor, 'Knowledge Search', false], 'The tab');
      await expectError(session.getTab('none'), 404, 'notFound');
    },

    async 'Session.canCreateTab'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      equal(await session.canCreateTab(), true, 'At first');
      for (let count = 1; count < 10; count++) await session.createTab({ templateName: SEARCH });
      equal([await session.canCreateTab(), (await api('GET', `/sessions/${id}`)).body.canCreateTab], [false, false], 'With ten');
      await expectError(session.createTab({ templateName: SEARCH }), 409, 'tabLimitReached');
      equal(await (await apm.getSession('home')).canCreateTab(), false, 'The home session');
    },

    async 'Session.createTab'({ api }) {
      const [id] = [await call(), await call()];
      const session = await apm.getSession(id);
      const tabId = await session.createTab({ templateName: SEARCH, appContext: new Map([['data', 'q=1']]) });
      equal((await api('GET', `/sessions/${id}/tabs/${tabId}`)).body.parameters.data, 'q=1', 'In a session that is not in focus');
    },

    async 'Session.getContext'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      await api('PATCH', `/sessions/${id}`, { context: { caseId: 'c1' } });
      equal([...(await session.getContext()).parameters].sort(), [['caseId', 'c1'], ['customer', 'Contoso']], 'The current state');
      equal((await (await apm.getSession('home')).getContext()).parameters.size, 0, 'The home session');
    },

    async 'Session.updateContext'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      equal(await session.updateContext({ caseId: 'c1', customer: null }), undefined, 'The result');
      await session.updateContext(new Map([['count', 1]]));
      equal((await api('GET', `/sessions/${id}`)).body.context, { caseId: 'c1', count: 1 }, 'The context');
      await expectError(session.updateContext('text'), 0, 'invalidArgument', 'values');
    },

    async 'Session.resolveSlug'() {
      const session = await apm.getSession(await call());
      equal(await session.resolveSlug('{customer}: {none}'), 'Contoso: ', 'The text');
      await expectError(session.resolveSlug(), 400, 'invalidRequest');
    },

    async 'Context.parameters'() {
      const session = await apm.getSession(await call());
      const context = await session.getContext();
      await session.updateContext({ later: 'x' });
      equal([context.parameters.get('customer'), context.parameters.has('later')], ['Contoso', false], 'The state as read');
    },

    async 'Context.get'() {
      const context = await (await apm.getSession(await call())).getContext();
      equal([context.get('customer'), context.get('none')], ['Contoso', undefined], 'The values');
    },

    async 'Context.set'({ api }) {
      const id = await call();
      const context = await (await apm.getSession(id)).getContext();
      await context.set('__proto__', 'own');
      await context.set('count', 2);
      const stored = (await api('GET', `/sessions/${id}`)).body.context;
      equal([context.get('count'), stored.count, Object.hasOwn(stored, '__proto__')], [2, 2, true], 'Stored');
      await expectError(context.set('count', 'x'.repeat(33000)), 400, 'invalidRequest');
      equal(context.get('count'), 2, 'Unchanged');
    },

    async 'Context.delete'({ api }) {
      const id = await call();
      const context = await (await apm.getSession(id)).getContext();
      await context.delete('customer');
      equal([context.get('customer'), (await api('GET', `/sessions/${id}`)).body.context], [undefined, {}], 'Removed');
    },

    async 'Context.getTabContext'() {
      const session = await apm.getSession(await call());
      const tabId = await session.createTab({ templateName: SEARCH, appContext: { data: 'q=1' } });
      equal((await (await session.getContext()).getTabContext(tabId)).get('data'), 'q=1', 'The parameter');
    },

    async 'Context.resolveSlug'() {
      const context = await (await apm.getSession(await call())).getContext();
      equal(await context.resolveSlug('Hello {customer}'), 'Hello Contoso', 'The text');
    },

    async 'Tab.tabId'() {
      const session = await apm.getSession(await call());
      const tabId = await session.createTab({ templateName: SEARCH });
      equal((await session.getTab(tabId)).tabId, tabId, 'The id');
    },

    async 'Tab.title'({ api, errors }) {
      const id = await call();
      const tab = await (await apm.getSession(id)).getFocusedTab();
      tab.title = 'Knowledge';
      await eventually('the title', async resolve => {
        while ((await api('GET', `/sessions/${id}/tabs/${tab.tabId}`)).body.title !== 'Knowledge') { /* Poll the API for the change. */ }
        resolve();
      });
      tab.title = null;
      await eventually('the failure', resolve => { errors.listener = resolve; });
      equal([tab.title, errors[0].error.errorCode, errors[0].during], ['Knowledge', 400, 'tab.title'], 'Unchanged');
    },

    async 'Tab.canClose'({ errors }) {
      const tab = await (await apm.getSession(await call())).getFocusedTab();
      tab.canClose = true;
      await eventually('the failure', resolve => { errors.listener = resolve; });
      equal([tab.canClose, errors[0].error.code, errors[0].during], [false, 'anchorTabNotClosable', 'tab.canClose'], 'The anchor\'s');
    },

    async 'Tab.setTitle'({ api }) {
      const id = await call();
      const tab = await (await apm.getSession(id)).getFocusedTab();
      await tab.setTitle('Knowledge');
      equal([tab.title, (await api('GET', `/sessions/${id}/tabs/${tab.tabId}`)).body.title], ['Knowledge', 'Knowledge'], 'The title');
    },

    async 'Tab.setCanClose'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      const tab = await session.getTab(await session.createTab({ templateName: SEARCH }));
      await tab.setCanClose(false);
      equal([tab.canClose, (await api('GET', `/sessions/${id}/tabs/${tab.tabId}`)).body.canClose], [false, false], 'Stored');
      await expectError(tab.close(), 409, 'tabNotClosable');
    },

    async 'Tab.close'() {
      const session = await apm.getSession(await call());
      const tab = await session.getTab(await session.createTab({ templateName: SEARCH }));
      await tab.close();
      equal((await session.getAllTabs()).length, 1, 'The tabs that are left');
      await expectError((await session.getFocusedTab()).close(), 409, 'anchorTabNotClosable');
    },

    async 'Tab.focus'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      const anchor = await session.getFocusedTab();
      await session.createTab({ templateName: SEARCH });
      const other = await call();
      await anchor.focus();
      equal((await api('GET', `/sessions/${id}`)).body.focusedTabId, anchor.tabId, 'The tab in front');
      equal((await api('GET', '/desk')).body.focusedSessionId, other, 'The desk stays');
    },

    async 'Tab.refresh'({ api }) {
      const id = await call();
      const tab = await (await apm.getSession(id)).getFocusedTab();
      await tab.refresh();
      equal((await api('GET', `/sessions/${id}/tabs/${tab.tabId}`)).body.refreshCount, 1, 'The count');
    },
  };

  /** Returns the methods and properties of each kind of object, with the names of the table. */
  async function members() {
    const session = await apm.getSession(await call());
    const kinds = { CIFramework: cif, Apm: apm, Session: session, Tab: await session.getFocusedTab(), Context: await session.getContext() };
    return Object.entries(kinds).flatMap(([kind, object]) => {
      const names = new Set();
      for (let at = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
        for (const name of Object.getOwnPropertyNames(at)) names.add(name);
      }
      names.delete('constructor');
      return [...names].map(name => `${kind}.${name}`);
    });
  }

  async function run(name, baseUrl, tenant) {
    const errors = [];
    const token = async claims => {
      const scope = 'Sessions.ReadWrite Templates.ReadWrite';
      const response = await fetch(`${baseUrl}/oauth2/token`, {
        method: 'POST',
        headers: { accept: 'text/plain' },
        body: new URLSearchParams({ grant_type: 'client_credentials', tenant, user: 'ada', provider: 'softphone', scope, ...claims }),
      });
      return response.text();
    };
    const onError = (error, during) => {
      errors.push({ error, during });
      errors.listener?.();
    };
    const opened = [];
    const settings = claims => ({ baseUrl, token: () => token(claims), onError, polling: { shortest: 50, longest: 100 } });
    const connect = (more, claims) => {
      const connection = Switchboard.connect({ ...settings(claims), ...more });
      opened.push(connection);
      return connection;
    };
    const configure = () => {
      const connection = Switchboard.configure(settings({}));
      opened.push(connection);
      return connection;
    };
    const api = async (method, path, body) => {
      const response = await fetch(baseUrl + path, {
        method,
        headers: { authorization: `Bearer ${await token({})}`, 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`The API returned ${response.status} ${text}`);
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    };
    const admin = {
      async tab(more) {
        const uniqueName = `tab_${crypto.randomUUID().replaceAll('-', '')}`;
        await api('POST', '/applicationTabTemplates', {
          uniqueName, name: 'Tab', title: 'Tab', pageType: 'thirdPartyWebsite', parameters: { url: 'https://example.com/' }, ...more,
        });
        return uniqueName;
      },
    };
    const connection = configure();
    try {
      if (name === '') return await members();
      const late = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`${name} has not come to an end after 20 s`)), 20_000);
      });
      await Promise.race([rows[name]({ api, admin, connect, configure, connection, errors }), late]);
      return null;
    } finally {
      for (const each of opened) each.close();
    }
  }

  return { names: Object.keys(rows), run };
})();
