import { h, useState, useEffect, useRef, useCallback } from './ui.js';

/**
 * Loads a value by `load(signal)`, again when a key changes: `{ value, error, loading, reload, replace }`. The old value stays during a
 * reload; `replace` sets a value that another request returned.
 */
export function useLoad(load, keys) {
  const [state, setState] = useState({ loading: true });
  const [round, setRound] = useState(0);
  const before = useRef([]);
  useEffect(() => {
    const abort = new AbortController();
    const reloading = keys.every((key, at) => key === before.current[at]);
    before.current = keys;
    setState(({ value }) => ({ value: reloading ? value : undefined, loading: true }));
    load(abort.signal).then(
      value => abort.signal.aborted || setState({ value, loading: false }),
      error => abort.signal.aborted || setState({ error, loading: false }),
    );
    return () => abort.abort();
  }, [...keys, round]);
  return { ...state, reload: useCallback(() => setRound(count => count + 1), []), replace: value => setState({ value, loading: false }) };
}

/** Loads a list page by page: `{ items, next, error, loading, more, reload, change }`; `next` is set if there are more pages. */
export function usePages(connection, path) {
  const [state, setState] = useState({ items: [], loading: true });
  const running = useRef(null);
  const ask = useCallback(async (address, before, shown = before) => {
    running.current?.abort();
    const abort = running.current = new AbortController();
    setState(old => ({ ...old, items: shown ?? old.items, loading: true, error: null }));
    try {
      const { body } = await connection.send('GET', address, { signal: abort.signal });
      if (abort.signal.aborted) return null;
      const page = { items: [...before, ...body.value], next: body['@odata.nextLink'] ?? null, loading: false, error: null };
      setState(page);
      return page;
    } catch (error) {
      if (!abort.signal.aborted) setState({ items: before, next: address, loading: false, error });
      return null;
    }
  }, [connection]);
  useEffect(() => {
    ask(path, []);
    return () => running.current?.abort();
  }, [ask, path]);
  return {
    ...state,
    more: (page = state) => ask(page.next, page.items),
    reload: () => ask(path, [], null),
    change: changed => setState(old => ({ ...old, items: changed(old.items) })),
  };
}

const instants = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** An instant in local time. */
export function Instant({ value }) {
  return value ? h('time', { dateTime: value, title: value }, instants.format(new Date(value))) : 'never';
}
