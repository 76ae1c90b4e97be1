// The choices beside the lines: apps with their traffic, processes, levels and classes of status.

import { byId, h, setText } from './dom.js';
import { appColor, processType } from './line.js';
import { move, place } from './place.js';
import { sparkline } from './spark.js';
import { plain } from './text.js';

const levels = ['error', 'warn', 'info'];
const statuses = ['2xx', '3xx', '4xx', '5xx'];
const slower = ['500ms', '1s', '5s'];
const ages = [['15 min', 15], ['1 h', 60], ['1 day', 24 * 60]]; // in minutes
const maxProcesses = 12;

const processes = new Map(); // by type, the number of lines seen
let drains = [];
let known = ''; // what the chips were built from

// showDrains updates the apps.
export function showDrains(list) {
  drains = list;
  build();
}

// count notes which processes write lines, to offer them.
export function count(lines) {
  const before = processes.size;
  for (const line of lines) {
    const type = processType(line.process);
    if (type) processes.set(type, (processes.get(type) ?? 0) + 1);
  }
  if (processes.size > 200) processes.clear(); // somebody makes up names
  if (processes.size !== before) build();
}

// build draws the choices again if they have changed.
export function build() {
  const where = place();
  const types = [...processes.entries()].sort((a, b) => b[1] - a[1]).slice(0, maxProcesses).map(([type]) => type).sort();
  if (where.process && !types.includes(where.process)) types.unshift(where.process);
  const state = JSON.stringify([where.app, where.process, where.level, where.status, where.slower, where.since, types, drains]);
  if (state === known) return;
  known = state;
  const focused = document.activeElement?.dataset?.facet;
  byId('facets').replaceChildren(
    apps(where),
    group('Process', types.map((type) => chip('process', type, where.process))),
    group('Level', levels.map((level) => chip('level', level, where.level))),
    group('Status', statuses.map((status) => chip('status', status, where.status))),
    group('Slower than', slower.map((time) => chip('slower', time, where.slower))),
    group('Since', ages.map(([name, minutes]) => sinceChip(name, minutes))));
  if (focused) [...document.querySelectorAll('#facets [data-facet]')].find((each) => each.dataset.facet === focused)?.focus();
  const chosen = where.app.length + [where.process, where.level, where.status, where.slower, where.since].filter(Boolean).length;
  setText(byId('facets-toggle'), chosen > 0 ? `Filters · ${chosen}` : 'Filters');
}

function group(title, chips) {
  if (chips.length === 0) return h('div');
  return h('fieldset', {}, h('legend', {}, title), h('div', { class: 'chips' }, chips));
}

// chip is a choice of one value, which a second click takes back.
function chip(name, value, chosen) {
  const on = value === chosen;
  return h('button', {
    type: 'button', class: `chip ${name}-${/^\w+$/.test(value) ? value : 'other'}`, 'aria-pressed': String(on), 'data-facet': `${name} ${value}`,
    title: name === 'level' ? `${value} or worse` : undefined,
    onclick: () => move({ [name]: on ? '' : value, line: '' }, { replace: true }),
  }, plain(value).replace(/^(\d+)(m?s)$/, '$1 $2'));
}

// sinceChip goes back in time: otherwise the page begins with the newest thousand lines. The time it chooses stays the same when the page
// connects again.
function sinceChip(name, minutes) {
  return h('button', {
    type: 'button', class: 'chip', 'data-facet': `since ${name}`, title: `Lines of the last ${name}, at most the newest 10\u202f000`,
    onclick: () => move({ since: new Date(Date.now() - minutes * 60_000).toISOString(), until: '', line: '' }, { replace: true }),
  }, name);
}

function apps(where) {
  const rows = drains.map((drain) => {
    const on = where.app.includes(drain.app);
    const now = drain.lines_per_minute?.at(-1) ?? 0;
    const bad = drain.state !== 'active' || drain.dead_letters > 0;
    return h('button', {
      type: 'button', class: 'app-choice', 'aria-pressed': String(on), 'data-facet': `app ${drain.app}`,
      title: `${drain.app}: ${now} ${now === 1 ? 'line' : 'lines'} in the last minute${bad ? `, ${drain.state}, ${drain.dead_letters ?? 0} ${drain.dead_letters === 1 ? 'dead letter' : 'dead letters'}` : ''}`,
      onclick: () => move({ app: on ? where.app.filter((app) => app !== drain.app) : [...where.app, drain.app], line: '' }, { replace: true }),
    }, h('i', { class: `dot app-${appColor(drain.app)}${bad ? ' bad' : ''}`, 'aria-hidden': 'true' }),
    h('span', { class: 'name' }, plain(drain.app)), sparkline(drain.lines_per_minute, 56, 16));
  });
  if (rows.length === 0) return h('div');
  return h('fieldset', { class: 'apps' }, h('legend', {}, 'Apps'), rows);
}
