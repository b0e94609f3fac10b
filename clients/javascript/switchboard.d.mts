export * from './switchboard.js';
export { Switchboard as default } from './switchboard.js';
