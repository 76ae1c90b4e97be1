// The view of drains: one row each, with what comes in and what waits.

import { explain, get } from './api.js';
import { costNote, refreshCost } from './cost.js';
import { byId, h, setText } from './dom.js';
import { showDrains } from './facets.js';
import { retry } from './lines-view.js';
import { move, place } from './place.js';
import { grouped } from './message.js';
import { sparkline } from './spark.js';
import { plain } from './text.js';
import { ago, full } from './time.js';

let config;
let drains;
let failure = '';
let apps; // the names, as they were last

export function startDrains(settings) { config = settings; }

// troubled reports whether somebody should look at a drain.
export const troubled = (drain) => drain.dead_letters > 0 || !['active', 'creating', 'updating'].includes(drain.state);

// refreshDrains asks for the drains, and shows them in this view and beside the lines.
export async function refreshDrains() {
  try {
    ({ data: drains } = await get('drains'));
    failure = '';
    const names = drains.map((drain) => drain.app).sort().join(' ');
    if (apps !== undefined && names !== apps) retry();
    apps = names;
    showDrains([...drains].sort((a, b) => (a.app < b.app ? -1 : 1)));
    const bad = drains.filter(troubled).length;
    byId('drains-count').hidden = bad === 0;
    setText(byId('drains-count'), String(bad));
    byId('drains-count').title = `${bad} ${bad === 1 ? 'drain needs' : 'drains need'} attention`;
  } catch (error) {
    failure = explain(error);
  }
  if (place().view === 'drains') drawDrains();
  if (config.metered && place().view === 'drains') refreshCost();
}

export function drawDrains() {
  const view = byId('view-drains');
  if (!drains) {
    view.replaceChildren(h('h2', {}, 'Drains'), failure ? h('p', { class: 'error', role: 'alert' }, failure) : h('p', { class: 'soft' }, 'Reading…'));
    return;
  }
  const sum = (name) => drains.reduce((total, drain) => total + (drain[name] ?? 0), 0);
  const focused = document.activeElement?.dataset?.drain;
  view.replaceChildren(...[
    h('div', { class: 'title' }, h('h2', {}, 'Drains'),
      h('p', { class: 'soft' }, `${drains.length} ${drains.length === 1 ? 'drain' : 'drains'} · ${grouped(sum('waiting'))} waiting · ${grouped(sum('dead_letters'))} ${sum('dead_letters') === 1 ? 'dead letter' : 'dead letters'}`)),
    failure && h('p', { class: 'error', role: 'alert' }, failure),
    drains.length === 0 ? empty() : table(),
    costNote(),
  ].filter(Boolean));
  if (focused) view.querySelector(`[data-drain="${CSS.escape(focused)}"]`)?.focus();
}

function empty() {
  return h('div', { class: 'empty' }, h('h2', {}, 'No drains yet'), h('p', {}, 'Create the drain of an app in a terminal:'),
    h('pre', {}, h('code', {}, `${config.program} put -a shop`)));
}

function table() {
  const rows = [...drains].sort((a, b) => troubled(b) - troubled(a) || (a.app < b.app ? -1 : 1));
  return h('table', { class: 'drains' },
    h('thead', {}, h('tr', {}, ['App', 'State', 'Lines a minute, last hour', 'Stored today', 'Lost today', 'Waiting', 'In flight', 'Dead letters', 'Newest line']
      .map((name, i) => h('th', { scope: 'col', class: i >= 3 && i <= 7 ? 'number' : undefined }, name)))),
    h('tbody', {}, rows.map(tableRow)));
}

function tableRow(drain) {
  const cell = (name, value, kind) => h('td', { 'data-name': name, class: kind }, value);
  const number = (name, value, bad) => cell(name, value === null || value === undefined ? 'unknown' : grouped(value), `number${value ? '' : ' soft'}${bad && value > 0 ? ' s5 strong' : ''}`);
  const to = () => move({ view: 'lines', app: [drain.app], since: '', until: '' });
  const now = drain.lines_per_minute?.at(-1);
  return h('tr', { onclick: (event) => { if (!event.target.closest('button') && getSelection().isCollapsed) to(); } },
    h('th', { scope: 'row' }, h('button', { type: 'button', class: 'link', 'data-drain': drain.app, title: `Lines of ${plain(drain.app)}`, onclick: to }, plain(drain.app))),
    cell('State', [h('i', { class: `state ${drain.state === 'active' ? 'good' : ['creating', 'updating', 'deleting'].includes(drain.state) ? 'busy' : 'bad'}`, 'aria-hidden': 'true' }), plain(String(drain.state))]),
    cell('Lines a minute', [sparkline(drain.lines_per_minute, 180, 22), h('span', { class: 'now' }, now === undefined ? '' : grouped(now))], 'plot-cell'),
    number('Stored today', drain.today?.stored),
    number('Lost today', drain.today?.lost, true),
    number('Waiting', drain.waiting),
    number('In flight', drain.in_flight),
    number('Dead letters', drain.dead_letters, true),
    cell('Newest line', drain.last_line_at ? h('time', { datetime: drain.last_line_at, title: full(drain.last_line_at) }, ago(drain.last_line_at)) : h('span', { class: 'soft' }, 'none yet')));
}
