import { h } from './ui.js';

export function Desk() {
  return h('h2', null, 'Desk');
}
