// The components of all views. Preact's files are classic scripts, so that the page needs neither an import map nor an inline script.
export const { h, render, Fragment, createContext } = globalThis.preact;
export const { useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback, useId, useContext,
  useErrorBoundary } = globalThis.preactHooks;

/** Formats JSON; other text stays unchanged. */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The API's error message, next to the element that it concerns. Renders nothing without an error. */
export function Problem({ error, onRetry, onDismiss }) {
  if (!error) return null;
  const details = (error.details ?? []).filter(({ message }) => message !== error.message);
  return h('div', { class: 'problem', role: 'alert' },
    h('p', null, error.message),
    details.length > 0 && h('ul', null,
      details.map(detail => h('li', null, detail.target && h('code', null, detail.target), ' ', detail.message))),
    h('p', { class: 'fine' },
      error.errorCode ? `${error.errorCode} ${error.code}` : error.code,
      error.requestId && ` · request ${error.requestId}`,
      error.mayHaveHappened && ' · the request may have been carried out'),
    onRetry && h('button', { type: 'button', onClick: onRetry }, 'Try again'),
    onDismiss && h('button', { type: 'button', class: 'quiet icon dismiss', 'aria-label': 'Dismiss', onClick: onDismiss },
      h(Icon, { name: 'close' })));
}

/** Returns the problems of an error whose target is the field or below it. An error with a single problem has no details. */
export function problemsOf(error, target) {
  return (error?.details?.length > 0 ? error.details : [error ?? {}]).filter(({ target: at }) =>
    at === target || at?.startsWith(`${target}.`) || at?.startsWith(`${target}[`));
}

/** A labelled control. `problems` appear next to it and are read out with it. `children` receives the attributes of the control. */
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

// Paths on a 24 × 24 grid.
const SHAPES = {
  add: 'M12 5v14M5 12h14',
  badge: 'M4 5h16v11H10l-4 4v-4H4z',
  book: 'M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11',
  case: 'M4 8h16v11H4zM9 8V5h6v3M4 13h16',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  close: 'M6 6l12 12M18 6L6 18',
  control: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  custom: 'M9 8l-5 4 5 4M15 8l5 4-5 4',
  dashboard: 'M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z',
  delete: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  down: 'M6 9l6 6 6-6',
  edit: 'M4 20l1-4L16 5l3 3L8 19z',
  entityList: 'M4 6h16M4 12h16M4 18h16',
  entityRecord: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  handOver: 'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3 20c0-4 2.500-6 6-6 1.500 0 2.700.300 3.700 1M14 18h7M18 15l3 3-3 3',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  key: 'M15 14a5 5 0 1 0-4.700-3.300L4 17v3h4v-2h2v-2h2l1.300-1.300c.5.200 1.100.300 1.700.300zM15.500 8.500h.010',
  less: 'M5 12h14',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  more: 'M5 12h.010M12 12h.010M19 12h.010',
  open: 'M13 4h7v7M20 4l-9 9M17 14v6H4V7h6',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
  refresh: 'M19 8a8 8 0 1 0 1 6M20 4v5h-5',
  reopen: 'M5 8h9a5 5 0 0 1 0 10H8M9 4L5 8l4 4',
  requestFocus: 'M6 17V11a6 6 0 0 1 12 0v6l2 1H4zM10 21h4',
  search: 'M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L20 20',
  signOut: 'M14 4H5v16h9M10 12h10M16 8l4 4-4 4',
  thirdPartyWebsite: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c-5 6-5 12 0 18M12 3c5 6 5 12 0 18',
  unlock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 6.800-1.200',
  up: 'M6 15l6-6 6 6',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4.500 3-7 8-7s8 2.500 8 7',
  warning: 'M12 4L2.500 20h19zM12 10v5M12 17.500v.010',
  webResource: 'M4 5h16v14H4zM4 9h16M7 7h.010',
};

/** A decorative icon: text or an aria-label carries its meaning. */
export function Icon({ name }) {
  return h('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' }, h('path', { d: SHAPES[name] }));
}

/** An icon, or two initials as in Dynamics 365 if there is none. Web resources of other systems have no URL here. */
export function Initials({ of, icon, image }) {
  const [broken, setBroken] = useState(null);
  if (/^(https:|data:image\/)/.test(image ?? '') && image !== broken) {
    return h('img', { class: 'initials', src: image, alt: '', referrerPolicy: 'no-referrer', onError: () => setBroken(image) });
  }
  const words = String(of).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters = words.length > 1 ? [...words[0]][0] + [...words.at(-1)][0] : [...words[0] ?? '?'].slice(0, 2).join('');
  const hue = [...String(of)].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 65_537, 7) % 6;
  return h('span', { class: icon ? 'initials' : `initials hue-${hue}`, 'aria-hidden': 'true' },
    icon ? h(Icon, { name: icon }) : letters.toUpperCase());
}

