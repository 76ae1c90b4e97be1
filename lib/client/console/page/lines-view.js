// The view of lines: the live tail, its filter, and what can be done with a line.

import { announce, byId, h, setText } from './dom.js';
import { build, count } from './facets.js';
import { row, stored } from './line.js';
import { LineList } from './list.js';
import { link, move, place } from './place.js';
import { preference } from './preferences.js';
import { Tail } from './tail.js';
import { highlights, pattern } from './terms.js';
import { day, moment, zone } from './time.js';
import { grouped } from './message.js';

// kept is how many lines the page keeps. While it is paused it keeps up to twice as many, so that nothing scrolls away under the reader.
export const kept = 10_000;

const form = preference('form', ['readable', 'raw']);
const wrap = preference('wrap', ['no', 'yes']);

let list;
let tail;
let look = { raw: false, texts: [] };
let query = '';
let paused = false; // by the person, not by scrolling
let missed = 0; // lines that arrived below the screen
let gap = false; // lines were left out during an interruption
let state = { name: 'loading', detail: '' };
let config;
const opened = new Set(); // the lines whose details are shown

export const isPaused = () => paused || !list.following;

// startLines shows the view for the first time.
export function startLines(settings) {
  config = settings;
  const events = new EventTarget();
  list = new LineList(byId('scroller'), byId('canvas'), draw, events);
  tail = new Tail({ lines: take, state: setState, gap: () => { gap = true; show(); } }, kept);
  events.addEventListener('leave', () => show());
  events.addEventListener('arrive', () => { if (!paused) follow(); });
  events.addEventListener('change', show);
  byId('pause').addEventListener('click', togglePause);
  byId('newer').addEventListener('click', resume);
  byId('raw').addEventListener('click', () => form.next());
  byId('wrap').addEventListener('click', () => wrap.next());
  for (const each of [form, wrap]) each.onChange(applyForm);
  zone.onChange(() => { list.refresh(); show(); });
  byId('canvas').addEventListener('click', clicked);
  byId('filter').addEventListener('input', debounced(() => move({ q: byId('filter').value.trim(), line: '' }, { replace: true })));
  byId('facets-toggle').addEventListener('click', () => {
    const open = byId('facets').classList.toggle('open');
    byId('facets-toggle').setAttribute('aria-expanded', String(open));
  });
  applyForm();
  showPlace();
}

// showPlace follows a change of the filters.
export function showPlace() {
  const { app, q, process, level, status, slower, since, until, line } = place();
  if (document.activeElement !== byId('filter')) byId('filter').value = q;
  showRange(since, until);
  build();
  byId('view-lines').classList.toggle('one-app', app.length === 1);
  const next = { app, filter: pattern(q), process, level, status, slower_than: slower, since, until };
  if (JSON.stringify(next) === query) return;
  query = JSON.stringify(next);
  look = { raw: form.get() === 'raw', texts: highlights(q) };
  list.clear();
  opened.clear();
  missed = 0;
  paused = false;
  gap = false;
  list.following = !line;
  tail.start(next);
}

// retry reads again if that failed: an app that had no drain may have one now. A tail finds new drains without it.
export function retry() {
  if (state.name === 'failed') tail.resume();
}

function take(lines) {
  count(lines);
  if (isPaused()) missed += lines.length;
  list.add(lines);
  const { line } = place();
  if (line && !opened.has(line)) {
    const wanted = lines.find((each) => each.id === line);
    if (wanted) requestAnimationFrame(() => requestAnimationFrame(() => open(wanted)));
  }
  if (list.count > 2 * kept) tail.hold();
}

function setState(name, detail = '', status = 0) {
  state = { name, detail, status };
  if (name === 'retrying' && detail) announce('The connection is lost. Trying again.');
  show();
}

function draw(line, newDay) {
  const element = row(line, look, opened.has(line.id));
  if (newDay) element.dataset.day = day(line.time);
  return element;
}

// show writes what stands around the lines.
function show() {
  if (!isPaused()) tail.floor = list.keep(kept) ?? tail.floor;
  const connection = byId('connection');
  connection.dataset.state = isPaused() && state.name === 'live' ? 'paused' : state.name;
  setText(connection, stateText());
  setText(byId('kept'), list.count >= kept
    ? `The newest ${grouped(list.count)} lines; older ones are left out`
    : `${grouped(list.count)} ${list.count === 1 ? 'line' : 'lines'} (up to ${grouped(kept)} are kept)${tail.duplicates > 0 ? `, ${grouped(tail.duplicates)} hidden as duplicates` : ''}`);
  if (gap) setText(byId('kept'), 'More lines came during the interruption than could be read: some are missing');
  setText(byId('pause'), paused ? 'Resume' : 'Pause');
  byId('pause').setAttribute('aria-pressed', String(paused));
  byId('newer').hidden = !isPaused() || list.count === 0;
  setText(byId('newer'), missed > 0 ? `${grouped(missed)} new ${missed === 1 ? 'line' : 'lines'} ↓` : 'To the newest line ↓');
  const failed = state.name === 'failed';
  byId('filter-error').hidden = !failed;
  if (failed) {
    byId('filter-error').replaceChildren(state.detail, ' ', h('button', { type: 'button', onclick: () => tail.resume() }, 'Try again'));
  }
  showEmpty();
}

