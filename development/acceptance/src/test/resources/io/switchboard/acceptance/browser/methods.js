/*
 * What each row of the table in docs/javascript.md promises, as a function of that name. Each gets a user of its own:
 * `api(method, path, body)` is the API's own answer, past the client; `connect(settings, token)` another connection of the same user.
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
    if (plain(actual) !== plain(expected)) throw new Error(`${what}: ${plain(actual)}, and not ${plain(expected)}`);
  }

  async function refused(promise, errorCode, code, ...words) {
    const error = await promise.then(value => { throw new Error(`It gave ${plain(value)}, and was to be refused with ${code}`); }, reason => reason);
    if (error.name !== 'SwitchboardError') throw error;
    equal([error.errorCode, error.code], [errorCode, code], 'The refusal');
    for (const word of words) equal(error.message.includes(word), true, `"${error.message}" tells of ${word}`);
    return error;
  }

  const call = (more = {}) => cif.createSession({ templateName: CALL, templateParameters: { customer: 'Contoso' }, ...more });

  /** Rejects where nothing comes; who waits for what does not come finds the row in the message. */
  function come(what, subscribe) {
    return new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`${what} has not come`)), 8000);
      subscribe(resolve);
    });
  }

  /** The desk has been read, so that what happens from now on is a change. */
  const watching = connection => come('the desk', resolve => connection.watchDesk(resolve));

  async function messages(connection, eventName, count, act) {
    const channel = new BroadcastChannel(apm.getEventPublisherTopic(eventName));
    try {
      await watching(connection);
      const got = [];
      const all = come(eventName, resolve => {
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

  /** A session of the user that another application has made, and that is in focus. */
  async function foreign({ connect }) {
    const own = connect({}, { provider: 'dialer', scope: 'Sessions.ReadWrite.Provider' });
    const mine = await own.CIFramework.createSession({ templateName: CALL });
    const other = connect({}, { provider: 'elsewhere', scope: 'Sessions.ReadWrite.Provider' });
    const theirs = await other.CIFramework.createSession({ templateName: CALL });
    return { own, mine, theirs };
  }

  function notOffered(name, ...args) {
    return async () => {
      const words = (await refused(cif[name](...args), 501, 'notOffered', `CIFramework.${name} is not offered.`)).message;
      equal(words.length > `CIFramework.${name} is not offered. `.length + 20, true, `"${words}" says what to do instead`);
      let told = null;
      equal(await cif[name](...args, () => {}, error => { told = error.errorCode; }), undefined, 'What the promise gives beside a callback');
      // Where the arguments are fewer than the method has, both functions still are the callbacks.
      equal(told, 501, 'What the error callback got');
    };
  }

  const rows = {
    async 'CIFramework.canCreateSession'({ api }) {
      equal(await cif.canCreateSession(), true, 'An empty desk');
      for (let count = 0; count < 10; count++) await call();
      equal(await cif.canCreateSession(CORRELATION), false, 'A full desk');
      equal((await api('GET', '/desk')).body.canCreateSession, false, 'The API');
      const error = await refused(call(), 409, 'sessionLimitReached');
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

      const error = await refused(cif.createSession({ templateParameters: 1 }), 400, 'invalidRequest');
      equal(error.details.map(({ target }) => target).sort(), ['templateName', 'templateParameters'], 'Every violation');
      await refused(cif.createSession('{"templateName":'), 400, 'invalidRequest');
      await refused(cif.createSession(7), 0, 'invalidArgument', 'input');
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
      await refused(cif.getSession('none'), 404, 'notFound');
      await refused(cif.getSession(), 0, 'invalidArgument', 'sessionId');
      await refused(cif.getSession('..'), 0, 'invalidArgument', 'sessionId');
      await refused(cif.getSession('../desk'), 404, 'notFound');
    },

    async 'CIFramework.getFocusedSession'(given) {
      equal(await cif.getFocusedSession(), 'home', 'At first');
      const id = await call();
      equal(await cif.getFocusedSession(CORRELATION), id, 'After create');
      const { own } = await foreign(given);
      equal(await own.CIFramework.getFocusedSession(), null, 'Of another provider');
    },

    async 'CIFramework.getAllSessions'(given) {
      equal(await cif.getAllSessions(), [], 'At first');
      const ids = [await call(), await call()];
      const { own, mine, theirs } = await foreign(given);
      equal((await cif.getAllSessions(CORRELATION)).sort(), [...ids, mine, theirs].sort(), 'All of the user\'s');
      equal(await own.CIFramework.getAllSessions(), [mine], 'All of the provider\'s');
      await given.api('POST', `/sessions/${ids[0]}/close`);
      equal((await cif.getAllSessions()).includes(ids[0]), false, 'A closed one');
    },

    async 'CIFramework.requestFocusSession'({ api }) {
      const [id] = [await call(), await call()];
      equal(await cif.requestFocusSession(id, CORRELATION), undefined, 'What it gives');
      const { body } = await api('GET', `/sessions/${id}`);
      equal([body.focusRequested, body.isFocused], [true, false], 'The session');
      await refused(cif.requestFocusSession('home'), 409, 'homeSession');
    },

    async 'CIFramework.setSessionTitle'({ api }) {
      const id = await call();
      equal(await cif.setSessionTitle({ sessionId: id, customer: 'Fabrikam' }, CORRELATION), undefined, 'What it gives');
      equal((await api('GET', `/sessions/${id}`)).body.title, 'Fabrikam', 'The title');
      await cif.setSessionTitle(JSON.stringify({ sessionId: id, customer: 'Northwind' }));
      equal((await api('GET', `/sessions/${id}`)).body.title, 'Northwind', 'The title, from JSON');
      await refused(cif.setSessionTitle({ customer: 'Fabrikam' }), 0, 'invalidArgument', 'sessionId');
      await refused(cif.setSessionTitle('{"sessionId'), 0, 'invalidArgument', 'input');
    },

    async 'CIFramework.updateContext'({ api }) {
      const id = await call();
      const context = async () => (await api('GET', `/sessions/${id}`)).body.context;
      equal(await cif.updateContext({ caseId: 'c1', count: 2, urgent: true }, id, false, CORRELATION), id, 'What it gives');
      equal(await context(), { customer: 'Contoso', caseId: 'c1', count: 2, urgent: true }, 'Added');
      equal(await cif.updateContext(new Map([['caseId', 'c2']])), id, 'In the session in focus');
      await cif.updateContext('{"count":3}');
      equal(await context(), { customer: 'Contoso', caseId: 'c2', count: 3, urgent: true }, 'Changed');
      await cif.updateContext({ count: '', urgent: '' }, id, true);
      equal(await context(), { customer: 'Contoso', caseId: 'c2' }, 'Removed');
      await refused(cif.updateContext({ a: 'x'.repeat(33000) }, id), 400, 'invalidRequest');
      await refused(cif.updateContext(['a'], id), 0, 'invalidArgument', 'input');
      await cif.updateContext(JSON.parse('{"__proto__":"own"}'), id);
      equal(Object.hasOwn(await context(), '__proto__'), true, 'A key that JavaScript has of its own');
      equal((await cif.getSession(id)).context.get('__proto__'), 'own', 'and the client gives it back');
    },

    async 'CIFramework.notifyNewActivity'({ api }) {
      const [id] = [await call(), await call()];
      equal(await cif.notifyNewActivity(id, 3, CORRELATION), undefined, 'What it gives');
      equal((await api('GET', `/sessions/${id}`)).body.activityCount, 3, 'The badge');
      await refused(cif.notifyNewActivity(id, -1), 400, 'invalidRequest');
      await refused(cif.notifyNewActivity(id), 400, 'invalidRequest');
    },

    async 'CIFramework.notifyKpiBreach'({ api }) {
      const id = await call();
      const marker = async () => (await api('GET', `/sessions/${id}`)).body.kpiBreach;
      equal(await cif.notifyKpiBreach(id, true, 'Waiting for a minute', CORRELATION), undefined, 'What it gives');
      equal(await marker(), 'Waiting for a minute', 'Marked');
      await cif.notifyKpiBreach(id, false);
      equal(await marker(), null, 'Cleared');
      await cif.notifyKpiBreach(id);
      equal(await marker(), '', 'Marked without a flag');
    },

    'CIFramework.updateConversation': notOffered('updateConversation', 'id', '{}'),

    async 'CIFramework.createTab'(given) {
      await refused(cif.createTab({ templateName: SEARCH }), 409, 'homeSession');
      const id = await call();
      const tabId = await cif.createTab({ templateName: SEARCH, templateParameters: new Map([['data', 'q={customer}']]) }, CORRELATION);
      const { body } = await given.api('GET', `/sessions/${id}/tabs/${tabId}`);
      equal([body.parameters.data, body.isFocused], ['q=Contoso', true], 'The tab');
      const behind = await cif.createTab(JSON.stringify({ templateName: SEARCH, isFocused: false }));
      equal((await given.api('GET', `/sessions/${id}`)).body.focusedTabId, tabId, 'Not in focus');
      equal(behind === tabId, false, 'Another one');
      await refused(cif.createTab({ templateName: 'none' }), 422, 'templateNotFound');
      await refused(cif.createTab('[]'), 0, 'invalidArgument', 'input');
      const { own } = await foreign(given);
      await refused(own.CIFramework.createTab({ templateName: SEARCH }), 0, 'notFocused');
    },

    async 'CIFramework.getTabs'({ api, admin }) {
      equal(await cif.getTabs(), [], 'Of home');
      const name = await admin.tab({ tags: ['billing', 'urgent'] });
      const id = await call();
      const [one, two] = [await cif.createTab({ templateName: name }), await cif.createTab({ templateName: SEARCH })];
      const anchor = (await api('GET', `/sessions/${id}`)).body.anchorTabId;
      equal(await cif.getTabs(), [anchor, one, two], 'All');
      equal(await cif.getTabs(SEARCH), [anchor, two], 'By template');
      equal(await cif.getTabs('', 'billing', CORRELATION), [one], 'By tag');
      equal(await cif.getTabs(undefined, ['billing', 'urgent']), [one], 'By both tags');
      equal(await cif.getTabs(undefined, ['billing', 'other']), [], 'By a tag it does not carry');
    },

    async 'CIFramework.getFocusedTab'({ api }) {
      equal(await cif.getFocusedTab(), null, 'Of home');
      const id = await call();
      equal(await cif.getFocusedTab(), (await api('GET', `/sessions/${id}`)).body.anchorTabId, 'The anchor');
      const tabId = await cif.createTab({ templateName: SEARCH });
      equal(await cif.getFocusedTab(CORRELATION), tabId, 'The new one');
    },

    async 'CIFramework.focusTab'({ api }) {
      const id = await call();
      const [anchor] = await cif.getTabs();
      await cif.createTab({ templateName: SEARCH });
      equal(await cif.focusTab(anchor, CORRELATION), undefined, 'What it gives');
      equal((await api('GET', `/sessions/${id}`)).body.focusedTabId, anchor, 'The tab in front');
      await refused(cif.focusTab('none'), 404, 'notFound');
    },

    async 'CIFramework.refreshTab'({ api }) {
      const id = await call();
      const [anchor] = await cif.getTabs();
      equal(await cif.refreshTab(anchor, CORRELATION), undefined, 'What it gives');
      equal((await api('GET', `/sessions/${id}/tabs/${anchor}`)).body.refreshCount, 1, 'How often');
      await refused(cif.refreshTab(''), 0, 'invalidArgument', 'tabId');
    },

    async 'CIFramework.closeTab'({ api }) {
      const id = await call();
      const tabId = await cif.createTab({ templateName: SEARCH });
      equal(await cif.closeTab(tabId, CORRELATION), undefined, 'What it gives');
      equal((await api('GET', `/sessions/${id}/tabs`)).body.value.map(tab => tab.tabId).includes(tabId), false, 'It is there');
      const [anchor] = await cif.getTabs();
      await refused(cif.closeTab(anchor), 409, 'anchorTabNotClosable');
      await refused(cif.closeTab(tabId), 404, 'notFound');
    },

    async 'CIFramework.setTabTitle'({ api }) {
      const id = await call();
      const [anchor] = await cif.getTabs();
      equal(await cif.setTabTitle(anchor, { title: 'Knowledge {customer}' }, CORRELATION), 'Knowledge {customer}', 'What it gives');
      equal((await api('GET', `/sessions/${id}/tabs/${anchor}`)).body.title, 'Knowledge {customer}', 'The title');
      equal(await cif.setTabTitle(anchor, '{"title":"From JSON"}'), 'From JSON', 'From JSON');
      await refused(cif.setTabTitle(anchor, {}), 400, 'invalidRequest');
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
      equal(errors.map(({ error, during }) => [error.code, during]), [['threw', 'a handler of mine']], 'What onError was told');
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
      equal(await cif.raiseEvent('mine', { a: 1 }), undefined, 'What it gives');
      await cif.raiseEvent('another', { a: 2 });
      equal(got, [{ a: 1 }], 'The handler');
    },

    async CIFInitDone({ configure }) {
      let configured = false;
      const done = come('CIFInitDone', resolve => addEventListener('CIFInitDone', () => resolve(configured), { once: true }));
      configure();
      configured = true;
      equal(await done, true, 'It came after configure had returned');
    },

    async onSessionSwitched({ connection, errors }) {
      const got = [];
      const all = come('onSessionSwitched', resolve => {
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
      const all = come('onSessionClosed', resolve => cif.addHandler('onSessionClosed', resolve));
      await watching(connection);
      await (await apm.getSession(id)).close();
      const event = await all;
      equal([event.sessionId, event.context, JSON.parse(event).sessionId], [id, { customer: 'Contoso' }, id], 'The payload');
      equal((await api('GET', `/sessions/${id}`)).body.status, 'closed', 'The API');

      const other = await call({ isFocused: false });
      await watching(connection);
      const deleted = come('onSessionClosed', resolve => cif.addHandler('onSessionClosed', resolve));
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
      await refused(apm.createSession({ templateName: CASE, sessionContext: new Map() }), 422, 'anchorRecordRequired');

      const bodies = [];
      const told = connect({ onExchange: ({ requestBody }) => bodies.push(JSON.parse(requestBody)) }, {});
      await told.Apm.createSession({ templateName: CASE, sessionContext: x });
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
      const { mine, theirs } = await foreign(given);
      const id = await call();
      equal((await apm.getAllSessions()).sort(), [mine, theirs, id].sort(), 'Whoever made them');
    },

    async 'Apm.getSession'() {
      const id = await call();
      const session = await apm.getSession(id);
      equal([session.sessionId, session.isDefault, session.title], [id, false, 'Contoso'], 'The session');
      const home = await apm.getSession('home');
      equal([home.sessionId, home.isDefault], ['home', true], 'Home');
      await refused(apm.getSession('none'), 404, 'notFound');
    },

    async 'Apm.getFocusedSession'(given) {
      equal((await apm.getFocusedSession()).isDefault, true, 'At first home');
      const id = await call();
      equal((await apm.getFocusedSession()).sessionId, id, 'After create');
      const { own } = await foreign(given);
      equal(await own.Apm.getFocusedSession(), null, 'Another provider\'s');
    },

    async 'Apm.createTab'({ api }) {
      const id = await call();
      const tabId = await apm.createTab({ templateName: SEARCH, appContext: new Map([['data', 'q=1']]), isFocused: false });
      const { body } = await api('GET', `/sessions/${id}/tabs/${tabId}`);
      equal([body.parameters.data, body.isFocused], ['q=1', false], 'The tab');
      await refused(apm.createTab({ templateName: 'none' }), 422, 'templateNotFound');
    },

    async 'Apm.closeTab'({ api }) {
      const id = await call();
      const tabId = await apm.createTab({ templateName: SEARCH });
      await apm.closeTab(tabId);
      const { value } = (await api('GET', `/sessions/${id}/tabs`)).body;
      equal(value.length, 1, 'The tabs that are left');
      await refused(apm.closeTab(value[0].tabId), 409, 'anchorTabNotClosable');
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
      equal((await api('GET', `/sessions/${id}/tabs/${anchor}`)).body.refreshCount, 2, 'How often');
    },

    async 'Apm.getEventPublisherTopic'({ connect }) {
      const topic = apm.getEventPublisherTopic('ON_SESSION_SWITCH');
      equal(/^switchboard-.+-ON_SESSION_SWITCH$/.test(topic), true, `${topic} is a topic`);
      equal(apm.getEventPublisherTopic('ON_SESSION_SWITCH'), topic, 'Asked again');
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
        await come('the session', resolve => connection.watchSession(id, resolve));
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
      equal([thrown, session.sessionId], [true, id], 'It cannot be set');
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
      await come('the title', async resolve => {
        while ((await api('GET', `/sessions/${id}`)).body.title !== 'Two') { /* The API is asked until it has it. */ }
        resolve();
      });
      session.title = 'x'.repeat(201);
      await come('the failure', resolve => { errors.listener = resolve; });
      equal(session.title, 'Two', 'As it was');
      equal([errors[0].error.errorCode, errors[0].error.code, errors[0].during], [400, 'invalidRequest', 'session.title'], 'What onError was told');
      const home = await apm.getSession('home');
      home.title = 'Mine';
      await come('the failure', resolve => { errors.listener = resolve; });
      equal([home.title, errors[1].error.code], ['Home', 'homeSession'], 'Home');
    },

    async 'Session.canClose'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      equal(session.canClose, true, 'At first');
      session.canClose = false;
      await come('canClose', async resolve => {
        while ((await api('GET', `/sessions/${id}`)).body.canClose) { /* The API is asked until it has it. */ }
        resolve();
      });
      await refused(session.close(), 409, 'sessionNotClosable');
    },

    async 'Session.setTitle'({ api, errors }) {
      const id = await call();
      const session = await apm.getSession(id);
      await session.setTitle('Literal {customer}');
      equal([session.title, (await api('GET', `/sessions/${id}`)).body.title], ['Literal {customer}', 'Literal {customer}'], 'The title');
      await refused(session.setTitle(''), 400, 'invalidRequest');
      equal([session.title, errors.length], ['Literal {customer}', 0], 'As it was, and the promise has told');
    },

    async 'Session.setCanClose'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      await session.setCanClose(false);
      equal([session.canClose, (await api('GET', `/sessions/${id}`)).body.canClose], [false, false], 'Stored');
      await refused(session.setCanClose('no'), 400, 'invalidRequest');
      equal(session.canClose, false, 'As it was');
    },

    async 'Session.close'({ api }) {
      const id = await call();
      await (await apm.getSession(id)).close();
      equal((await api('GET', `/sessions/${id}`)).body.status, 'closed', 'The session');
      await refused((await apm.getSession('home')).close(), 409, 'sessionNotClosable');
    },

    async 'Session.focus'({ api }) {
      const [id] = [await call(), await call()];
      equal(await (await apm.getSession(id)).focus(), undefined, 'What it gives');
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
      equal(await (await apm.getSession('home')).getFocusedTab(), null, 'Of home');
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
      equal(await (await apm.getSession('home')).getAllTabs(), [], 'Of home');
    },

    async 'Session.getTab'() {
      const session = await apm.getSession(await call());
      const [anchor] = await session.getAllTabs();
      const tab = await session.getTab(anchor);
      equal([tab.tabId, tab.title, tab.canClose], [anchor, 'Knowledge Search', false], 'The tab');
      await refused(session.getTab('none'), 404, 'notFound');
    },

    async 'Session.canCreateTab'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      equal(await session.canCreateTab(), true, 'At first');
      for (let count = 1; count < 10; count++) await session.createTab({ templateName: SEARCH });
      equal([await session.canCreateTab(), (await api('GET', `/sessions/${id}`)).body.canCreateTab], [false, false], 'With ten');
      await refused(session.createTab({ templateName: SEARCH }), 409, 'tabLimitReached');
      equal(await (await apm.getSession('home')).canCreateTab(), false, 'Of home');
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
      equal([...(await session.getContext()).parameters].sort(), [['caseId', 'c1'], ['customer', 'Contoso']], 'As it is now');
      equal((await (await apm.getSession('home')).getContext()).parameters.size, 0, 'Of home');
    },

    async 'Session.updateContext'({ api }) {
      const id = await call();
      const session = await apm.getSession(id);
      equal(await session.updateContext({ caseId: 'c1', customer: null }), undefined, 'What it gives');
      await session.updateContext(new Map([['count', 1]]));
      equal((await api('GET', `/sessions/${id}`)).body.context, { caseId: 'c1', count: 1 }, 'The context');
      await refused(session.updateContext('text'), 0, 'invalidArgument', 'values');
    },

    async 'Session.resolveSlug'() {
      const session = await apm.getSession(await call());
      equal(await session.resolveSlug('{customer}: {none}'), 'Contoso: ', 'The text');
      await refused(session.resolveSlug(), 400, 'invalidRequest');
    },

    async 'Context.parameters'() {
      const session = await apm.getSession(await call());
      const context = await session.getContext();
      await session.updateContext({ later: 'x' });
      equal([context.parameters.get('customer'), context.parameters.has('later')], ['Contoso', false], 'As read');
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
      await refused(context.set('count', 'x'.repeat(33000)), 400, 'invalidRequest');
      equal(context.get('count'), 2, 'As it was');
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
      equal((await (await session.getContext()).getTabContext(tabId)).get('data'), 'q=1', 'A parameter');
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
      await come('the title', async resolve => {
        while ((await api('GET', `/sessions/${id}/tabs/${tab.tabId}`)).body.title !== 'Knowledge') { /* Until it has it. */ }
        resolve();
      });
      tab.title = null;
      await come('the failure', resolve => { errors.listener = resolve; });
      equal([tab.title, errors[0].error.errorCode, errors[0].during], ['Knowledge', 400, 'tab.title'], 'As it was');
    },

    async 'Tab.canClose'({ errors }) {
      const tab = await (await apm.getSession(await call())).getFocusedTab();
      tab.canClose = true;
      await come('the failure', resolve => { errors.listener = resolve; });
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
      await refused(tab.close(), 409, 'tabNotClosable');
    },

    async 'Tab.close'() {
      const session = await apm.getSession(await call());
      const tab = await session.getTab(await session.createTab({ templateName: SEARCH }));
      await tab.close();
      equal((await session.getAllTabs()).length, 1, 'The tabs that are left');
      await refused((await session.getFocusedTab()).close(), 409, 'anchorTabNotClosable');
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
      equal((await api('GET', `/sessions/${id}/tabs/${tab.tabId}`)).body.refreshCount, 1, 'How often');
    },
  };

  /** What a page can call or read of each kind of object, as the table names it. */
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
      const answer = await fetch(`${baseUrl}/oauth2/token`, {
        method: 'POST',
        headers: { accept: 'text/plain' },
        body: new URLSearchParams({ grant_type: 'client_credentials', tenant, user: 'ada', provider: 'softphone', scope, ...claims }),
      });
      return answer.text();
    };
    const tell = (error, during) => {
      errors.push({ error, during });
      errors.listener?.();
    };
    const opened = [];
    const settings = claims => ({ baseUrl, token: () => token(claims), onError: tell, polling: { shortest: 50, longest: 100 } });
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
      if (!response.ok) throw new Error(`The API itself answered ${response.status} ${text}`);
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
