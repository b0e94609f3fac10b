// Compiled but never run: uses every member of the declarations as a page would.
import Switchboard, { Apm, CIFramework } from './switchboard.mjs';
import type { Answer, Connection, Context, Desk, Exchange, NotificationData, Session, SessionData, SwitchboardError, Tab } from './switchboard.mjs';

const connection: Connection = Switchboard.configure({
  baseUrl: 'https://api.example.com',
  token: async ({ renew }: { renew: boolean }): Promise<string> => (renew ? 'new' : 'first'),
  user: 'alice',
  timeout: 5000,
  polling: { shortest: 100, longest: 1000 },
  onExchange(exchange: Exchange): void {
    const { method, url, requestHeaders, requestBody, responseHeaders, responseBody, problem } = exchange;
    const texts: (string | null | undefined)[] = [method, url, requestHeaders.accept, requestBody, responseHeaders.etag, responseBody];
    const why: string | null = problem;
    const numbers: number[] = [exchange.attempt, exchange.status, exchange.milliseconds, texts.length];
    const watching: boolean = exchange.watching || numbers.length > 0;
    const line: string = Switchboard.curl(exchange);
    void [watching, line, why];
  },
  onError(error: SwitchboardError, during: string): void {
    const { name, message, errorCode, code, target, details, requestId, retryAfter, mayHaveHappened } = error;
    const texts: (string | null | undefined)[] = [name, message, code, target, details[0]?.target, requestId, during];
    const numbers: (number | null)[] = [errorCode, retryAfter];
    const may: boolean = mayHaveHappened;
    void [texts, numbers, may];
  },
});
const other: Connection = Switchboard.connect({ token: () => 'token' });
const version: string = globalThis.Switchboard.version + Switchboard.version;

export async function useConnection(): Promise<void> {
  const answer: Answer<SessionData> = await connection.send<SessionData>('PATCH', '/sessions/id', {
    body: new Map([['title', 'x']]),
    headers: { 'If-Match': '*' },
    correlationId: 'b2d6f1f0-0000-4000-8000-000000000000',
    idempotencyKey: 'key',
    timeout: 1000,
    signal: new AbortController().signal,
  });
  const title: string = answer.body.title + answer.status + answer.headers['etag'] + answer.etag;
  for await (const session of connection.list<SessionData>('/sessions')) void session.sessionId;
  const ends: (() => void)[] = [
    connection.watchDesk((desk: Desk) => void [desk.sessionLimit, desk.openSessions, desk.canCreateSession, desk.version]),
    connection.watchDesk(desk => void [desk.focusedSessionId, desk.sessions[0]?.isDefault], error => void error?.code),
    connection.watchSession('id', session => void session?.version, error => void error?.message),
  ];
  for (const end of ends) end();
  connection.refresh();
  other.close();
  void [version, title, connection.baseUrl];
}

export async function useNotifications({ notifications }: Connection): Promise<void> {
  const [first]: NotificationData[] = await notifications.list();
  const id: string = (await notifications.offer({ templateName: 'a', userIds: ['ann'], expiresInSeconds: 60 })).notificationId;
  const read: NotificationData = await notifications.get(id);
  const { notification, session } = await notifications.accept(id);
  const rejected: NotificationData = await notifications.reject(id, 'busy');
  const { handOver } = await notifications.handOver('id', 'bob', { note: 'x', expiresInSeconds: 60 });
  await notifications.withdraw(handOver?.notificationId ?? id);
  const moved: SessionData | null = session;
  const texts: (string | null | undefined)[] = [first?.title, read.state, notification.fields[0]?.value, rejected.handOver?.note];
  // @ts-expect-error A notification needs a template.
  await notifications.offer({ userIds: ['ann'] });
  void [moved, texts];
}

