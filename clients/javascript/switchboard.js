/*
 * Switchboard's client: Microsoft.CIFramework and Microsoft.Apm over HTTP, in one file without dependencies.
 * Types: switchboard.d.ts. Usage and the differences from Microsoft's libraries, method by method: docs/reference/javascript.md.
 */
(() => {
  'use strict';

  const VERSION = '0.1.0';

  const SHORTEST_BACK_OFF = 200;
  const LONGEST_BACK_OFF = 60_000;

  /** The shortest pause before a subscription is replaced. */
  const SHORTEST_RECONNECT = 1_000;
  /** The longest time between two polls, if neither the page nor the API sets another one. */
  const LONGEST_POLL = 15_000;
  /** The time without a message after which a subscription is replaced, unless the API sets another one. */
  const LONGEST_SILENCE = 300_000;

  /** The codes of docs/reference/errors.md, for responses without one: those of API Gateway and of proxies. */
  const CODES = {
    401: 'unauthorized', 403: 'permissionRequired', 404: 'notFound', 405: 'methodNotAllowed', 412: 'preconditionFailed',
    413: 'contentTooLarge', 415: 'unsupportedMediaType', 428: 'preconditionRequired', 429: 'tooManyRequests', 503: 'serviceUnavailable',
  };

  const GATEWAY = {
    401: 'the token was rejected. It has expired or belongs to another API. The token callback must return a new token.',
    403: 'the token does not grant access to this route. Use a token with the required permission.',
    413: 'the request is too large. Send a smaller request.',
    429: 'too many requests. Retry later.',
    503: 'the API is unavailable. Retry later.',
  };

  /** The paths for which the API carries out a request with the same Idempotency-Key only once. */
  const CREATES = new RegExp('/(sessions|tabs|notifications|sessionTemplates|applicationTabTemplates|notificationTemplates|appProfiles|clone|callRecords'
    + '|segments|participants_v2|subscriptions)$');

  /** POST requests that are safe. */
  const ASKS_ONLY = /\/(resolveSlug|render)$|[?&]dryRun=true(&|$)/;

  class SwitchboardError extends Error {
    constructor(code, message, about = {}, cause = undefined) {
      super(message, cause === undefined ? undefined : { cause });
      Object.defineProperty(this, 'name', { value: 'SwitchboardError', configurable: true });
      this.code = code;
      this.errorCode = about.errorCode ?? 0;
      this.target = about.target ?? null;
      this.details = about.details ?? [];
      this.requestId = about.requestId ?? null;
      this.retryAfter = about.retryAfter ?? null;
      this.mayHaveHappened = about.mayHaveHappened ?? false;
    }
  }

  const invalid = (target, message, cause) => new SwitchboardError('invalidArgument', `${target}: ${message}`, { target }, cause);

  const now = () => performance.now();

  /** Unlike instanceof, this also recognises a Map of another window. */
  const isMap = value => Object.prototype.toString.call(value) === '[object Map]';

  const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);

  const objectOf = value => isMap(value) ? Object.fromEntries(value) : value;

  const jsonOf = value => JSON.stringify(value, (name, member) => objectOf(member));

  /** Reads a parameter that may be an object, a Map or the JSON of an object. */
  function read(value, name) {
    let object = objectOf(value);
    if (typeof value === 'string') {
      try {
        object = JSON.parse(value);
      } catch (cause) {
        throw invalid(name, `must be an object or the JSON of an object (${cause.message}).`, cause);
      }
    }
    if (!isObject(object)) throw invalid(name, 'must be an object or the JSON of an object.');
    return object;
  }

  /** Encodes an id as a path segment. Dot segments are rejected, because they change the path even if they are encoded. */
  function part(id, name) {
    if (typeof id !== 'string' || id === '' || id === '.' || id === '..') throw invalid(name, 'must be an id.');
    return encodeURIComponent(id);
  }

  /** A Map whose entries are also properties, except for the names of a Map's own members. */
  function entries(object) {
    const map = new Map(Object.entries(object));
    for (const [name, value] of map) {
      if (!(name in map)) Object.defineProperty(map, name, { value, enumerable: true });
    }
    return map;
  }

  function readOnly(object, values) {
    for (const [name, value] of Object.entries(values)) Object.defineProperty(object, name, { value, enumerable: true });
  }

  function randomId() {
    if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  }

  /** Exponential with jitter. */
  const backOff = failures => Math.min(LONGEST_BACK_OFF, SHORTEST_BACK_OFF * 2 ** failures) * (0.5 + Math.random() / 2);

  /** The Retry-After of a response with jitter: up to a quarter or a second longer. */
  const asTold = seconds => seconds * 1000 + Math.random() * Math.min(1000, seconds * 250);

  function secondsOf(retryAfter) {
    if (!retryAfter) return null;
    const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
    return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
  }

  function parsed(text) {
    try {
      return { json: JSON.parse(text) };
    } catch {
      return null;
    }
  }

  /** Converts an unsuccessful response to an error. */
  function refusal(answer, text, write) {
    const { status, statusText, headers } = answer;
    const body = parsed(text)?.json;
    const error = body?.error;
    const about = { errorCode: status, retryAfter: secondsOf(headers['retry-after']), requestId: headers['request-id'] };
    if (typeof error?.code === 'string' && typeof error.message === 'string') {
      const details = Array.isArray(error.details) ? error.details.map(detail => ({ ...detail, target: detail.target ?? null })) : [];
      const requestId = error.innerError?.['request-id'] ?? about.requestId;
      return new SwitchboardError(error.code, error.message, { ...about, target: error.target, details, requestId });
    }
    const code = CODES[status] ?? (status >= 500 ? 'internalServerError' : 'invalidRequest');
    about.mayHaveHappened = write && (status < 400 || status >= 500);
    if (typeof body?.message === 'string') {
      const words = GATEWAY[status] ? `: ${GATEWAY[status]}` : '.';
      return new SwitchboardError(code, `API Gateway returned ${status} ${body.message}${words}`, about);
    }
    const kind = (headers['content-type'] ?? '').split(';')[0] || 'no content type';
    return new SwitchboardError(status < 400 ? 'unreachable' : code,
      `A server between the client and the API returned ${status}${statusText && ` ${statusText}`} with ${kind} instead of JSON.`, about);
  }

  // -- Sending

  const TIMED_OUT = Symbol('timed out');

  /** Rejects with the signal's reason if the signal aborts first. */
  function before(signal, promise) {
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort);
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
  }

  const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

  /** Caches the token, and requests a new one after a 401. */
  function tokenOf(callback) {
    let held = null;
    let renew = false;
    const ask = () => {
      const answer = (async () => callback({ renew }))().then(token => {
        if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw new TypeError('It did not return a token.');
        renew = false;
        return token;
      }).catch(cause => {
        if (held === answer) held = null;
        throw new SwitchboardError('tokenUnavailable', `The token callback failed: ${cause?.message ?? cause}`, {}, cause);
      });
      return answer;
    };
    return {
      get() {
        held ??= ask();
        return held;
      },
      /** All requests that were rejected with the same token share one renewal. */
      refused(token) {
        if (held !== token) return;
        renew = true;
        held = null;
      },
    };
  }

  const writes = (method, path) => method !== 'GET' && method !== 'HEAD' && !ASKS_ONLY.test(path);

  function sender({ baseUrl, timeout, onExchange }, token, onError) {
    const basePath = new URL(baseUrl).pathname.replace(/\/$/, '');

    /** The API's links contain its public URL, which may differ from baseUrl, so only the path is used. */
    function urlOf(path) {
      if (typeof path !== 'string') throw invalid('path', 'must be a string that starts with a slash.');
      if (/^https?:\/\//i.test(path)) {
        const url = new URL(path);
        const below = url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : url.pathname;
        return baseUrl + below + url.search;
      }
      if (!path.startsWith('/')) throw invalid('path', 'must be a string that starts with a slash.');
      return baseUrl + path;
    }

    function headersOf(method, url, options) {
      const headers = new Headers({ accept: 'application/json' });
      const set = (name, value, target) => {
        try {
          headers.set(name, value);
        } catch (cause) {
          throw invalid(target, `is not a valid value of the header ${name}.`, cause);
        }
      };
      if (options.body !== undefined) headers.set('content-type', 'application/json');
      for (const [name, value] of Object.entries(options.headers ?? {})) {
        if (value !== undefined) set(name, value, `headers.${name}`);
      }
      headers.delete('authorization');
      if (options.correlationId !== undefined && options.correlationId !== null) {
        set('x-correlation-id', options.correlationId, 'correlationId');
      }
      if (options.idempotencyKey !== undefined) {
        set('idempotency-key', options.idempotencyKey, 'idempotencyKey');
      } else if (method === 'POST' && !headers.has('idempotency-key') && CREATES.test(new URL(url).pathname)) {
        headers.set('idempotency-key', randomId());
      }
      return headers;
    }

    function report(exchange) {
      try {
        onExchange?.(exchange);
      } catch (cause) {
        onError(cause, 'onExchange');
      }
    }

    async function attempt(exchange, bearer, signal) {
      const started = now();
      try {
        const headers = { ...exchange.requestHeaders, authorization: `Bearer ${bearer}` };
        const response = await fetch(exchange.url, {
          method: exchange.method, headers, body: exchange.requestBody, signal, credentials: 'omit', cache: 'no-store', redirect: 'error',
        });
        exchange.responseHeaders = Object.fromEntries(response.headers);
        exchange.responseBody = await response.text();
        exchange.status = response.status;
        exchange.statusText = response.statusText;
      } catch (cause) {
        exchange.problem = signal.reason === TIMED_OUT ? 'No response in time.' : signal.aborted ? 'Aborted by the caller.' : cause.message;
        exchange.cause = cause;
      }
      const { cause, statusText, ...told } = exchange;
      report({ ...told, milliseconds: Math.round(now() - started) });
    }

    return async function send(method, path, options = {}, limits = {}) {
      const until = limits.until ?? now() + milliseconds(options.timeout, timeout, 'timeout');
      const { once = false, watching = false } = limits;
      const url = urlOf(path);
      const write = writes(method, url);
      const headers = headersOf(method, url, options);
      let requestBody = null;
      if (options.body !== undefined) {
        try {
          requestBody = jsonOf(options.body);
        } catch (cause) {
          throw invalid('body', `cannot be converted to JSON (${cause.message}).`, cause);
        }
      }
      const repeats = !once && !/\/\$batch$/.test(new URL(url).pathname);
      const what = `${method} ${url.slice(baseUrl.length).split('?')[0]}`;

      const controller = new AbortController();
      const { signal } = controller;
      const timer = setTimeout(() => controller.abort(TIMED_OUT), until - now());
      const giveUp = () => controller.abort(options.signal.reason);
      if (options.signal?.aborted) giveUp();
      options.signal?.addEventListener('abort', giveUp);

      let unanswered = 0;
      let awaited;
      let renewed = false;
      try {
        for (let number = 1, failures = 0; ; number++) {
          awaited = 'the token callback';
          const asked = token.get();
          const bearer = await before(signal, asked);
          const exchange = {
            method, url, requestHeaders: Object.fromEntries(headers), requestBody, attempt: number, status: 0, responseHeaders: {},
            responseBody: null, milliseconds: 0, problem: null, watching,
          };
          awaited = baseUrl;
          await attempt(exchange, bearer, signal);
          let failure;
          if (exchange.status === 0) {
            unanswered++;
            if (signal.aborted) throw signal.reason;
            failure = new SwitchboardError('unreachable',
              `${what} got no response from ${baseUrl} (${exchange.problem}). The network or the API is unavailable, or the API does not allow this `
              + `page's origin (CORS).${write ? maybe(headers) : ''}`, { mayHaveHappened: write }, exchange.cause);
          } else {
            const { status, responseHeaders } = exchange;
            const body = exchange.responseBody === '' ? { json: null } : parsed(exchange.responseBody);
            const answer = { status, headers: responseHeaders, body: body?.json, etag: responseHeaders.etag ?? null };
            if ((status < 300 || status === 304) && body !== null) return answer;
            // An earlier attempt without a response deleted it.
            if (status === 404 && method === 'DELETE' && unanswered > 0) return { ...answer, status: 204, body: null };
            failure = refusal({ ...answer, statusText: exchange.statusText }, exchange.responseBody, write);
            if (write && unanswered > 0 && !headers.has('idempotency-key')) failure.mayHaveHappened = true;
            if (failure.mayHaveHappened) failure.message += maybe(headers);
            if (status === 401 && !renewed) {
              renewed = true;
              token.refused(asked);
              continue;
            }
            if (status !== 429 && status !== 503) throw failure;
          }
          const wait = failure.retryAfter > 0 ? asTold(failure.retryAfter) : backOff(failures++);
          if (!repeats || now() + wait >= until) throw failure;
          await before(signal, pause(wait));
        }
      } catch (failure) {
        if (!signal.aborted || failure instanceof SwitchboardError) throw failure;
        const mayHaveHappened = write && unanswered > 0;
        const advice = mayHaveHappened ? maybe(headers) : write ? ' The request was not carried out.' : '';
        if (signal.reason === TIMED_OUT) {
          throw new SwitchboardError('timeout', `${what} got no response from ${awaited} in time.${advice}`, { mayHaveHappened });
        }
        throw new SwitchboardError('aborted', `${what} was aborted by its caller.${advice}`, { mayHaveHappened }, failure);
      } finally {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', giveUp);
      }
    };
  }

  function maybe(headers) {
    const key = headers.get('idempotency-key');
    const again = key === null ? '' : `, or retry with Idempotency-Key ${key}`;
    return ` The request may have been carried out. Read the current state before you retry${again}.`;
  }

  // -- Watching

  /** The last state of a resource and its watchers. */
  const watched = () => ({ etag: null, data: null, value: undefined, doubted: false, absent: false, watchers: new Set() });

  /**
   * Applies a response unless it is older than the current state. A second older response in a row is applied, because a desk may have been
   * created again.
   */
  function take(state, answer) {
    if (answer.status === 304) {
      state.doubted = false;
      return false;
    }
    if (state.data !== null && answer.body.version < state.data.version && !state.doubted) {
      state.doubted = true;
      return false;
    }
    state.doubted = false;
    state.etag = answer.etag;
    // Not every unchanged response is a 304.
    if (JSON.stringify(answer.body) === JSON.stringify(state.data)) return false;
    state.data = answer.body;
    return true;
  }

  function forget(state) {
    Object.assign(state, { etag: null, data: null, value: null, doubted: false, absent: true });
  }

  /** The longest pauses between polls: those of the settings, otherwise those of the API. */
  function pausesOf(given, shortest) {
    const polls = { alone: given ?? LONGEST_POLL, subscribed: given ?? LONGEST_POLL };
    polls.set = ({ transport, pollSeconds }) => {
      if (given === undefined && pollSeconds > 0) {
        polls[transport === 'appsync' ? 'subscribed' : 'alone'] = Math.max(shortest, pollSeconds * 1_000);
      }
    };
    return polls;
  }

  function watch({ root, shortest, longest }, send, token, onError) {
    const desk = watched();
    const sessions = new Map();
    /** Path segments as they were sent. */
    const leaving = new Set();
    const left = new Set();
    let active = false;
    let running = false;
    let again = false;
    let timer = null;
    let rest = shortest;
    let failures = 0;
    let notBefore = 0;
    let problem = null;
    let stream = null;
    // The channel is that of the token's user.
    let streams = root === '' && typeof WebSocket === 'function';
    const polls = pausesOf(longest, shortest);

    const hidden = () => globalThis.document?.hidden === true;
    const watchers = () => [desk, ...sessions.values()].flatMap(state => [...state.watchers]);

    function call(listener, value, during) {
      try {
        listener(value);
      } catch (cause) {
        onError(cause, during);
      }
    }

    function tell(state, during) {
      if (state.value === undefined) return;
      for (const watcher of [...state.watchers]) {
        if (watcher.seen === state.value || !state.watchers.has(watcher)) continue;
        watcher.seen = state.value;
        call(watcher.listener, state.value, during);
      }
    }

    function tellProblem() {
      for (const watcher of watchers()) {
        if (watcher.problem?.code === problem?.code && watcher.problem?.message === problem?.message) continue;
        watcher.problem = problem;
        call(watcher.onProblem, problem, 'onProblem');
      }
    }

    const hasLeft = sessionId => [left, leaving].some(parts => parts.has(encodeURIComponent(sessionId)));

    const ask = (path, etag) =>
      send('GET', path, { headers: { 'If-None-Match': etag ?? undefined } }, { once: true, watching: true });

    /** Requests everything that is watched. Returns whether anything changed. */
    async function round() {
      let changed = take(desk, await ask(`${root}/desk`, desk.etag));
      desk.value = desk.data;
      tell(desk, 'a listener of the desk');
      for (const { sessionId } of desk.data.sessions) left.delete(encodeURIComponent(sessionId));
      for (const [sessionId, state] of [...sessions]) {
        if (leaving.has(encodeURIComponent(sessionId))) continue;
        if (hasLeft(sessionId)) forget(state);
        if (state.absent && !desk.data.sessions.some(session => session.sessionId === sessionId)) {
          tell(state, 'a listener of a session');
          continue;
        }
        let fresh = false;
        try {
          fresh = take(state, await ask(`${root}/sessions/${part(sessionId, 'sessionId')}`, state.etag));
          state.absent = false;
        } catch (error) {
          if (error.errorCode !== 404) throw error;
          forget(state);
          fresh = true;
        }
        changed ||= fresh;
        // The desk has the focus, which a session's ETag does not cover.
        const isFocused = desk.data.focusedSessionId === sessionId;
        if (!state.absent && (fresh || state.value?.isFocused !== isFocused)) state.value = { ...state.data, isFocused };
        tell(state, 'a listener of a session');
      }
      return changed;
    }

    async function run() {
      running = true;
      again = false;
      let wait;
      try {
        const changed = await round();
        failures = 0;
        problem = null;
        rest = changed ? shortest : Math.min(polls.alone, rest * 1.5);
        wait = stream?.connected ? polls.subscribed : hidden() ? polls.alone : rest;
        if ([desk, ...sessions.values()].some(state => state.doubted)) wait = shortest;
        if (again) wait = 0;
      } catch (error) {
        problem = error;
        wait = error.retryAfter > 0 ? asTold(error.retryAfter) : Math.max(shortest, backOff(++failures));
        if (error.retryAfter > 0) notBefore = now() + wait;
      }
      running = false;
      if (!active) return;
      tellProblem();
      timer = setTimeout(run, wait);
    }

    function refresh() {
      if (!active) return;
      rest = shortest;
      again = running;
      if (running) return;
      clearTimeout(timer);
      timer = setTimeout(run, Math.max(0, notBefore - now()));
    }

    /** Keeps the window subscribed. A client without push, or of an older API, only polls. */
    function listen() {
      const controller = new AbortController();
      const { signal } = controller;
      const own = { connected: false, end: () => controller.abort() };
      (async () => {
        for (let tries = 0; streams && !signal.aborted; tries++) {
          try {
            const { body } = await send('GET', '/me/events', { signal }, { once: true, watching: true });
            streams = body.transport === 'appsync';
            polls.set(body);
            if (streams) {
              const asked = token.get();
              const isRefused = await subscription(body, await asked, signal, () => {
                tries = 0;
                own.connected = true;
              });
              own.connected = false;
              if (isRefused) token.refused(asked);
              if (!signal.aborted) refresh();
            }
          } catch (error) {
            // Polling continues and reports the problem.
            streams = !(error.errorCode >= 400 && error.errorCode < 500 && error.errorCode !== 429);
          }
          if (streams) await before(signal, pause(Math.max(SHORTEST_RECONNECT, backOff(tries)))).catch(() => {});
        }
      })();
      return own;
    }

    /**
     * Subscribes with the protocol of AWS AppSync Events until the connection ends. Each message triggers a read of the desk. Resolves to true
     * if the token was refused.
     */
    function subscription({ httpEndpoint, realtimeEndpoint, channel }, bearer, signal, onSubscribed) {
      const authorization = { Authorization: bearer, host: new URL(httpEndpoint).host };
      const header = btoa(JSON.stringify(authorization)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
      return new Promise(resolve => {
        signal.throwIfAborted();
        const socket = new WebSocket(realtimeEndpoint, ['aws-appsync-event-ws', `header-${header}`]);
        const abort = () => end(false);
        let silence = LONGEST_SILENCE;
        let timer = setTimeout(abort, silence);

        function end(isRefused) {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          socket.onmessage = socket.onclose = null;
          socket.close();
          resolve(isRefused);
        }

        signal.addEventListener('abort', abort);
        socket.onopen = () => socket.send('{"type":"connection_init"}');
        socket.onclose = abort;
        socket.onmessage = ({ data }) => {
          try {
            const message = JSON.parse(data);
            switch (message.type) {
              case 'connection_ack':
                silence = message.connectionTimeoutMs ?? silence;
                socket.send(JSON.stringify({ type: 'subscribe', id: '1', channel, authorization }));
                break;
              case 'subscribe_success':
                onSubscribed();
                refresh();
                break;
              case 'data':
                refresh();
                break;
              case 'connection_error':
              case 'subscribe_error':
                end(true);
                return;
              default:
            }
            clearTimeout(timer);
            timer = setTimeout(abort, silence);
          } catch {
            end(false);
          }
        };
      });
    }

    function onVisibility() {
      stream?.end();
      stream = null;
      if (hidden()) return;
      if (streams) stream = listen();
      refresh();
    }

    function start() {
      active = true;
      globalThis.addEventListener?.('focus', refresh);
      globalThis.document?.addEventListener('visibilitychange', onVisibility);
      if (streams && !hidden()) stream = listen();
    }

    function stop() {
      active = false;
      globalThis.removeEventListener?.('focus', refresh);
      globalThis.document?.removeEventListener('visibilitychange', onVisibility);
      clearTimeout(timer);
      stream?.end();
      stream = null;
      problem = null;
    }

    function add(state, listener, onProblem = error => error && onError(error, 'watching the desk')) {
      const watcher = { listener, onProblem, seen: undefined, problem: null };
      state.watchers.add(watcher);
      if (!active) start();
      if (problem !== null) queueMicrotask(tellProblem);
      refresh();
      return watcher;
    }

    function end() {
      if (active && watchers().length === 0) stop();
    }

    return {
      refresh,
      watchDesk(listener, onProblem) {
        const watcher = add(desk, listener, onProblem);
        return () => {
          desk.watchers.delete(watcher);
          end();
        };
      },
      watchSession(sessionId, listener, onProblem) {
        part(sessionId, 'sessionId');
        const state = sessions.get(sessionId) ?? watched();
        sessions.set(sessionId, state);
        const watcher = add(state, listener, onProblem);
        return () => {
          state.watchers.delete(watcher);
          if (state.watchers.size === 0 && sessions.get(sessionId) === state) sessions.delete(sessionId);
          end();
        };
      },
      hasLeft,
      /** Deletes a session or hands it over. Afterwards it is not requested until the desk has it again. */
      async leave(sessionPart, write) {
        leaving.add(sessionPart);
        try {
          const answer = await write();
          left.add(sessionPart);
          return answer;
        } finally {
          leaving.delete(sessionPart);
        }
      },
      close() {
        desk.watchers.clear();
        sessions.clear();
        end();
      },
    };
  }

  // -- Events

  const TOPICS = ['ON_SESSION_SWITCH', 'ON_SESSION_CLOSED', 'ON_TAB_SWITCH'];
  const HANDLED = ['onSessionSwitched', 'onSessionClosed'];

  /** Samples use the argument as an object and as JSON. */
  const payload = object => Object.defineProperty(object, 'toString', { value: () => JSON.stringify(object) });

  function eventsOf(watching, contextOf, onError) {
    const handlers = new Map();
    const channels = new Map();
    const random = randomId();
    let desk = null;
    let endOfDesk = null;
    let endOfTab = null;
    let tab = null;
    let telling = Promise.resolve();

    function raise(eventName, event) {
      for (const handler of [...handlers.get(eventName) ?? []]) {
        try {
          handler(event);
        } catch (cause) {
          onError(cause, `a handler of ${eventName}`);
        }
      }
    }

    const post = (eventName, message) => channels.get(eventName)?.postMessage(message);

    function onDesk(next) {
      const last = desk;
      desk = next;
      if (last === null) {
        followTab();
        return;
      }
      const gone = last.sessions.filter(({ sessionId }) => !next.sessions.some(session => session.sessionId === sessionId));
      const [from, to] = [last.focusedSessionId, next.focusedSessionId];
      if (from !== to) post('ON_SESSION_SWITCH', { previousSessionId: from, newSessionId: to });
      for (const { sessionId } of gone) post('ON_SESSION_CLOSED', { sessionId });
      followTab();
      if (HANDLED.some(eventName => handlers.has(eventName))) telling = telling.then(() => tell(from, to, gone));
    }

    async function tell(from, to, gone) {
      const contexts = new Map();
      const read = async sessionId => {
        if (!contexts.has(sessionId)) contexts.set(sessionId, await contextOf(sessionId));
        return contexts.get(sessionId);
      };
      if (from !== to && handlers.has('onSessionSwitched')) {
        for (const [sessionId, focused] of [[from, false], [to, true]]) {
          if (sessionId === null) continue;
          raise('onSessionSwitched', payload({ sessionId, focussed: focused, focused, context: await read(sessionId) }));
        }
      }
      if (handlers.has('onSessionClosed')) {
        for (const { sessionId } of gone) raise('onSessionClosed', payload({ sessionId, context: await read(sessionId) }));
      }
    }

    /** The focused tab belongs to the focused session. */
    function followTab() {
      if (!channels.has('ON_TAB_SWITCH') || desk === null) return;
      const sessionId = desk.focusedSessionId;
      if (endOfTab?.sessionId === sessionId) return;
      endOfTab?.end();
      endOfTab = null;
      const at = tabId => {
        if (tab !== null && (tab.sessionId !== sessionId || tab.tabId !== tabId)) {
          post('ON_TAB_SWITCH', { previousSessionId: tab.sessionId, previousTabId: tab.tabId, sessionId, tabId });
        }
        tab = { sessionId, tabId };
      };
      if (sessionId === null || sessionId === 'home') {
        endOfTab = { sessionId, end: () => {} };
        at(null);
      } else {
        endOfTab = { sessionId, end: watching.watchSession(sessionId, session => session && at(session.focusedTabId)) };
      }
    }

    function follow() {
      endOfDesk ??= watching.watchDesk(onDesk);
    }

    function leave() {
      if (channels.size > 0 || HANDLED.some(eventName => handlers.has(eventName))) return;
      endOfDesk?.();
      endOfDesk = null;
      desk = null;
    }

    return {
      raise,
      add(eventName, handler) {
        if (typeof eventName !== 'string' || eventName === '') throw invalid('eventName', 'must be the name of an event.');
        if (typeof handler !== 'function') throw invalid('handler', 'must be a function.');
        if (!handlers.has(eventName)) handlers.set(eventName, new Set());
        handlers.get(eventName).add(handler);
        if (HANDLED.includes(eventName)) follow();
      },
      remove(eventName, handler) {
        handlers.get(eventName)?.delete(handler);
        if (handlers.get(eventName)?.size === 0) handlers.delete(eventName);
        leave();
      },
      topic(eventName) {
        if (!TOPICS.includes(eventName)) throw invalid('eventName', `must be one of ${TOPICS.join(', ')}, not ${eventName}.`);
        if (typeof BroadcastChannel !== 'function') {
          throw new SwitchboardError('notOffered', 'BroadcastChannel is not available. Use CIFramework.addHandler.', { errorCode: 501 });
        }
        const topic = `switchboard-${random}-${eventName}`;
        if (!channels.has(eventName)) channels.set(eventName, new BroadcastChannel(topic));
        follow();
        followTab();
        return topic;
      },
      close() {
        for (const channel of channels.values()) channel.close();
        channels.clear();
        handlers.clear();
        endOfTab?.end();
        leave();
      },
    };
  }

  // -- The two libraries

  /**
   * A method that calls the API. Functions after its last argument are the success and the error callback; with an error callback the
   * promise does not reject.
   */
  function asking(run, onError, length = run.length) {
    return function (...args) {
      const first = args.findIndex(argument => typeof argument === 'function');
      const end = first < 0 ? args.length : Math.min(first, length);
      const [success, error] = args.slice(end);
      const answer = (async () => run.apply(this, args.slice(0, end)))();
      const call = (callback, value) => {
        try {
          callback?.(value);
        } catch (cause) {
          onError(cause, 'a callback');
        }
        return value;
      };
      if (typeof error === 'function') return answer.then(value => call(success, value), failure => void call(error, failure));
      return typeof success === 'function' ? answer.then(value => call(success, value)) : answer;
    };
  }

  const askingAll = (methods, onError) =>
    Object.fromEntries(Object.entries(methods).map(([name, run]) => [name, asking(run, onError)]));

  /** The methods of CIF without an API, and what to do instead. */
  const NOT_OFFERED = {
    notifyEvent: 'Render the notification by POST /notificationTemplates/{uniqueName}/render and show it in your own page.',
    cancelEvent: 'Your own page shows notifications. Remove the notification there.',
    updateConversation: 'The conversation is a record of another system. Update it there. PATCH /sessions/{sessionId} links its id.',
    setMode: 'The communication panel belongs to your own page. PATCH /sessions/{sessionId} with communicationPanelMode stores its mode.',
    getMode: 'The communication panel belongs to your own page. communicationPanelMode of the session is its mode.',
    setWidth: 'The communication panel belongs to your own page. PATCH /sessions/{sessionId} with communicationPanelWidth stores its width.',
    getWidth: 'The communication panel belongs to your own page. communicationPanelWidth of the session is its width.',
    getEnvironment: 'The client has no host application. The token identifies the user, and GET /me/appProfile returns the app profile.',
    setPresence: 'Routers cannot understand a text. Send PUT /me/presence with a basicState.',
    getPresence: 'Read the presence by GET /me/presence.',
    logAnalyticsEvent: 'Publish analytics events by POST /sessions/{sessionId}/analyticsEvents.',
    createRecord: 'Records belong to another system. Use its API, such as the Dataverse Web API.',
    retrieveRecord: 'Records belong to another system. Use its API. Titles and tabs read records through a record source.',
    updateRecord: 'Records belong to another system. Use its API, such as the Dataverse Web API.',
    deleteRecord: 'Records belong to another system. Use its API, such as the Dataverse Web API.',
    getEntityMetadata: 'Records belong to another system. Use its API, such as the Dataverse Web API.',
    searchAndOpenRecords: 'Search in the system of the records, then open one by createTab with a template of the page type entityRecord.',
    renderSearchPage: 'Open a search by createTab with a template of the page type search.',
    openForm: 'Open a record by createTab with a template of the page type entityRecord.',
    setClickToAct: 'Your own pages show numbers. Call your channel from there.',
    getClickToAct: 'Your own pages show numbers. Call your channel from there.',
  };

  /** A Map is sent as its pairs, in their order. */
  function sendable(input) {
    const body = { ...input };
    for (const name of ['sessionContext', 'appContext']) {
      if (isMap(body[name])) body[name] = [...body[name]];
    }
    return body;
  }

  /** `use` returns the connection's parts, or throws before Switchboard.configure was called. */
  function cifOf(use) {
    const call = correlationId => use().call(correlationId);
    const methods = {
      async canCreateSession(correlationId) {
        return (await call(correlationId).desk()).canCreateSession;
      },
      async createSession(input, correlationId) {
        return call(correlationId).createSession(input);
      },
      async getSession(sessionId, correlationId) {
        const session = await call(correlationId).session(sessionId);
        return entries({ conversationId: null, ...session, context: entries(session.context ?? {}) });
      },
      async getFocusedSession(correlationId) {
        return (await call(correlationId).desk()).focusedSessionId;
      },
      async getAllSessions(correlationId) {
        return call(correlationId).openSessions();
      },
      async requestFocusSession(sessionId, correlationId) {
        await call(correlationId).act(sessionId, '/requestFocus');
      },
      async setSessionTitle(input, correlationId) {
        const { sessionId, ...titleParameters } = read(input, 'input');
        await call(correlationId).patch(sessionId, { titleParameters });
      },
      async updateContext(input, sessionId, isDelete, correlationId) {
        const { patch, focused } = call(correlationId);
        const values = read(input, 'input');
        const context = isDelete ? Object.fromEntries(Object.keys(values).map(key => [key, null])) : values;
        return (await patch(sessionId ?? await focused(), { context })).sessionId;
      },
      async notifyNewActivity(sessionId, count, correlationId) {
        await call(correlationId).patch(sessionId, { activityCount: count ?? null });
      },
      async notifyKpiBreach(sessionId, shouldReset, details, correlationId) {
        await call(correlationId).patch(sessionId, { kpiBreach: shouldReset === false ? null : details ?? '' });
      },
      async createTab(input, correlationId) {
        const { createTab, focused } = call(correlationId);
        return createTab(focused, input);
      },
      async getTabs(templateName, tag, correlationId) {
        const { tabs, focused } = call(correlationId);
        return tabs(await focused(), templateName, [tag ?? []].flat());
      },
      async getFocusedTab(correlationId) {
        const { session, focused } = call(correlationId);
        return (await session(await focused())).focusedTabId ?? null;
      },
      async focusTab(tabId, correlationId) {
        await call(correlationId).onTab('POST', tabId, '/focus');
      },
      async refreshTab(tabId, correlationId) {
        await call(correlationId).onTab('POST', tabId, '/refresh');
      },
      async closeTab(tabId, correlationId) {
        await call(correlationId).onTab('DELETE', tabId);
      },
      async setTabTitle(tabId, input, correlationId) {
        const { onTab } = call(correlationId);
        const { title = null } = read(input, 'input');
        return (await onTab('PATCH', tabId, '', { title })).title;
      },
    };
    const notOffered = ([name, instead]) => [name, asking(async () => {
      use();
      throw new SwitchboardError('notOffered', `CIFramework.${name} is not offered. ${instead}`, { errorCode: 501 });
    }, onErrorOf(use), Infinity)];
    return Object.freeze({
      ...askingAll(methods, onErrorOf(use)),
      ...Object.fromEntries(Object.entries(NOT_OFFERED).map(notOffered)),
      addHandler(eventName, handler) {
        use().events.add(eventName, handler);
      },
      removeHandler(eventName, handler) {
        use().events.remove(eventName, handler);
      },
      async raiseEvent(eventName, event) {
        use().events.raise(eventName, event);
      },
    });
  }

  function apmOf(use) {
    const call = () => use().call();
    return Object.freeze({
      ...askingAll({
        async createSession(input) {
          return call().createSession(input);
        },
        async canCreateSession() {
          return (await call().desk()).canCreateSession;
        },
        async getAllSessions() {
          return call().openSessions();
        },
        async getSession(sessionId) {
          return use().sessionOf(await call().session(sessionId));
        },
        async getFocusedSession() {
          const { desk, session } = call();
          const { focusedSessionId } = await desk();
          return focusedSessionId === null ? null : use().sessionOf(await session(focusedSessionId));
        },
        async createTab(input) {
          const { createTab, focused } = call();
          return createTab(focused, input);
        },
        async closeTab(tabId) {
          await call().onTab('DELETE', tabId);
        },
        async focusTab(tabId) {
          await call().onTab('POST', tabId, '/focus');
        },
        async refreshTab(tabId) {
          await call().onTab('POST', tabId, '/refresh');
        },
      }, onErrorOf(use)),
      getEventPublisherTopic(eventName) {
        return use().events.topic(eventName);
      },
    });
  }

  const toConsole = (error, during) => console.error(`Switchboard, ${during}:`, error);

  const onErrorOf = use => (error, during) => {
    let parts = null;
    try {
      parts = use();
    } catch {
      // Without a configuration, onError is missing.
    }
    (parts?.onError ?? toConsole)(error, during);
  };

  /** A property that is stored when it is set, and restored if that fails. Requests are sent one after the other; the last one wins. */
  function property(value, store, failed) {
    let stored = value;
    let current = value;
    let last = Promise.resolve();
    const put = next => {
      current = next;
      last = last.catch(() => {}).then(() => store(next)).then(
        confirmed => {
          stored = confirmed;
          if (current === next) current = confirmed;
        },
        error => {
          if (current === next) current = stored;
          throw error;
        },
      );
      return last;
    };
    return {
      get: () => current,
      put,
      set: next => void put(next).catch(failed),
    };
  }

  /** Session, Tab and Context of the app profile manager. They contain the data that was read; their methods call the API. */
  function objectsOf({ call, onError }) {
    /** The common part of a session and a tab. */
    class Titled {
      #title;
      #canClose;

      constructor(kind, { title, canClose }, patch) {
        const store = name => async value => (await patch({ [name]: value ?? null }))[name];
        this.#title = property(title, store('title'), error => onError(error, `${kind}.title`));
        this.#canClose = property(canClose, store('canClose'), error => onError(error, `${kind}.canClose`));
      }

      get title() {
        return this.#title.get();
      }

      set title(title) {
        this.#title.set(title);
      }

      get canClose() {
        return this.#canClose.get();
      }

      set canClose(canClose) {
        this.#canClose.set(canClose);
      }

      async setTitle(title) {
        await this.#title.put(title);
      }

      async setCanClose(canClose) {
        await this.#canClose.put(canClose);
      }
    }

    class Tab extends Titled {
      #ask;

      constructor(sessionId, data) {
        const ask = (method, action, body) => call().tab(method, sessionId, data.tabId, action, body);
        super('tab', data, patch => ask('PATCH', '', patch));
        this.#ask = ask;
        readOnly(this, { tabId: data.tabId });
      }

      async close() {
        await this.#ask('DELETE');
      }

      async focus() {
        await this.#ask('POST', '/focus');
      }

      async refresh() {
        await this.#ask('POST', '/refresh');
      }
    }

    class Context {
      #sessionId;

      constructor({ sessionId, context = {} }) {
        this.#sessionId = sessionId;
        readOnly(this, { parameters: new Map(Object.entries(context)) });
      }

      get(key) {
        return this.parameters.get(key);
      }

      async set(key, value) {
        const { context } = await call().patch(this.#sessionId, { context: Object.fromEntries([[key, value]]) });
        this.parameters.set(key, context[key]);
      }

      async delete(key) {
        await call().patch(this.#sessionId, { context: Object.fromEntries([[key, null]]) });
        this.parameters.delete(key);
      }

      async getTabContext(tabId) {
        return new Map(Object.entries((await call().tab('GET', this.#sessionId, tabId)).parameters));
      }

      async resolveSlug(text) {
        return (await call().act(this.#sessionId, '/resolveSlug', { text })).value;
      }
    }

    class Session extends Titled {
      constructor(data) {
        super('session', data, patch => call().patch(data.sessionId, patch));
        readOnly(this, { sessionId: data.sessionId, isDefault: data.isDefault });
      }

      async close() {
        await call().act(this.sessionId, '/close');
      }

      async focus() {
        await call().act(this.sessionId, '/focus');
      }

      async requestFocus() {
        await call().act(this.sessionId, '/requestFocus');
      }

      async getFocusedTab() {
        const { focusedTabId, tabs } = await call().session(this.sessionId);
        const tab = tabs.find(({ tabId }) => tabId === focusedTabId);
        return tab === undefined ? null : new Tab(this.sessionId, tab);
      }

      async getAllTabs() {
        return call().tabs(this.sessionId);
      }

      async getTab(tabId) {
        return new Tab(this.sessionId, await call().tab('GET', this.sessionId, tabId));
      }

      async canCreateTab() {
        return (await call().session(this.sessionId)).canCreateTab;
      }

      async createTab(input) {
        return call().createTab(() => this.sessionId, input);
      }

      async getContext() {
        return new Context(await call().session(this.sessionId));
      }

      async updateContext(values) {
        await call().patch(this.sessionId, { context: read(values, 'values') });
      }

      async resolveSlug(text) {
        return (await call().act(this.sessionId, '/resolveSlug', { text })).value;
      }
    }

    for (const { prototype } of [Titled, Tab, Context, Session]) {
      for (const [name, { value: run }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
        const asks = typeof run === 'function' && name !== 'constructor' && run !== Context.prototype.get;
        if (asks) Object.defineProperty(prototype, name, { value: asking(run, onError) });
      }
    }
    return data => new Session(data);
  }

  // -- Connections

  const script = globalThis.document?.currentScript ?? null;

  function baseUrlOf(given) {
    let url;
    if (given === undefined || given === null || given === '') {
      // A classic script has its URL only while it runs.
      if (!script?.src) throw invalid('baseUrl', 'is required. Set the URL of the API, such as https://api.example.com.');
      url = new URL(new URL(script.src).origin);
    } else {
      try {
        url = new URL(given, globalThis.document?.baseURI);
      } catch (cause) {
        throw invalid('baseUrl', `${given} is not a URL.`, cause);
      }
    }
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('baseUrl', `must use http or https, not ${url.protocol}`);
    return (url.origin + url.pathname).replace(/\/+$/, '');
  }

  function milliseconds(value, otherwise, name) {
    if (value === undefined) return otherwise;
    if (!(value > 0 && value < 2 ** 31)) throw invalid(name, 'must be a number of milliseconds above 0.');
    return value;
  }

  function connectionOf(settings) {
    if (typeof settings?.token !== 'function') throw invalid('token', 'must be a function that returns a bearer token.');
    const baseUrl = baseUrlOf(settings.baseUrl);
    const timeout = milliseconds(settings.timeout, 10_000, 'timeout');
    const longest = milliseconds(settings.polling?.longest, undefined, 'polling.longest');
    const shortest = Math.min(longest ?? LONGEST_POLL, milliseconds(settings.polling?.shortest, 1_000, 'polling.shortest'));
    const root = settings.user === undefined || settings.user === null ? '' : `/users/${part(settings.user, 'user')}`;
    const onError = (cause, during) => {
      const error = cause instanceof SwitchboardError ? cause
        : new SwitchboardError('threw', `${during} threw: ${cause?.message ?? cause}`, {}, cause);
      try {
        (settings.onError ?? toConsole)(error, during);
      } catch (thrown) {
        toConsole(thrown, 'onError');
      }
    };

    const token = tokenOf(settings.token);
    const transmit = sender({ baseUrl, timeout, onExchange: settings.onExchange }, token, onError);
    const watching = watch({ root, shortest, longest }, transmit, token, onError);

    const sessionPath = (sessionId, below = '') => `${root}/sessions/${part(sessionId, 'sessionId')}${below}`;

    /** Refreshes the watch after a write of this client. */
    async function send(given, path, options, limits) {
      const method = String(given).toUpperCase();
      const [, sessionPart, action] = String(path).startsWith(`${root}/sessions/`) ? path.slice(root.length + 9).split(/[/?]/) : [];
      // An offered session stays until the other user accepts.
      const moves = action === 'handOver' && options?.body?.immediate === true;
      const leaves = sessionPart && (moves || method === 'DELETE' && !action);
      const write = () => transmit(method, path, options, limits);
      const answer = await (leaves ? watching.leave(sessionPart, write) : write());
      if (writes(method, path)) watching.refresh();
      return answer;
    }

    async function* list(path, limits) {
      const [start] = path.split('?');
      for (let next = path; next !== null; ) {
        const { body } = await send('GET', next, {}, limits);
        yield* body.value;
        const link = body['@odata.nextLink'];
        next = link ? start + new URL(link).search : null;
      }
    }

    /** One call of a method. All its requests share its time limit and its correlationId. */
    function call(correlationId) {
      const limits = { until: now() + timeout };
      const ask = async (method, path, body) => (await send(method, path, { correlationId, body }, limits)).body;
      const desk = () => ask('GET', `${root}/desk`);
      const tab = (method, sessionId, tabId, action = '', body = undefined) =>
        ask(method, sessionPath(sessionId, `/tabs/${part(tabId, 'tabId')}${action}`), body);

      async function focused() {
        const { focusedSessionId } = await desk();
        if (focusedSessionId !== null) return focusedSessionId;
        throw new SwitchboardError('notFocused', 'A session of another provider is in focus. The user must focus one of your sessions first.');
      }

      return {
        desk,
        focused,
        tab,
        session: sessionId => ask('GET', sessionPath(sessionId)),
        patch: (sessionId, patch) => ask('PATCH', sessionPath(sessionId), patch),
        act: (sessionId, action, body) => ask('POST', sessionPath(sessionId, action), body),
        async createSession(input) {
          return (await ask('POST', `${root}/sessions`, typeof input === 'string' ? input : sendable(read(input, 'input')))).sessionId;
        },
        async createTab(sessionId, input) {
          const body = sendable(read(input, 'input'));
          return (await ask('POST', sessionPath(await sessionId(), '/tabs'), body)).tabId;
        },
        async onTab(method, tabId, action, body) {
          part(tabId, 'tabId');
          return tab(method, await focused(), tabId, action, body);
        },
        async openSessions() {
          const sessionIds = [];
          for await (const { sessionId } of list(`${root}/sessions?status=open`, limits)) sessionIds.push(sessionId);
          return sessionIds;
        },
        async tabs(sessionId, templateName, tags = []) {
          const query = new URLSearchParams();
          if (templateName) query.set('templateName', templateName);
          if (tags.length > 0) query.set('tag', tags[0]);
          const { value } = await ask('GET', sessionPath(sessionId, `/tabs?${query}`));
          return value.filter(found => tags.every(tag => found.tags.includes(tag))).map(({ tabId }) => tabId);
        },
      };
    }

    const notificationPath = (notificationId, action = '') => `/notifications/${part(notificationId, 'notificationId')}${action}`;
    const bodyOf = async (method, path, body) => (await send(method, path, { body })).body;

    /** The notifications of the desk, and those that this caller sends. */
    const notifications = Object.freeze({
      list: async () => (await bodyOf('GET', `${root}/desk`)).notifications,
      get: notificationId => bodyOf('GET', notificationPath(notificationId)),
      accept: notificationId => bodyOf('POST', root + notificationPath(notificationId, '/accept')),
      reject: (notificationId, reason) => bodyOf('POST', root + notificationPath(notificationId, '/reject'), reason && { reason }),
      offer: input => bodyOf('POST', `${root}/notifications`, sendable(read(input, 'input'))),
      withdraw: async notificationId => void await send('DELETE', notificationPath(notificationId)),
      handOver: (sessionId, userId, options = {}) => bodyOf('POST', sessionPath(sessionId, '/handOver'), { ...options, userId }),
    });

    async function contextOf(sessionId) {
      if (watching.hasLeft(sessionId)) return {};
      try {
        return (await call().session(sessionId)).context ?? {};
      } catch (error) {
        if (error.errorCode !== 404) onError(error, 'reading a session\'s context for an event');
        return {};
      }
    }

    const parts = { call, onError, events: eventsOf(watching, contextOf, onError), sessionOf: objectsOf({ call, onError }) };
    const use = () => parts;
    return {
      parts,
      connection: Object.freeze({
        baseUrl,
        CIFramework: cifOf(use),
        Apm: apmOf(use),
        send: (method, path, options) => send(method, path, options),
        list: path => list(path),
        notifications,
        watchDesk: watching.watchDesk,
        watchSession: watching.watchSession,
        refresh: watching.refresh,
        close() {
          parts.events.close();
          watching.close();
        },
      }),
    };
  }

  // -- The globals

  let current = null;

  function configured() {
    if (current !== null) return current.parts;
    throw new SwitchboardError('notConfigured',
      'Switchboard is not configured. Call Switchboard.configure({ baseUrl, token }), or set data-base-url and data-token '
      + 'on the script tag.');
  }

  /** Raises the event after the scripts that follow this one, so that their handlers receive it. */
  function raiseInitDone() {
    if (typeof globalThis.dispatchEvent !== 'function') return;
    const raise = () => globalThis.dispatchEvent(new Event('CIFInitDone'));
    const state = globalThis.document?.readyState ?? 'complete';
    if (state === 'complete') {
      setTimeout(raise);
      return;
    }
    const controller = new AbortController();
    const once = () => {
      controller.abort();
      raise();
    };
    globalThis.addEventListener('DOMContentLoaded', once, { signal: controller.signal });
    globalThis.addEventListener('load', once, { signal: controller.signal });
  }

  const Switchboard = Object.freeze({
    version: VERSION,
    configure(settings) {
      const next = connectionOf(settings);
      current?.connection.close();
      current = next;
      raiseInitDone();
      return next.connection;
    },
    connect: settings => connectionOf(settings).connection,
    curl({ method, url, requestHeaders, requestBody }) {
      const quoted = text => `'${text.replaceAll('\'', '\'\\\'\'')}'`;
      const line = ['curl -i'];
      if (/[[\]{}]/.test(url)) line.push('-g');
      if (method !== (requestBody === null ? 'GET' : 'POST')) line.push(`-X ${method}`);
      line.push(quoted(url), '-H "Authorization: Bearer $TOKEN"');
      for (const [name, value] of Object.entries(requestHeaders)) line.push(`-H ${quoted(`${name}: ${value}`)}`);
      if (requestBody !== null) line.push(`--data-raw ${quoted(requestBody)}`);
      return line.join(' ');
    },
  });

  const CIFramework = cifOf(configured);
  const Apm = apmOf(configured);
  globalThis.Switchboard = Switchboard;
  globalThis.Microsoft = Object.assign(globalThis.Microsoft ?? {}, { CIFramework, Apm });
  if (typeof module === 'object' && module !== null && typeof module.exports === 'object') {
    module.exports = { __esModule: true, Switchboard, CIFramework, Apm, default: Switchboard };
  }

  const tokenName = script?.dataset?.token;
  if (tokenName) {
    Switchboard.configure({
      baseUrl: script.dataset.baseUrl,
      token(request) {
        const callback = globalThis[tokenName];
        if (typeof callback !== 'function') throw new TypeError(`data-token is ${tokenName}, but window has no function with that name.`);
        return callback(request);
      },
    });
  }
})();
