// The page: starts its parts, shows the view that the address names, and refreshes what is on the screen.

import { APIError, explain, get } from './api.js';
import { drawAlerts, refreshAlerts, startAlerts } from './alerts-view.js';
import { byId, h, setText } from './dom.js';
import { drawDrains, refreshDrains, startDrains } from './drains-view.js';
import { showHelp, startKeys } from './keys.js';
import {
  clearFilters, copyFocused, linkFocused, requestFocused, showPlace, startLines, step, toEnd, toggleFocused, togglePause, toggleRaw, toggleWrap,
} from './lines-view.js';
import { move, onMove, place } from './place.js';
import { openPlay, startPlay } from './play.js';
import { preference } from './preferences.js';
import { closeStory, showStory, startStory } from './story.js';
import { plain } from './text.js';
import { zone, zoneName } from './time.js';
import { refreshTraffic, startTraffic } from './traffic-view.js';

const theme = preference('theme', ['system', 'light', 'dark']);
const views = ['lines', 'drains', 'alerts', 'traffic'];
let config;

const view = () => (views.includes(place().view) ? place().view : 'lines');
const go = (name) => () => move({ view: name });

const bindings = [
  { keys: ['/'], what: 'Filter', run: () => { move({ view: 'lines' }); byId('filter').focus(); byId('filter').select(); } },
  { keys: [' '], what: 'Pause, or go on', view: 'lines', run: togglePause },
  { keys: ['j', 'ArrowDown'], what: 'Next line', view: 'lines', run: () => step(1) },
  { keys: ['k', 'ArrowUp'], what: 'Previous line', view: 'lines', run: () => step(-1) },
  { keys: ['Enter', 'o'], what: 'Open or close the line', view: 'lines', run: toggleFocused },
  { keys: ['s'], what: 'What happened to the line\'s request', view: 'lines', run: requestFocused },
  { keys: ['c'], what: 'Copy the line', view: 'lines', run: copyFocused },
  { keys: ['y'], what: 'Copy a link to the line', view: 'lines', run: linkFocused },
  { keys: ['G', 'End'], what: 'To the newest line', view: 'lines', run: toEnd },
  { keys: ['r'], what: 'Lines as they are stored', view: 'lines', run: toggleRaw },
  { keys: ['w'], what: 'Wrap long lines', view: 'lines', run: toggleWrap },
  { keys: ['Escape'], what: 'Close, leave, or clear the filters', run: escape },
  { keys: ['g l'], what: 'Lines', run: go('lines') },
  { keys: ['g d'], what: 'Drains', run: go('drains') },
  { keys: ['g a'], what: 'Alerts', run: go('alerts') },
  { keys: ['g t'], what: 'Traffic', run: go('traffic') },
  { keys: ['p'], what: 'Send test traffic (local)', run: openPlay },
  { keys: ['z'], what: 'UTC or local time', run: () => zone.next() },
  { keys: ['t'], what: 'Light or dark', run: () => theme.next() },
  { keys: ['?'], what: 'These keys', run: showHelp },
];

function escape(event) {
  if (event.target.matches?.('input')) event.target.blur();
  else if (place().request) closeStory();
  else if (document.activeElement?.closest?.('.line')) document.activeElement.blur();
  else if (view() === 'lines') clearFilters();
}

function showTheme() {
  if (theme.get() === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.get();
  setText(byId('theme'), { system: 'Auto', light: 'Light', dark: 'Dark' }[theme.get()]);
  byId('theme').setAttribute('aria-label', `Colors: ${theme.get()}`);
}

function showZone() {
  setText(byId('zone'), zone.get() === 'UTC' ? 'UTC' : 'Local');
  byId('zone').setAttribute('aria-label', `Times are in ${zone.get() === 'UTC' ? 'UTC' : `local time, ${zoneName()}`}`);
}

function showView() {
  for (const name of views) byId(`view-${name}`).hidden = name !== view();
  for (const tab of document.querySelectorAll('[data-view]')) {
    if (tab.dataset.view === view()) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  document.title = `${view()[0].toUpperCase()}${view().slice(1)} · ${config.local ? 'local' : plain(config.stack)} · Heroku drains`;
  if (view() === 'lines') showPlace();
  if (view() === 'drains') drawDrains();
  if (view() === 'alerts') drawAlerts();
  if (view() === 'traffic') refreshTraffic();
  showStory();
}

function banner(error) {
  const element = byId('banner');
  element.hidden = !error;
  if (!error) return;
  const unauthorized = error instanceof APIError && error.status === 401;
  element.replaceChildren(unauthorized ? 'This address lacks the token, or has an old one. Open the address that `console` printed in the terminal.' : explain(error));
}

// repeat calls something again and again, while somebody looks at the page.
function repeat(call, milliseconds) {
  setInterval(() => { if (document.visibilityState === 'visible') call(); }, milliseconds);
}

async function start() {
  theme.onChange(showTheme);
  zone.onChange(showZone);
  byId('theme').addEventListener('click', () => theme.next());
  byId('zone').addEventListener('click', () => zone.next());
  byId('skip').addEventListener('click', (event) => { event.preventDefault(); byId('main').focus(); });
  for (const tab of document.querySelectorAll('[data-view]')) {
    tab.addEventListener('click', (event) => { event.preventDefault(); move({ view: tab.dataset.view }); });
  }
  showTheme();
  showZone();
  for (let wait = 500; !config; wait = Math.min(2 * wait, 10_000)) {
    try {
      config = await get('config');
      banner();
    } catch (error) {
      banner(error);
      if (error instanceof APIError && error.status < 500) return;
      await new Promise((resolve) => { setTimeout(resolve, wait); });
    }
  }
  byId('place').replaceChildren(config.local ? 'local' : `${plain(config.stack)} in ${plain(config.region)}`, h('span', { class: 'group' }, ` ${plain(config.log_group)}`));
  for (const begin of [startLines, startStory, startDrains, startAlerts, startTraffic, startPlay]) begin(config);
  startKeys(bindings, view);
  onMove(showView);
  showView();
  refreshDrains();
  refreshAlerts();
  const often = config.local ? 1 : 4; // AWS limits how often its services are asked
  repeat(refreshDrains, 5_000 * often);
  repeat(refreshAlerts, 5_000 * often);
  repeat(() => { if (view() === 'traffic') refreshTraffic(); }, config.local ? 15_000 : 60_000);
}

start();
