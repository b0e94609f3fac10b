import { h, useCallback, useMemo, useRef, useState, Problem } from './ui.js';

/**
 * What is under way, and what has failed, by key: `<place>:<thing>:<action>`. A failure stands at its place until it is dismissed, or the same
 * succeeds. What has succeeded is shown by the watch alone, which also tells of it: `words` are for what it does not tell.
 */
export function useActions(say) {
  const [running, setRunning] = useState({});
  const [failed, setFailed] = useState({});
  const current = useRef(running);
  current.current = running;

  const run = useCallback(async (key, work, words) => {
    if (current.current[key]) return { done: false };
    setRunning(old => ({ ...old, [key]: true }));
    try {
      const value = await work();
      setFailed(({ [key]: over, ...rest }) => rest);
      if (words) say(words);
      return { done: true, value };
    } catch (error) {
      setFailed(old => ({ ...old, [key]: error }));
      return { done: false };
    } finally {
      setRunning(({ [key]: over, ...rest }) => rest);
    }
  }, [say]);

  const dismiss = useCallback(key => setFailed(({ [key]: over, ...rest }) => rest), []);

  return useMemo(() => ({
    run,
    dismiss,
    busy: key => running[key] === true,
    failed: place => Object.keys(failed).filter(key => key === place || key.startsWith(`${place}:`)),
    error: key => failed[key],
  }), [run, dismiss, running, failed]);
}

/** The failures at a place. */
export function Failures({ actions, at }) {
  return actions.failed(at).map(key => h(Problem, { key, error: actions.error(key), onDismiss: () => actions.dismiss(key) }));
}
