import { h, useCallback, useMemo, useRef, useState, Problem } from './ui.js';

/**
 * Running and failed actions by key: `<place>:<thing>:<action>`. A failure is shown at its place until it is dismissed or the same action
 * succeeds. The watch shows and announces successful changes; `words` announces those that the watch does not report.
 */
export function useActions(say) {
  const running = useRef(new Set()).current;
  const [round, setRound] = useState(0);
  const [failed, setFailed] = useState(new Map());

  const dismiss = useCallback(key => setFailed(old => new Map([...old].filter(([other]) => other !== key))), []);

  const run = useCallback(async (key, work, words) => {
    if (running.has(key)) return { done: false };
    running.add(key);
    setRound(count => count + 1);
    try {
      const value = await work();
      dismiss(key);
      if (words) say(words);
      return { done: true, value };
    } catch (error) {
      setFailed(old => new Map(old).set(key, error));
      return { done: false };
    } finally {
      running.delete(key);
      setRound(count => count + 1);
    }
  }, [say]);

  return useMemo(() => ({
    run,
    dismiss,
    busy: key => running.has(key),
    failed: place => [...failed.keys()].filter(key => key === place || key.startsWith(`${place}:`)),
    error: key => failed.get(key),
  }), [run, round, failed]);
}

/** Returns the failures at a place. */
export function Failures({ actions, at }) {
  return actions.failed(at).map(key => h(Problem, { key, error: actions.error(key), onDismiss: () => actions.dismiss(key) }));
}
