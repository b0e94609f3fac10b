import './switchboard.js';

export const { Switchboard } = globalThis;
export const { CIFramework, Apm } = globalThis.Microsoft;
export default Switchboard;
