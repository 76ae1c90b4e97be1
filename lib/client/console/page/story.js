// The story of a request: what the router said of it, what the app wrote while it ran, and on which dyno and release.

import { explain, get } from './api.js';
import { byId, h } from './dom.js';
import { copy } from './lines-view.js';
import { milliseconds, service, statusClass } from './message.js';
import { row } from './line.js';
import { move, place } from './place.js';
import { nodes, plain } from './text.js';
import { duration, full, zone } from './time.js';

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
    // Without a start, the last day is searched: a line that is older is only on the screen if a start was chosen.
    const found = await get('story', { request_id: id, since: place().since });
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
  const lines = story.lines ?? [];
  const requests = story.requests ?? [];
  const [first] = requests;
  byId('story').replaceChildren(head(shown), ...[
    ...requests.map((request) => [outcome(request), timing(request)]).flat(),
    !first && h('p', { class: 'note' }, lines.length > 0
      ? 'The router\'s line was not found. It may not be stored yet, or have been deleted.'
      : `No line has this ID, from ${full(story.since)} to ${full(story.until)}.`),
    facts(first, story.router),
    lines.length > 0 && section(`${lines.length}${story.more ? ' of more' : ''} ${lines.length === 1 ? 'line' : 'lines'}${story.duplicates ? `, ${story.duplicates} hidden as duplicates` : ''}`, lines, first?.started_at ?? lines[0].time),
    story.dyno_lines?.length > 0 && section(`What Heroku said of ${plain(story.dyno ?? 'the dyno')} around then`, story.dyno_lines, first?.started_at),
    h('div', { class: 'actions' }, h('button', { type: 'button', onclick: () => copy(`${config.program} trace ${shown}`, 'Command copied') }, 'Copy as a command')),
  ].flat().filter(Boolean));
}

function outcome(request) {
  return h('p', { class: 'outcome' },
    h('b', { class: statusClass(request.status) }, String(request.status ?? '')), ' ',
    h('b', {}, plain(request.method ?? '')), ' ', h('bdi', {}, nodes(String(request.path ?? ''))),
    request.code && h('span', { class: 's5' }, ` ${plain(request.code)} ${plain(request.reason ?? '')}`));
}

// timing is a bar of the two times that the router measures.
function timing(request) {
  if (typeof request.service_ms !== 'number') return undefined;
  const connect = request.connect_ms ?? 0;
  const whole = Math.max(1, connect + request.service_ms);
  const bar = (value, kind) => {
    const part = h('i', { class: kind });
    part.style.width = `${Math.max(1, value / whole * 100)}%`;
    return part;
  };
  return h('div', { class: 'timing' },
    h('div', { class: 'parts', 'aria-hidden': 'true' }, bar(connect, 'connect'), bar(request.service_ms, `service ${service(request.service_ms)}`)),
    h('span', { class: 'soft' }, request.connect_ms === undefined ? 'no dyno took it' : `connect ${milliseconds(connect)}`),
    h('span', {}, `service ${milliseconds(request.service_ms)}`));
}

function facts(request, router) {
  const { release } = story;
  const list = [
    ['App', request?.app ?? story.lines?.[0]?.app], ['Began', request && full(request.started_at)], ['Dyno', story.dyno],
    ['Release', release && `${release.version} by ${release.by}, ${ago(request?.started_at ?? release.at, release.at)}`],
    ['Host', request?.host], ['Client', router?.fwd], ['Size', typeof request?.bytes === 'number' ? size(request.bytes) : undefined],
    ['Protocol', [router?.protocol, router?.tls_version].filter(Boolean).join(', ')],
  ].filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false);
  return list.length > 0 && h('dl', { class: 'facts' }, list.map(([name, value]) => [h('dt', {}, name), h('dd', {}, h('bdi', {}, nodes(String(value))))]));
}

// ago says how long before a time another one was.
const ago = (time, before) => `${duration(new Date(time) - new Date(before))} before`;

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function section(title, lines, from) {
  return [h('h3', {}, title), h('div', { class: 'story-lines' }, lines.map((line) => storyLine(line, from)))];
}

// storyLine shows a line with the time since the request began.
function storyLine(line, from) {
  const element = row(line, { raw: false, texts: [] }, false);
  const offset = Math.round(new Date(line.time) - new Date(from));
  if (from) element.querySelector('time').textContent = `${offset < 0 ? '−' : '+'}${Math.abs(offset) < 10_000 ? milliseconds(Math.abs(offset)) : duration(Math.abs(offset))}`;
  element.querySelector('.text').title = plain(line.message).slice(0, 1000);
  element.removeAttribute('role');
  return element;
}
