// The view of traffic: what the router answered, how long it took, and how much was written, over the last hour.

import { explain, get } from './api.js';
import { byId, h } from './dom.js';
import { move, place } from './place.js';
import { countFormat, plot, timeFormat } from './plot.js';
import { plain } from './text.js';
import { zone } from './time.js';

const maxApps = 6; // with a color of their own

let config;
let stats;
let failure = '';
let asked = '';

export function startTraffic(settings) {
  config = settings;
  zone.onChange(() => { if (place().view === 'traffic') draw(); });
}

export async function refreshTraffic() {
  const { app } = place();
  const question = app.join(' ');
  if (question !== asked) { stats = undefined; failure = ''; }
  asked = question;
  if (!stats) draw();
  try {
    const found = await get('stats', { app });
    if (question !== asked) return;
    const same = JSON.stringify(found) === JSON.stringify(stats);
    stats = found;
    if (same && !failure) return; // keep the value that someone may be looking at
    failure = '';
  } catch (error) {
    failure = explain(error);
  }
  if (place().view === 'traffic') draw();
}

function draw() {
  const { app } = place();
  const opened = [...byId('view-traffic').querySelectorAll('details')].map((each) => each.open);
  byId('view-traffic').replaceChildren(...[
    h('div', { class: 'title' }, h('h2', {}, 'Traffic'),
      h('p', { class: 'soft' }, app.length > 0 ? `${plain(app.join(', '))} in the last hour` : 'All apps in the last hour', ' ',
        app.length > 0 && h('button', { type: 'button', class: 'link', onclick: () => move({ app: [] }) }, 'Show all apps'))),
    failure && h('p', { class: 'error', role: 'alert' }, failure),
    !stats && !failure && h('p', { class: 'soft', role: 'status' }, 'Counting the lines of the last hour…'),
    stats && (empty() ?? plots()),
    !config.local && stats && h('p', { class: 'soft note' }, 'These figures come from queries of CloudWatch Logs Insights, which AWS charges for what they scan. They run at most once a minute, while this page is open.'),
  ].filter(Boolean));
  byId('view-traffic').querySelectorAll('details').forEach((each, i) => { each.open = opened[i] ?? false; });
}

function empty() {
  const { app } = place();
  const all = [...Object.values(stats.status ?? {}), ...Object.values(stats.lines ?? {})].flat();
  if (all.some((value) => value > 0)) return undefined;
  return h('div', { class: 'empty' }, h('h2', {}, 'No lines in the last hour'), h('p', {}, config.local ? 'Send test traffic:' : 'Lines appear here once an app has a drain:'),
    h('pre', {}, h('code', {}, config.local ? `${config.program} simulate -a ${app[0] ?? 'shop'} --lines 500` : `${config.program} put -a ${app[0] ?? 'shop'}`)));
}

function plots() {
  const sum = (values) => values.reduce((total, value) => total + (value ?? 0), 0);
  const status = Object.entries(stats.status ?? {}).filter(([name, values]) => name !== '1xx' || sum(values) > 0)
    .map(([name, values]) => ({ name, kind: `c${name[0]}`, values }));
  const times = Object.entries(stats.service_ms ?? {}).map(([name, values]) => ({ name, kind: name, values }));
  const apps = Object.entries(stats.lines ?? {}).sort((a, b) => sum(b[1]) - sum(a[1]));
  const rest = apps.slice(maxApps);
  const lines = apps.slice(0, maxApps).map(([name, values], i) => ({ name: plain(name), kind: `a${i}`, values }));
  if (rest.length > 0) {
    lines.push({ name: `${rest.length} more`, kind: 'a6', values: rest[0][1].map((_, i) => rest.reduce((total, [, values]) => total + (values[i] ?? 0), 0)) });
  }
  const newest = (values) => values.findLast((value) => value !== null && value !== undefined);
  return h('div', { class: 'plots' },
    plot({ title: 'Responses a minute, by status', from: stats.from, series: status, format: countFormat, shape: 'bars', total: (values) => countFormat(sum(values)) }),
    plot({ title: 'Response time', from: stats.from, series: times, format: timeFormat, shape: 'lines', total: (values) => (newest(values) === undefined ? '' : timeFormat(newest(values))) }),
    lines.length > 0 && plot({ title: 'Lines a minute, by app', from: stats.from, series: lines, format: countFormat, shape: 'bars', total: (values) => countFormat(sum(values)) }));
}
