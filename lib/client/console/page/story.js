// The story of a request: what the router said of it, what the app wrote while it ran, and on which dyno and release.

import { explain, get } from './api.js';
import { byId, h } from './dom.js';
import { copy } from './lines-view.js';
import { level, milliseconds, parts, service, statusClass } from './message.js';
import { row } from './line.js';
import { move, place } from './place.js';
import { nodes, plain } from './text.js';
import { clock, full, zone } from './time.js';

let config;
let shown = ''; // the request that is open
let story;
let returnTo; // the element that had the focus before

export function startStory(settings) {
  config = settings;
  zone.onChange(draw);
  byId('story').addEventListener('click', (event) => {
    const element = event.target.closest('.head');
    if (element && !event.target.closest('button') && getSelection().isCollapsed) element.parentElement.classList.toggle('open');
  });
}

export const closeStory = () => move({ request: '' });

// showStory opens the story that the place names, or closes the panel.
export async function showStory() {
  const id = place().request;
  if (id === shown) return;
  shown = id;
  const panel = byId('story');
  panel.hidden = !id;
  byId('view-lines').classList.toggle('with-story', Boolean(id));
  if (!id) {
    returnTo?.focus?.({ preventScroll: true });
    returnTo = undefined;
    return;
  }
  returnTo ??= document.activeElement;
  story = undefined;
  panel.replaceChildren(head(id), h('p', { class: 'soft', role: 'status' }, 'Looking for its lines…'));
  panel.focus({ preventScroll: true });
  try {
    const found = await get('story', { request_id: id });
    if (shown !== id) return;
    story = found;
    draw();
  } catch (error) {
    if (shown === id) panel.replaceChildren(head(id), h('p', { class: 'error', role: 'alert' }, explain(error)));
  }
}

function head(id) {
  return h('header', {},
    h('h2', {}, 'Request'),
    h('button', { type: 'button', class: 'quiet icon', title: 'Close (Esc)', 'aria-label': 'Close', onclick: closeStory }, '×'),
    h('code', { class: 'id' }, plain(id)));
}

function draw() {
  if (!story || !shown) return;
  const { router } = story;
  const lines = story.lines ?? [];
  byId('story').replaceChildren(head(shown), ...[
    router ? outcome(router) : h('p', { class: 'soft' }, 'The router\'s line was not found: it may not be stored yet, or be older than the log.'),
    router && timing(router),
    facts(router),
    h('h3', {}, `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`),
    h('div', { class: 'story-lines' }, lines.map((line) => storyLine(line, lines[0]))),
    h('div', { class: 'actions' },
      h('button', { type: 'button', onclick: () => copy(`${config.program} trace ${shown}`, 'Command copied') }, 'Copy the command'),
      h('code', { class: 'soft' }, `trace ${plain(shown).slice(0, 8)}…`)),
  ].filter(Boolean));
}

function outcome(router) {
  return h('p', { class: 'outcome' },
    h('b', { class: statusClass(router.status) }, String(router.status ?? '')), ' ',
    h('b', {}, plain(router.method ?? '')), ' ', h('bdi', {}, nodes(String(router.path ?? ''))),
    router.code && h('span', { class: 's5' }, ` ${plain(router.code)} ${plain(router.desc ?? '')}`));
}

// timing is a bar of the two times that the router measures.
function timing(router) {
  if (typeof router.service !== 'number') return undefined;
  const connect = router.connect ?? 0;
  const whole = Math.max(1, connect + router.service);
  const part = (name, value, kind) => {
    const bar = h('i', { class: kind });
    bar.style.width = `${Math.max(1, value / whole * 100)}%`;
    return [bar, `${name} ${milliseconds(value)}`];
  };
  const [first, connectText] = part('Connect', connect, 'connect');
  const [second, serviceText] = part('Service', router.service, `service ${service(router.service)}`);
  return h('div', { class: 'timing' }, h('div', { class: 'bar', 'aria-hidden': 'true' }, first, second),
    h('span', { class: 'soft' }, connectText), h('span', {}, serviceText));
}

function facts(router) {
  const list = [
    ['App', router?.app ?? story.lines?.[0]?.app], ['When', router && full(router.time)], ['Dyno', story.dyno ?? router?.dyno], ['Release', release(story.release)],
    ['Host', router?.host], ['Client', router?.fwd], ['Size', typeof router?.bytes === 'number' ? size(router.bytes) : undefined],
    ['Protocol', [router?.protocol, router?.tls_version].filter(Boolean).join(', ')],
  ].filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false);
  return h('dl', { class: 'facts' }, list.map(([name, value]) => [h('dt', {}, name), h('dd', {}, h('bdi', {}, nodes(String(value))))]));
}

// release writes what is known of the release: a text, or an object with its parts.
function release(value) {
  if (!value || typeof value !== 'object') return value;
  return value.version ?? value.name ?? value.message ?? JSON.stringify(value);
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function storyLine(line, first) {
  const element = row(line, { raw: false, texts: [] }, false);
  const offset = new Date(line.time) - new Date(first.time);
  const time = element.querySelector('time');
  time.textContent = offset === 0 ? clock(line.time) : `+${milliseconds(offset)}`;
  element.querySelector('.text').title = parts(line, { raw: true }).map((part) => part.text).join('').slice(0, 1000);
  if (level(line)) element.classList.add(level(line));
  element.removeAttribute('role');
  return element;
}