export async function useCif(cif: typeof CIFramework = Microsoft.CIFramework): Promise<void> {
  const can: boolean = await cif.canCreateSession('correlation', value => void (value === true), error => void error.message);
  const id: string = await cif.createSession(
    { templateName: 'a', templateTag: 'b', templateParameters: { tab: { title: 1 } }, isFocused: false, customer: 'x' },
    'correlation',
    sessionId => void sessionId.length,
    error => void error.message,
  );
  await cif.createSession('{"templateName":"a"}').then(sessionId => sessionId.length, (error: SwitchboardError) => error.code);
  const session = await cif.getSession(id, 'correlation');
  const conversation: string | null = session.conversationId;
  const focused: boolean = session.isFocused && session.get('isFocused') && session.sessionId === session.context.get('customer');
  const ids: string[] = await cif.getAllSessions('correlation');
  const focusedId: string | null = await cif.getFocusedSession('correlation');
  await cif.requestFocusSession(id, 'correlation');
  await cif.setSessionTitle({ sessionId: id, customer: 'Fabrikam' }, 'correlation');
  const updated: string = await cif.updateContext(new Map([['a', 1]]), id, true, 'correlation');
  await cif.updateContext({ a: 1 });
  await cif.notifyNewActivity(id, 2, 'correlation');
  await cif.notifyKpiBreach(id, true, 'late', 'correlation');
  const tab = { templateName: 'a', templateTag: 'b', templateParameters: new Map(), isFocused: true };
  const tabId: string = await cif.createTab(tab, 'correlation');
  const tabIds: string[] = await cif.getTabs('a', ['b', 'c'], 'correlation');
  const focusedTab: string | null = await cif.getFocusedTab('correlation');
  await cif.focusTab(tabId, 'correlation');
  await cif.refreshTab(tabId, 'correlation');
  await cif.closeTab(tabId, 'correlation');
  const title: string = await cif.setTabTitle(tabId, { title: 'x' }, 'correlation');
  const handler = (event: { sessionId: string; focused: boolean }): void => void event.focused;
  cif.addHandler('onSessionSwitched', handler);
  cif.removeHandler('onSessionSwitched', handler);
  await cif.raiseEvent('mine', { a: 1 });
  await cif.setMode?.(1);
  void [can, conversation, focused, ids, focusedId, updated, tabIds, focusedTab, title];
}

export async function useApm(apm: typeof Apm = Microsoft.Apm): Promise<void> {
  const x = new Map<string, string>();
  const input = { templateName: 'a', sessionContext: x, isFocused: false };
  const id: string = await apm.createSession(input, value => void value.length, error => void error.code);
  await apm.createSession({ templateName: 'a', sessionContext: [['a', 1]] });
  const can: boolean = await apm.canCreateSession();
  const ids: string[] = await apm.getAllSessions();
  const session: Session = await apm.getSession(id);
  const focused: Session | null = await apm.getFocusedSession();
  const tabId: string = await apm.createTab({ templateName: 'a', appContext: { a: 1 }, isFocused: true }, value => void value.length);
  await apm.focusTab(tabId);
  await apm.refreshTab(tabId);
  await apm.closeTab(tabId);
  const topic: string = apm.getEventPublisherTopic('ON_SESSION_SWITCH') + apm.getEventPublisherTopic('ON_SESSION_CLOSED');
  apm.getEventPublisherTopic('ON_TAB_SWITCH');
  // @ts-expect-error Only three events exist.
  apm.getEventPublisherTopic('ON_SESSION_CREATED');

  session.title = 'x';
  session.canClose = false;
  // @ts-expect-error The id is read-only.
  session.sessionId = 'x';
  await session.setTitle('x');
  await session.setCanClose(true);
  await session.focus();
  await session.requestFocus();
  const tab: Tab | null = await session.getFocusedTab();
  const tabIds: string[] = await session.getAllTabs();
  const same: Tab = await session.getTab(tabIds[0] ?? '');
  const canTab: boolean = await session.canCreateTab();
  const newTab: string = await session.createTab({ templateName: 'a', appContext: new Map() });
  const context: Context = await session.getContext();
  await session.updateContext({ a: null });
  const text: string = await session.resolveSlug('{a}');
  await session.close();

  const parameters: Map<string, unknown> = context.parameters;
  const value: unknown = context.get('a');
  await context.set('a', true);
  await context.delete('a');
  const tabContext: Map<string, unknown> = await context.getTabContext(same.tabId);
  const resolved: string = await context.resolveSlug('{a}');

  same.title = 'x';
  same.canClose = true;
  await same.setTitle('x');
  await same.setCanClose(true);
  await same.focus();
  await same.refresh();
  await same.close();
  void [can, ids, focused?.isDefault, topic, tab, canTab, newTab, text, parameters, value, tabContext, resolved];
}
