/**
 * Microsoft.CIFramework and Microsoft.Apm over Switchboard's HTTP API. Everything that asks the API answers with a promise; functions
 * after the last argument are taken as success and error callback. What differs from Microsoft's, method by method: docs/javascript.md.
 */

/** How to reach the API, and what to tell of it. */
export interface Settings {
  /** Where the API is, without a slash at its end. Absent: where the script came from. */
  baseUrl?: string;
  /**
   * Gives a bearer token, without "Bearer". It is asked once and its answer kept; after a 401 once more, with `renew` true, however many calls
   * got one.
   */
  token(request: { renew: boolean }): string | Promise<string>;
  /** A backend's page acts for this user (Sessions.ReadWrite.All). Absent: the token's own. */
  user?: string;
  /** Milliseconds a call may take with all its attempts; 10,000, as CIF has it. */
  timeout?: number;
  /** Where server-sent events tell of changes, such as "/local/events"; relative to baseUrl. Absent, or not there: polling alone. */
  events?: string;
  /** Milliseconds between two questions for the desk: after a change the shortest (1,000), then ever longer up to the longest (15,000). */
  polling?: { shortest?: number; longest?: number };
  /** Called after each attempt. Never holds the token. */
  onExchange?(exchange: Exchange): void;
  /** Called with what no promise can tell: a property that could not be stored, a handler that threw. Absent: the console's error. */
  onError?(error: SwitchboardError, during: string): void;
}

/** A call that did not succeed, with the API's own words. */
export interface SwitchboardError extends Error {
  name: 'SwitchboardError';
  /** The API's message; says what to do next. */
  message: string;
  /** The HTTP status; 501 for what is not offered, 0 where there was no answer. */
  errorCode: number;
  /**
   * The API's code, such as "sessionLimitReached". The client's own: "timeout", "aborted", "unreachable", "tokenUnavailable", "notConfigured",
   * "notOffered", "notFocused", "invalidArgument", and "threw" for a handler or callback that did.
   */
  code: string;
  /** What the error is about, such as "templateParameters.customer". */
  target: string | null;
  /** Every violation of the request. */
  details: { code: string; message: string; target: string | null }[];
  /** For a question to those who run the API. */
  requestId: string | null;
  /** Seconds after which a repetition may succeed. */
  retryAfter: number | null;
  /** True where the request may have been carried out all the same: no answer came. */
  mayHaveHappened: boolean;
}

/** An attempt and what came of it. */
export interface Exchange {
  method: string;
  url: string;
  /** Without Authorization. */
  requestHeaders: Record<string, string>;
  requestBody: string | null;
  /** From 1. */
  attempt: number;
  /** 0 where there was no answer; then `problem` says why. */
  status: number;
  responseHeaders: Record<string, string>;
  responseBody: string | null;
  milliseconds: number;
  problem: string | null;
  /** True for the questions of the watch. */
  watching: boolean;
}

export interface SendOptions {
  /** Sent as JSON; a Map as an object. */
  body?: unknown;
  headers?: Record<string, string>;
  correlationId?: string;
  /** Absent: a POST that creates gets one of its own, the same for all its attempts. */
  idempotencyKey?: string;
  /** Milliseconds; absent: as the settings say. */
  timeout?: number;
  signal?: AbortSignal;
}

export interface Answer<T = any> {
  status: number;
  /** Names in small letters. */
  headers: Record<string, string>;
  /** Parsed; null where there is none. */
  body: T;
  etag: string | null;
}

/** A desk, a session and a tab as the API shows them: GET /openapi.json has their schemas. */
export type Desk = {
  sessionLimit: number;
  openSessions: number;
  canCreateSession: boolean;
  focusedSessionId: string | null;
  version: number;
  sessions: ({ sessionId: string; title: string; isDefault: boolean; isFocused: boolean } & Record<string, any>)[];
};
export type SessionData = { sessionId: string; title: string; version?: number } & Record<string, any>;
export type TabData = { tabId: string; title: string } & Record<string, any>;

