/**
 * Microsoft.CIFramework and Microsoft.Apm over Switchboard's HTTP API. Methods that call the API return a promise; functions after the last
 * argument are the success and the error callback. Differences from Microsoft's libraries, method by method: docs/reference/javascript.md.
 */

/** The settings of a connection. */
export interface Settings {
  /** The URL of the API, without a trailing slash. Default: the origin of the script. */
  baseUrl?: string;
  /**
   * Returns a bearer token, without "Bearer". It is called once and the token is cached; after a 401 it is called again with `renew` true, once
   * for all calls that received a 401.
   */
  token(request: { renew: boolean }): string | Promise<string>;
  /** The user to act for (Sessions.ReadWrite.All). Default: the user of the token. */
  user?: string;
  /** The time limit of a call with all its attempts, in milliseconds. Default: 10,000, as in CIF. */
  timeout?: number;
  /** @deprecated Not used any more. The client asks the API where to subscribe: GET /me/events. */
  events?: string;
  /**
   * Milliseconds between two polls of the desk: the shortest (1,000) after a change, then increasing up to the longest. Without it, the API sets the
   * longest: 15,000, or 60,000 while the client is subscribed.
   */
  polling?: { shortest?: number; longest?: number };
  /** Called after each attempt. The exchange never contains the token. */
  onExchange?(exchange: Exchange): void;
  /** Called with errors that no promise reports: a property that could not be stored, a handler that threw. Default: console.error. */
  onError?(error: SwitchboardError, during: string): void;
}

/** A failed call, with the API's message. */
export interface SwitchboardError extends Error {
  name: 'SwitchboardError';
  /** The API's message, with what to do next. */
  message: string;
  /** The HTTP status; 501 for methods that are not offered, 0 without a response. */
  errorCode: number;
  /**
   * The API's code, such as "sessionLimitReached", or a code of the client: "timeout", "aborted", "unreachable", "tokenUnavailable",
   * "notConfigured", "notOffered", "notFocused", "invalidArgument", and "threw" for a handler or callback that threw.
   */
  code: string;
  /** The part of the request with the error, such as "templateParameters.customer". */
  target: string | null;
  /** Every violation of the request. */
  details: { code: string; message: string; target: string | null }[];
  /** The id of the request, for support. */
  requestId: string | null;
  /** Seconds after which a retry may succeed. */
  retryAfter: number | null;
  /** True if the request may have been carried out although no response arrived. */
  mayHaveHappened: boolean;
}

/** A request attempt and its result. */
export interface Exchange {
  method: string;
  url: string;
  /** Without Authorization. */
  requestHeaders: Record<string, string>;
  requestBody: string | null;
  /** From 1. */
  attempt: number;
  /** 0 without a response; `problem` has the reason. */
  status: number;
  responseHeaders: Record<string, string>;
  responseBody: string | null;
  milliseconds: number;
  problem: string | null;
  /** True for requests of the watch. */
  watching: boolean;
}

export interface SendOptions {
  /** Sent as JSON; a Map as an object. */
  body?: unknown;
  headers?: Record<string, string>;
  correlationId?: string;
  /** Default: a generated key for POST requests that create, the same for all attempts. */
  idempotencyKey?: string;
  /** Milliseconds. Default: the timeout of the settings. */
  timeout?: number;
  signal?: AbortSignal;
}

export interface Answer<T = any> {
  status: number;
  /** The names are in lower case. */
  headers: Record<string, string>;
  /** The parsed body; null without a body. */
  body: T;
  etag: string | null;
}

/** A desk, a session and a tab as the API returns them. GET /openapi.json has their schemas. */
export type Desk = {
  sessionLimit: number;
  openSessions: number;
  canCreateSession: boolean;
  focusedSessionId: string | null;
  version: number;
  sessions: ({ sessionId: string; title: string; isDefault: boolean; isFocused: boolean; handOver?: HandOver | null } & Record<string, any>)[];
  /** The displayed one first, then the queue. */
  notifications: NotificationData[];
};
/** The offer of a session to another user. */
export type HandOver = { notificationId: string; userId: string; expiresDateTime: string };
/** A notification as the API returns it to a user, or with `targets` to its sender. */
export type NotificationData = {
  notificationId: string;
  state: 'queued' | 'displayed' | 'accepted' | 'rejected' | 'timedOut' | 'cancelled';
  /** The number of notifications before it on the desk. */
  position: number;
  title: string;
  fields: { name: string; fieldHeader: string | null; value: string | null }[];
  acceptButtonText: string;
  showRejectButton: boolean;
  rejectButtonText: string;
  showTimeout: boolean;
  displayedDateTime: string | null;
  expiresDateTime: string;
  sessionId: string | null;
  /** The session that an accept moves to the desk; null for other notifications. */
  handOver: { sessionId: string; userId: string; note: string | null } | null;
} & Record<string, any>;
export type SessionData = { sessionId: string; title: string; version?: number } & Record<string, any>;
export type TabData = { tabId: string; title: string } & Record<string, any>;

