// The view of alerts: what fires, what is over, and what is muted.

import { explain, get } from './api.js';
import { byId, h, setText } from './dom.js';
import { grouped } from './message.js';
import { move, place } from './place.js';
import { plain } from './text.js';
import { ago, duration, full, moment } from './time.js';

let config;
let alerts;
let failure = '';

export function startAlerts(settings) { config = settings; }

export async function refreshAlerts() {
  try {
    alerts = await get('alerts');
    failure = '';
    const firing = alerts.firing?.length ?? 0;
    byId('alerts-count').hidden = firing === 0;
    setText(byId('alerts-count'), String(firing));
    byId('alerts-count').title = `${firing} firing`;
  } catch (error) {
    failure = explain(error);
  }
  if (place().view === 'alerts') drawAlerts();
}

export function drawAlerts() {
  const view = byId('view-alerts');
  const focused = document.activeElement?.dataset?.alert;
  const opened = [...view.querySelectorAll('details[open] > summary')].map((each) => each.dataset.alert);
  const { firing = [], recent = [], muted = [] } = alerts ?? {};
  view.replaceChildren(...[
    h('div', { class: 'title' }, h('h2', {}, 'Alerts'),
      alerts && h('p', { class: 'soft' }, `${firing.length} firing · ${recent.length} in the last 14 days · ${muted.length} muted`)),
    failure && h('p', { class: 'error', role: 'alert' }, failure),
    !alerts && !failure && h('p', { class: 'soft' }, 'Reading…'),
    alerts && firing.length + recent.length + muted.length === 0 ? empty() : undefined,
    section('Firing', firing, alerts && recent.length + muted.length > 0 ? 'Nothing fires.' : ''),
    section('Past', recent),
    section('Muted', muted),
  ].filter(Boolean));
  for (const each of view.querySelectorAll('summary')) each.parentElement.open = opened.includes(each.dataset.alert);
  if (focused) view.querySelector(`[data-alert="${CSS.escape(focused)}"]`)?.focus();
}

function empty() {
  return h('div', { class: 'empty' }, h('h2', {}, 'No alerts'), h('p', {}, 'No rule has matched in the last 14 days. To see which rules there are:'),
    h('pre', {}, h('code', {}, `${config.program} alerts rules`)),
    config.local && h('p', {}, 'To see one, play a scenario: Send traffic, above.'));
}

function section(title, list, otherwise = '') {
  if (list.length === 0) return otherwise && h('section', {}, h('h3', {}, title), h('p', { class: 'soft' }, otherwise));
  return h('section', {}, h('h3', {}, title), h('ul', { class: 'alerts' }, list.map(item)));
}

function item(alert) {
  const firing = alert.state === 'firing';
  const began = alert.since && new Date(alert.since);
  const ended = alert.until && new Date(alert.until);
  const lasted = began && duration((ended || Date.now()) - began);
  return h('li', { class: `alert ${firing ? 'firing' : alert.state} ${plain(alert.level ?? '')}` },
    h('details', {},
      h('summary', { 'data-alert': `${alert.app} ${alert.rule}` },
        h('i', { class: 'state', 'aria-hidden': 'true' }),
        h('span', { class: 'what' }, h('b', {}, plain(alert.app)), ' ', ...what(alert)),
        h('span', { class: 'soft when' }, when(alert, firing, began, ended, lasted)),
        alert.lines > 0 && h('span', { class: 'lines-count' }, `${grouped(alert.lines)} ${alert.lines === 1 ? 'line' : 'lines'}`)),
      h('dl', { class: 'facts' }, [
        ['Rule', h('code', {}, plain(alert.rule))], ['Level', alert.level], ['Began', began && full(alert.since)], ['Ended', ended && full(alert.until)],
        ['Last line', alert.last_line && full(alert.last_line)], ['Told', alert.told && full(alert.told)], ['Muted until', alert.muted_until && full(alert.muted_until)],
      ].filter(([, value]) => value).map(([name, value]) => [h('dt', {}, name), h('dd', {}, typeof value === 'string' ? plain(value) : value)])),
      h('div', { class: 'actions' },
        began && h('button', { type: 'button', onclick: () => move({ view: 'lines', app: [alert.app], q: '', process: '', level: '', status: '', slower: '', ...around(alert) }) }, 'Lines of that time'))));
}

// what returns the rule of an alert, as "alerts list" names it, and its title if that says more.
function what(alert) {
  if (alert.rule === '*') return [h('bdi', {}, 'all rules')];
  const rule = h('code', {}, plain(alert.rule));
  return alert.title && alert.title !== alert.rule ? [rule, ' ', h('bdi', {}, plain(alert.title))] : [rule];
}

function when(alert, firing, began, ended, lasted) {
  if (alert.muted_until && new Date(alert.muted_until) > new Date() && !firing) return `muted until ${moment(alert.muted_until)}`;
  if (!began) return '';
  return firing ? `for ${lasted}, since ${moment(alert.since)}` : `${moment(alert.since)}, for ${lasted}${ended ? `, ended ${ago(alert.until)}` : ''}`;
}

// around returns the time of an alert with a little before and after it.
function around(alert) {
  const shift = (time, by) => new Date(new Date(time).getTime() + by).toISOString();
  const firing = alert.state === 'firing';
  return { since: shift(alert.since, -120_000), until: firing ? '' : shift(alert.last_line || alert.until, 60_000) };
}