/** A connection to one API as one caller. */
export interface Connection {
  readonly baseUrl: string;
  readonly CIFramework: CIFramework;
  readonly Apm: Apm;
  /**
   * Any request of the API: `path` begins with a slash, or is a next link of this API. Retried, renewed and timed out as every call; rejects with
   * a SwitchboardError on a status of 400 or more.
   */
  send<T = any>(method: string, path: string, options?: SendOptions): Promise<Answer<T>>;
  /** The members of a list, page after page. */
  list<T = any>(path: string): AsyncIterableIterator<T>;
  /** Tells of the desk as it is, and of each change. `onProblem` gets each failure once, and null when it is over. Returns what ends it. */
  watchDesk(listener: (desk: Desk) => void, onProblem?: (error: SwitchboardError | null) => void): () => void;
  /** The same of one session; null once it is not there, or not the caller's, any more. */
  watchSession(
    sessionId: string,
    listener: (session: SessionData | null) => void,
    onProblem?: (error: SwitchboardError | null) => void,
  ): () => void;
  /** Asks at once for what is watched. Every call that writes does so by itself. */
  refresh(): void;
  /** Ends all watching. Calls go on to work. */
  close(): void;
}

type Callbacks<T> = [success?: (value: T) => void, error?: (error: SwitchboardError) => void];

/** A Map whose entries are properties too: samples read getSession's answer both ways. */
export type Entries<T> = Map<string, any> & T;

export interface CIFramework {
  canCreateSession(correlationId?: string, ...callbacks: Callbacks<boolean>): Promise<boolean>;
  /** @param input an object or its JSON */
  createSession(input: CifSessionInput | string, correlationId?: string, ...callbacks: Callbacks<string>): Promise<string>;
  getSession(
    sessionId: string,
    correlationId?: string,
  ): Promise<Entries<{ sessionId: string; conversationId: string | null; isFocused: boolean; context: Entries<Record<string, any>> }>>;
  getFocusedSession(correlationId?: string): Promise<string | null>;
  getAllSessions(correlationId?: string): Promise<string[]>;
  requestFocusSession(sessionId: string, correlationId?: string): Promise<void>;
  /** @param input `{ sessionId, <slug>: value, … }` or its JSON */
  setSessionTitle(input: { sessionId: string; [slug: string]: any } | string, correlationId?: string): Promise<void>;
  /** Adds and changes values of the context; with isDelete removes those that are named. Absent sessionId: the session in focus. Gives the session's id. */
  updateContext(input: Record<string, any> | Map<string, any> | string, sessionId?: string, isDelete?: boolean, correlationId?: string): Promise<string>;
  notifyNewActivity(sessionId: string, count: number, correlationId?: string): Promise<void>;
  /** Marks; with shouldReset false takes the mark away. */
  notifyKpiBreach(sessionId: string, shouldReset?: boolean, details?: string, correlationId?: string): Promise<void>;
  createTab(input: CifTabInput | string, correlationId?: string): Promise<string>;
  getTabs(templateName?: string, tag?: string | string[], correlationId?: string): Promise<string[]>;
  getFocusedTab(correlationId?: string): Promise<string | null>;
  focusTab(tabId: string, correlationId?: string): Promise<void>;
  refreshTab(tabId: string, correlationId?: string): Promise<void>;
  closeTab(tabId: string, correlationId?: string): Promise<void>;
  setTabTitle(tabId: string, input: { title: string } | string, correlationId?: string): Promise<string>;
  /** `onSessionSwitched`, `onSessionClosed`, and names of one's own for raiseEvent. */
  addHandler(eventName: string, handler: (event: any) => void): void;
  removeHandler(eventName: string, handler: (event: any) => void): void;
  /** Calls this window's handlers of that name. */
  raiseEvent(eventName: string, event?: any): Promise<void>;
  /** Every other method of CIF is there, and rejects with what to do instead (errorCode 501). */
  [notOffered: string]: (...args: any[]) => any;
}