/** A button that is disabled while its action runs. It keeps the focus. */
export function Action({ busy, disabled, icon, label, class: look = '', onClick, children, ...more }) {
  const off = busy || disabled;
  return h('button', {
    type: 'button', class: `${look}${busy ? ' busy' : ''}${icon && !children ? ' icon' : ''}`, 'aria-label': label, title: label,
    'aria-disabled': off ? 'true' : undefined, 'aria-busy': busy ? 'true' : undefined,
    onClick: off ? event => event.preventDefault() : onClick, ...more,
  }, icon && h(Icon, { name: icon }), children);
}

/** A modal dialog. It takes the focus and returns it when it closes. Escape calls `onClose`. */
export function Dialog({ title, onClose, children }) {
  const element = useRef(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    const dialog = element.current;
    dialog.showModal();
    return () => {
      // Elements behind a modal dialog cannot have the focus.
      dialog.close();
      if (before?.isConnected) before.focus();
    };
  }, []);
  return h('dialog', {
    ref: element, class: 'dialog', 'aria-labelledby': id, onCancel: event => {
      event.preventDefault();
      onClose();
    },
  }, h('h2', { id }, title), children);
}

/** A menu button. Arrow keys move through the menu, Escape closes it. `items` are `{ icon, words, onChoose, disabled, danger }`. */
export function Menu({ label, items, class: look = '' }) {
  const [place, setPlace] = useState(null);
  const button = useRef(null);
  const list = useRef(null);
  const open = last => {
    const { bottom, top, right } = button.current.getBoundingClientRect();
    const height = items.length * 34 + 10;
    setPlace({ right: document.documentElement.clientWidth - right, top: bottom + height > innerHeight ? Math.max(8, top - height)
      : bottom + 2, last });
  };
  const close = () => {
    setPlace(null);
    button.current?.focus();
  };
  useLayoutEffect(() => {
    if (!place) return undefined;
    const all = [...list.current.querySelectorAll('[role=menuitem]')];
    all.at(place.last ? -1 : 0)?.focus();
    const outside = event => list.current?.contains(event.target) || button.current.contains(event.target) || setPlace(null);
    const away = () => setPlace(null);
    document.addEventListener('pointerdown', outside);
    addEventListener('resize', away);
    return () => {
      document.removeEventListener('pointerdown', outside);
      removeEventListener('resize', away);
    };
  }, [place]);
  const onKeyDown = event => {
    const all = [...list.current.querySelectorAll('[role=menuitem]')];
    const at = all.indexOf(document.activeElement);
    const next = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      all[next].focus();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab') {
      close();
    }
  };
  const onButtonKey = event => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    event.stopPropagation();
    open(event.key === 'ArrowUp');
  };
  return h(Fragment, null,
    h('button', {
      type: 'button', class: `quiet icon ${look}`, 'aria-label': label, title: label, 'aria-haspopup': 'menu',
      'aria-expanded': place !== null, ref: button,
      onClick: () => place ? close() : open(false), onKeyDown: onButtonKey,
    }, h(Icon, { name: 'more' })),
    place && h('ul', {
      class: 'menu', role: 'menu', 'aria-label': label, ref: list, style: { top: `${place.top}px`, right: `${place.right}px` }, onKeyDown,
    }, items.map(({ icon, words, onChoose, disabled, danger }) => h('li', { key: words, role: 'none' },
      h('button', {
        type: 'button', role: 'menuitem', tabIndex: -1, class: danger ? 'danger' : '', 'aria-disabled': disabled ? 'true' : undefined,
        onClick: () => {
          if (disabled) return;
          close();
          onChoose();
        },
      }, h(Icon, { name: icon }), words)))));
}

/** Copies a text to the clipboard. */
export function Copy({ text, what, say }) {
  const [done, setDone] = useState(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone('Copied');
      say(`The ${what} is on the clipboard.`);
    } catch (cause) {
      setDone('Not copied');
      say(`Not copied: ${cause.message}`);
    }
  };
  useEffect(() => {
    if (done === null) return undefined;
    const timer = setTimeout(() => setDone(null), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  return h('button', { type: 'button', class: 'quiet', onClick: copy }, h(Icon, { name: done === 'Copied' ? 'check' : 'copy' }),
    done ?? `Copy ${what}`);
}

const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const STEPS = [[60, 'second', 1], [3600, 'minute', 60], [86_400, 'hour', 3600], [Infinity, 'day', 86_400]];

/** The time since an instant, kept up to date. */
export function Ago({ instant }) {
  const [, setRound] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setRound(round => round + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = (Date.parse(instant) - Date.now()) / 1000;
  const [, unit, size] = STEPS.find(([below]) => Math.abs(seconds) < below);
  const words = unit === 'second' ? 'just now' : ago.format(Math.round(seconds / size), unit);
  return h('time', { dateTime: instant, title: new Date(instant).toLocaleString() }, words);
}

/** Shows the error of a failed view and keeps the rest of the page. */
export function ErrorBoundary({ children }) {
  const [error, reset] = useErrorBoundary(failure => console.error(failure));
  if (!error) return children;
  return h('div', { class: 'problem', role: 'alert' },
    h('p', null, `This view failed because of a bug in the page: ${error.message}`),
    h('button', { type: 'button', onClick: reset }, 'Show it again'));
}
