// Shows one line: a row, and below it the details when it is open.

import { h } from './dom.js';
import { fields, level, parts } from './message.js';
import { marked } from './terms.js';
import { nodes, plain } from './text.js';
import { clock, full } from './time.js';

// shownCharacters is how much of a long line a closed row shows.
const shownCharacters = 2000;

// The colors of processes: `heroku logs` gives these processes their own. The others get one by their name.
const processColors = { run: 1, router: 2, web: 3, postgres: 4, 'heroku-postgres': 5 };

// processType is the process without the number of the dyno: web for web.1.
export const processType = (process) => String(process ?? '').split('.')[0];

export function processColor(process) {
  const type = processType(process);
  return processColors[type] ?? 6 + (hash(type) & 3);
}

export const appColor = (app) => hash(app) & 7;

function hash(text) {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619) >>> 0;
  return value ^ value >>> 15;
}

// row returns the element of a line. look has { raw, texts }: the form of lines and what to highlight.
export function row(line, look, open) {
  const bad = level(line);
  const element = h('div', { class: `line${bad && ` ${bad}`}${open ? ' open' : ''}`, role: 'listitem', tabindex: '-1', 'data-id': line.id },
    h('div', { class: 'head' },
      h('time', { class: 'time', datetime: line.time, title: full(line.time) }, clock(line.time)),
      h('span', { class: 'app' }, h('i', { class: `dot app-${appColor(line.app)}`, 'aria-hidden': 'true' }), plain(line.app)),
      h('span', { class: `process process-${processColor(line.process)}`, title: plain(`${line.source}[${line.process}]`) }, plain(line.process || line.source || '-')),
      h('bdi', { class: 'text' }, text(line, look, open))));
  if (open) element.append(details(line, look));
  return element;
}

function text(line, look, open) {
  let shown = parts(line, look);
  // A readable form that hides what was searched for would look like a wrong match.
  if (!look.raw && look.texts.length > 0) {
    const whole = shown.map((part) => part.text).join('');
    if (look.texts.some((wanted) => line.message.includes(wanted) && !whole.includes(wanted))) shown = parts(line, { raw: true });
  }
  const result = [];
  let left = open ? Infinity : shownCharacters;
  for (const part of marked(shown, look.texts)) {
    const cut = part.text.length > left ? part.text.slice(0, left) : part.text;
    result.push(part.style || part.mark || part.request ? styled(part, cut) : nodes(cut));
    left -= cut.length;
    if (left <= 0) {
      const whole = shown.reduce((sum, each) => sum + each.text.length, 0);
      if (whole > shownCharacters) result.push(h('span', { class: 'faint' }, ` … ${whole - shownCharacters} more characters`));
      break;
    }
  }
  return result.flat();
}

function styled(part, cut) {
  const inner = part.mark ? h('mark', {}, nodes(cut)) : nodes(cut);
  if (part.request) {
    return h('button', { type: 'button', class: 'request', tabindex: '-1', 'data-request': part.request, title: `What happened to request ${plain(part.request)}` }, inner);
  }
  return part.style ? h('span', { class: part.style }, inner) : inner;
}

function details(line, look) {
  const found = fields(line);
  return h('div', { class: 'details' },
    h('div', { class: 'actions' },
      h('button', { type: 'button', 'data-action': 'copy', title: 'Copy the line (c)' }, 'Copy line'),
      h('button', { type: 'button', 'data-action': 'link', title: 'Copy a link to the line (y)' }, 'Copy link'),
      line.request_id && h('button', { type: 'button', 'data-request': String(line.request_id) }, 'What happened to this request')),
    !look.raw && parts(line, look).map((part) => part.text).join('') !== line.message && h('pre', { class: 'stored' }, h('bdi', {}, nodes(line.message))),
    h('dl', { class: 'fields' },
      field('time', full(line.time)),
      field('from', `${line.app} ${line.source}[${line.process}]${line.severity ? `, ${line.severity}` : ''}`),
      line.original_time !== undefined && field('original time', line.original_time),
      line.malformed && field('malformed', 'These bytes are not a line as Heroku sends them'),
      found.map(([name, value]) => field(name, value))));
}

function field(name, value) {
  return [h('dt', {}, plain(name)), h('dd', {}, shownValue(value))];
}

// shownValue returns a value of JSON: nested ones can be opened.
export function shownValue(value) {
  if (value === null || typeof value !== 'object') return h('bdi', { class: `value ${typeof value}` }, nodes(String(value)));
  const entries = Object.entries(value);
  const kind = Array.isArray(value) ? `${entries.length} ${entries.length === 1 ? 'item' : 'items'}` : `${entries.length} ${entries.length === 1 ? 'field' : 'fields'}`;
  return h('details', { class: 'nested', open: entries.length <= 8 }, h('summary', {}, kind),
    h('dl', { class: 'fields' }, entries.map(([name, member]) => field(name, member))));
}

// stored returns a line as `heroku logs` prints it, to be copied.
export const stored = (line) => `${line.time} ${line.source}[${line.process}]: ${line.message}`;