export interface CifSessionInput {
  templateName?: string;
  templateTag?: string;
  templateParameters?: Record<string, any> | Map<string, any>;
  isFocused?: boolean;
  [slug: string]: any;
}

export interface CifTabInput {
  templateName: string;
  templateTag?: string;
  templateParameters?: Record<string, any> | Map<string, any>;
  isFocused?: boolean;
}

export interface Apm {
  createSession(input: SessionInput | string, ...callbacks: Callbacks<string>): Promise<string>;
  canCreateSession(): Promise<boolean>;
  getAllSessions(): Promise<string[]>;
  getSession(sessionId: string): Promise<Session>;
  getFocusedSession(): Promise<Session | null>;
  createTab(input: AppTabInput | string, ...callbacks: Callbacks<string>): Promise<string>;
  closeTab(tabId: string): Promise<void>;
  focusTab(tabId: string): Promise<void>;
  refreshTab(tabId: string): Promise<void>;
  /** For a BroadcastChannel of this origin; from then on the desk is watched, and told of there. A topic of this window and connection. */
  getEventPublisherTopic(eventName: 'ON_SESSION_SWITCH' | 'ON_SESSION_CLOSED' | 'ON_TAB_SWITCH'): string;
}

export interface SessionInput {
  templateName?: string;
  sessionContext?: Map<string, any> | [string, any][] | Record<string, any>;
  isFocused?: boolean;
}

export interface AppTabInput {
  templateName: string;
  appContext?: Map<string, any> | [string, any][] | Record<string, any>;
  isFocused?: boolean;
}

export interface Session {
  readonly sessionId: string;
  readonly isDefault: boolean;
  /** Setting it stores it; where that fails it is as before, and onError is told. setTitle says when. */
  title: string;
  canClose: boolean;
  setTitle(title: string): Promise<void>;
  setCanClose(canClose: boolean): Promise<void>;
  close(): Promise<void>;
  focus(): Promise<void>;
  requestFocus(): Promise<void>;
  getFocusedTab(): Promise<Tab | null>;
  getAllTabs(): Promise<string[]>;
  getTab(tabId: string): Promise<Tab>;
  canCreateTab(): Promise<boolean>;
  createTab(input: AppTabInput | string): Promise<string>;
  getContext(): Promise<Context>;
  /** null removes. */
  updateContext(values: Record<string, any> | Map<string, any>): Promise<void>;
  resolveSlug(text: string): Promise<string>;
}

export interface Tab {
  readonly tabId: string;
  title: string;
  canClose: boolean;
  setTitle(title: string): Promise<void>;
  setCanClose(canClose: boolean): Promise<void>;
  close(): Promise<void>;
  focus(): Promise<void>;
  refresh(): Promise<void>;
}

/** The context as it was when it was asked for. */
export interface Context {
  readonly parameters: Map<string, any>;
  get(key: string): any;
  set(key: string, value: string | number | boolean): Promise<void>;
  delete(key: string): Promise<void>;
  /** The tab's parameters. */
  getTabContext(tabId: string): Promise<Map<string, any>>;
  resolveSlug(text: string): Promise<string>;
}

export interface Library {
  readonly version: string;
  /** Makes Microsoft.CIFramework and Microsoft.Apm work, and raises CIFInitDone on the window. A second call replaces the first. */
  configure(settings: Settings): Connection;
  /** A connection of its own, which the two globals know nothing of. */
  connect(settings: Settings): Connection;
  /** The exchange's request as a line for a shell, with $TOKEN for the token. */
  curl(exchange: Exchange): string;
}

declare global {
  var Switchboard: Library;
  namespace Microsoft {
    var CIFramework: import('./switchboard.js').CIFramework;
    var Apm: import('./switchboard.js').Apm;
  }
}

export const Switchboard: Library;
export const CIFramework: CIFramework;
export const Apm: Apm;
export default Switchboard;
