// What all views are made of. Preact's own files are classic scripts, so that the page needs no import map, and no inline script.
export const { h, render, Fragment } = globalThis.preact;
export const { useState, useEffect, useRef, useMemo, useCallback, useId } = globalThis.preactHooks;

/** A failure in the API's words, beside what it is about. Renders nothing without one. */
export function Problem({ error, onRetry }) {
  if (!error) return null;
  return h('div', { class: 'problem', role: 'alert' },
    h('p', null, error.message),
    error.details?.length > 0 && h('ul', null,
      error.details.map(detail => h('li', null, detail.target && h('code', null, detail.target), ' ', detail.message))),
    h('p', { class: 'fine' },
      error.errorCode ? `${error.errorCode} ${error.code}` : error.code,
      error.requestId && ` · request ${error.requestId}`,
      error.mayHaveHappened && ' · it may have happened all the same'),
    onRetry && h('button', { type: 'button', onClick: onRetry }, 'Try again'));
}

/** Those of an error's details that are about a field: its target is the field's, or below it. */
export function problemsOf(error, target) {
  return (error?.details ?? []).filter(({ target: at }) =>
    at === target || at?.startsWith(`${target}.`) || at?.startsWith(`${target}[`));
}

/** A labelled control; `problems` stand at it and are read out with it. `children` gets the attributes the control must carry. */
export function Field({ label, hint, problems = [], children }) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : null;
  const problemId = problems.length > 0 ? `${id}-problem` : null;
  return h('div', { class: problemId ? 'field wrong' : 'field' },
    h('label', { for: id }, label),
    children({
      id,
      'aria-describedby': [hintId, problemId].filter(Boolean).join(' ') || undefined,
      'aria-invalid': problemId ? 'true' : undefined,
    }),
    hint && h('p', { id: hintId, class: 'fine' }, hint),
    problemId && h('ul', { id: problemId, class: 'problems' }, problems.map(problem => h('li', null, problem.message))));
}