/** A connection to one API as one caller. */
export interface Connection {
  readonly baseUrl: string;
  readonly CIFramework: CIFramework;
  readonly Apm: Apm;
  /**
   * Sends any request to the API. `path` starts with a slash, or is a next link of this API. Retries, token renewal and the time limit apply as to
   * every call. Rejects with a SwitchboardError on a status of 400 or more.
   */
  send<T = any>(method: string, path: string, options?: SendOptions): Promise<Answer<T>>;
  /** The notifications of the desk, and those that this caller sends. */
  readonly notifications: Notifications;
  /** Iterates over the items of a list, page by page. */
  list<T = any>(path: string): AsyncIterableIterator<T>;
  /** Reports the current desk and each change. `onProblem` receives each failure once, and null when it is over. Returns a function that stops it. */
  watchDesk(listener: (desk: Desk) => void, onProblem?: (error: SwitchboardError | null) => void): () => void;
  /** Reports one session in the same way; null after it was deleted or handed over. */
  watchSession(
    sessionId: string,
    listener: (session: SessionData | null) => void,
    onProblem?: (error: SwitchboardError | null) => void,
  ): () => void;
  /** Refreshes everything that is watched at once. Every call that writes does this automatically. */
  refresh(): void;
  /** Ends all watches. Calls continue to work. */
  close(): void;
}

export interface Notifications {
  /** Returns the notifications of the desk: the displayed one first, then the queue. */
  list(): Promise<NotificationData[]>;
  /** Returns one to its sender or to one of its users. */
  get(notificationId: string): Promise<NotificationData>;
  /** Accepts it. `session` is the session that opened or moved to the desk; null for none. */
  accept(notificationId: string): Promise<{ notification: NotificationData; session: SessionData | null }>;
  /** Rejects it. The reason is for the sender. */
  reject(notificationId: string, reason?: string): Promise<NotificationData>;
  /** Sends a notification: the body of POST /notifications. */
  offer(input: { templateName: string; userIds?: string[] } & Record<string, any>): Promise<NotificationData>;
  /** Withdraws a notification that this caller sent, also the offer of a hand-over. */
  withdraw(notificationId: string): Promise<void>;
  /** Offers a session to another user. It stays on the desk, with `handOver`, until that user accepts. */
  handOver(
    sessionId: string,
    userId: string,
    options?: { note?: string; templateName?: string; expiresInSeconds?: number; immediate?: boolean },
  ): Promise<SessionData & { handOver: HandOver | null }>;
}

type Callbacks<T> = [success?: (value: T) => void, error?: (error: SwitchboardError) => void];

/** A Map whose entries are also properties, because samples read the result of getSession both ways. */
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
  /** Adds and changes values of the context, or removes the named ones with isDelete. Default sessionId: the focused session. Returns the session's id. */
  updateContext(input: Record<string, any> | Map<string, any> | string, sessionId?: string, isDelete?: boolean, correlationId?: string): Promise<string>;
  notifyNewActivity(sessionId: string, count: number, correlationId?: string): Promise<void>;
  /** Sets the mark; shouldReset false clears it. */
  notifyKpiBreach(sessionId: string, shouldReset?: boolean, details?: string, correlationId?: string): Promise<void>;
  createTab(input: CifTabInput | string, correlationId?: string): Promise<string>;
  getTabs(templateName?: string, tag?: string | string[], correlationId?: string): Promise<string[]>;
  getFocusedTab(correlationId?: string): Promise<string | null>;
  focusTab(tabId: string, correlationId?: string): Promise<void>;
  refreshTab(tabId: string, correlationId?: string): Promise<void>;
  closeTab(tabId: string, correlationId?: string): Promise<void>;
  setTabTitle(tabId: string, input: { title: string } | string, correlationId?: string): Promise<string>;
  /** `onSessionSwitched`, `onSessionClosed`, and custom names for raiseEvent. */
  addHandler(eventName: string, handler: (event: any) => void): void;
  removeHandler(eventName: string, handler: (event: any) => void): void;
  /** Calls this window's handlers of the name. */
  raiseEvent(eventName: string, event?: any): Promise<void>;
  /** Every other method of CIF exists, and rejects with what to do instead (errorCode 501). */
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
  /** Returns a topic of this window and connection for a BroadcastChannel of this origin. The desk is watched and its changes are posted there. */
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
  /** Setting it stores it. If that fails, the old value is restored and onError is called. setTitle resolves when it is stored. */
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
  /** A null value removes an entry. */
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

/** The context at the time of the call. */
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
  /** Connects Microsoft.CIFramework and Microsoft.Apm, and raises CIFInitDone on the window. A second call replaces the first. */
  configure(settings: Settings): Connection;
  /** Creates a separate connection, independent of the two globals. */
  connect(settings: Settings): Connection;
  /** Returns the request of an exchange as a curl line, with $TOKEN for the token. */
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