function stateText() {
  switch (state.name) {
    case 'loading': return 'Reading…';
    case 'live': return isPaused() ? `Paused${missed > 0 ? `, ${grouped(missed)} new` : ''}` : 'Live';
    case 'retrying': return state.detail ? `${state.detail} Trying again…` .replace('trying again… Trying again…', 'trying again…') : 'Connecting again…';
    case 'held': return 'Paused: too many lines to keep. Resume to read the rest.';
    case 'ended': return 'All lines of this time are shown';
    default: return 'Stopped';
  }
}

function showEmpty() {
  const empty = byId('lines-empty');
  const nothing = list.count === 0 && ['live', 'ended'].includes(state.name);
  empty.hidden = !nothing;
  if (!nothing || empty.dataset.query === query) return;
  empty.dataset.query = query;
  const { q, process, level, status, slower, since, until, app } = place();
  if (q || process || level || status || slower || since || until) {
    empty.replaceChildren(h('h2', {}, 'No lines match'),
      h('p', {}, until ? 'Nothing was found in this time.' : 'New lines that match appear here. A filter distinguishes upper and lower case, and a line must have all of its words.'),
      h('button', { type: 'button', onclick: clearFilters }, 'Clear the filters'));
    return;
  }
  const name = app[0] ?? 'shop';
  empty.replaceChildren(h('h2', {}, 'No lines yet'),
    h('p', {}, config.local ? 'Send test traffic with the button above, or in a terminal:' : 'Lines appear here within seconds of being written. Connect an app:'),
    h('pre', {}, h('code', {}, config.local ? `${config.program} simulate -a ${name} --lines 500` : `${config.program} put -a ${name}`)));
}

export function clearFilters() {
  byId('filter').value = '';
  move({ q: '', process: '', level: '', status: '', slower: '', since: '', until: '', app: [], line: '' }, { replace: true });
}

function showRange(since, until) {
  const range = byId('range');
  range.hidden = !since && !until;
  if (range.hidden) return;
  range.replaceChildren(
    `${since ? moment(since) : '…'} – ${until ? moment(until) : 'now'} `,
    h('button', { type: 'button', 'aria-label': 'Show all times', onclick: () => move({ since: '', until: '' }) }, '×'));
}

function applyForm() {
  look = { ...look, raw: form.get() === 'raw' };
  byId('raw').setAttribute('aria-pressed', String(look.raw));
  byId('wrap').setAttribute('aria-pressed', String(wrap.get() === 'yes'));
  byId('scroller').classList.toggle('wrapped', wrap.get() === 'yes');
  byId('scroller').classList.toggle('raw', look.raw);
  list.refresh();
}

export const toggleRaw = () => form.next();
export const toggleWrap = () => wrap.next();

export function togglePause() {
  if (isPaused()) resume();
  else {
    paused = true;
    list.following = false;
    announce('Paused');
    show();
  }
}

function resume() {
  const held = state.name === 'held';
  follow();
  announce('Following new lines');
  if (held) tail.resume();
}

function follow() {
  paused = false;
  missed = 0;
  list.pinned = undefined;
  list.toEnd();
  show();
}

// clicked opens a line, or does what its buttons say. A click that ends a selection of text is none.
function clicked(event) {
  const element = event.target.closest('.line');
  const line = element && list.find(element.dataset.id);
  if (!line) return;
  const button = event.target.closest('button');
  if (button?.dataset.request) move({ request: button.dataset.request });
  else if (button?.dataset.action === 'copy') copyLine(line);
  else if (button?.dataset.action === 'link') copyLink(line);
  else if (!button && event.target.closest('.head') && getSelection().isCollapsed) toggle(line);
}

function toggle(line) {
  if (!opened.delete(line.id)) opened.add(line.id);
  hold();
  list.refresh(line);
  list.element(line)?.focus({ preventScroll: true });
}

function open(line) {
  opened.add(line.id);
  hold();
  list.refresh(line);
  const element = list.element(line);
  element?.scrollIntoView({ block: 'center' });
  element?.focus({ preventScroll: true });
}

// hold stops following, for somebody reads a line.
function hold() { if (list.following) list.following = false; }

const focusedLine = () => {
  const element = document.activeElement?.closest?.('.line');
  return element && list.find(element.dataset.id);
};

// step moves the focus to the next or previous line.
export function step(by) {
  const line = focusedLine();
  const index = line ? list.indexOf(line) + by : list.count - 1;
  const next = list.at(Math.max(0, Math.min(index, list.count - 1)));
  if (!next) return;
  hold();
  const element = list.element(next);
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: 'nearest' });
}

export function toEnd() { resume(); }

export function toggleFocused() { const line = focusedLine(); if (line) toggle(line); return Boolean(line); }
export function copyFocused() { const line = focusedLine(); if (line) copyLine(line); }
export function linkFocused() { const line = focusedLine(); if (line) copyLink(line); }
export function requestFocused() { const line = focusedLine(); if (line?.request_id) move({ request: line.request_id }); }

const copyLine = (line) => copy(stored(line), 'Line copied');

function copyLink(line) {
  const at = new Date(line.time).getTime();
  const around = { since: new Date(at - 60_000).toISOString(), until: new Date(at + 60_000).toISOString() };
  copy(link({ ...around, view: 'lines', line: line.id, request: '' }), 'Link copied');
}

export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    flash(done);
  } catch {
    flash('The browser does not allow copying');
  }
}

let flashing;

function flash(text) {
  announce(text);
  setText(byId('kept'), text);
  clearTimeout(flashing);
  flashing = setTimeout(show, 1500);
}

function debounced(call) {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(call, 250); };
}
