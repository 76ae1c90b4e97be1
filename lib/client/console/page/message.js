// What a line says, as parts: [{ text, style, request }]. Router lines and JSON lines have a form that is quicker to read than what is
// stored; the stored text is one key away.

import { spans } from './ansi.js';

// The fields that every line has; the others were found in its text.
const own = new Set(['id', 'time', 'app', 'source', 'process', 'severity', 'syslog_priority', 'syslog_host', 'original_time', 'malformed', 'continued', 'message']);

// fields returns the fields that were found in a line.
export function fields(line) {
  const found = Object.entries(line).filter(([name]) => !own.has(name) && name !== 'data');
  return found.concat(line.data && typeof line.data === 'object' ? Object.entries(line.data).map(([name, value]) => [`data.${name}`, value]) : []);
}

export const isRouter = (line) => line.source === 'heroku' && line.process === 'router' && typeof line.method === 'string';

// level returns how bad a line is: error, warn, or an empty text.
export function level(line) {
  if (line.malformed || line.at === 'error' || line.status >= 500 && isRouter(line)) return 'error';
  if (line.source === 'heroku' && typeof line.code === 'string') return 'error';
  const word = String(line.level ?? line.severity ?? '').toLowerCase();
  if (/^(error|err|fatal|panic|crit|critical|alert|emerg|emergency)$/.test(word)) return 'error';
  if (/^(warn|warning)$/.test(word) || isRouter(line) && line.at === 'warning') return 'warn';
  return '';
}

export const statusClass = (status) => (status >= 100 && status < 600 ? `s${Math.floor(status / 100)}` : '');

// parts returns what to show of a line.
export function parts(line, { raw }) {
  if (line.continued) return [{ text: '… ', style: 'faint' }, ...spans(line.message)];
  if (raw) return spans(line.message);
  if (isRouter(line)) return router(line);
  return object(line) ?? (line.message.includes('\u001b[') ? spans(line.message) : pairs(line.message));
}

// service returns the class of a response time: from 1 s on someone waits, from 5 s on Heroku's timeout of 30 s comes near.
export const service = (ms) => (ms >= 5000 ? 's5' : ms >= 1000 ? 's4' : '');

function router(line) {
  const took = typeof line.service === 'number' ? milliseconds(line.service) : '';
  const out = [
    { text: line.method.padEnd(5), style: 'strong' },
    { text: String(line.status ?? '').padStart(4), style: `strong ${statusClass(line.status)}` },
    { text: took.padStart(10), style: service(line.service) || 'soft' },
    { text: `  ${line.path ?? ''}` },
  ];
  if (line.code) out.push({ text: `  ${line.code}`, style: 'strong s5' });
  if (line.desc) out.push({ text: ` ${line.desc}`, style: 's5' });
  if (line.dyno) out.push({ text: `  ${line.dyno}`, style: 'soft' });
  if (line.request_id) out.push({ text: '  ', style: '' }, { text: String(line.request_id).slice(0, 8), style: 'request', request: line.request_id });
  return out;
}

// milliseconds writes a time with groups of thousands, so that 30 s stand out from 3.
export const milliseconds = (ms) => `${grouped(Math.round(ms * 10) / 10, '\u00a0')} ms`;

export const grouped = (n, space = '\u202f') => String(n).replace(/\B(?=(\d{3})+(?!\d)(?!\d*\.))/g, space);

// object returns the parts of a JSON line: its message first, then its other members; undefined for any other line.
function object(line) {
  const text = line.message;
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  let members;
  try { members = JSON.parse(text); } catch { return undefined; }
  const lead = ['msg', 'message', 'event'].find((name) => typeof members[name] === 'string');
  const words = ['level', 'severity', 'lvl'].find((name) => typeof members[name] === 'string');
  const out = [];
  if (words) out.push({ text: `${members[words]} `, style: `strong ${level(line) || 'soft'}` });
  if (lead) out.push({ text: members[lead] });
  for (const [name, value] of Object.entries(members)) {
    if (name === lead || name === words) continue;
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    out.push({ text: `  ${name}=`, style: 'faint' });
    out.push(/^request_?id$/i.test(name) && typeof value === 'string'
      ? { text: value.slice(0, 8), style: 'request', request: value } : { text: shown, style: 'soft' });
  }
  return out.length > 0 ? out : undefined;
}

// pairs sets the names of name=value apart from the values.
function pairs(text) {
  const out = [];
  let from = 0;
  for (const match of text.matchAll(/(^|\s)((?:sample#)?[A-Za-z_][\w.#-]*=)(?=\S)|request_id=([\w-]{20,200})/g)) {
    const start = match.index + (match[1]?.length ?? 0);
    if (start < from) continue;
    if (start > from) out.push({ text: text.slice(from, start) });
    const name = match[2] ?? 'request_id=';
    out.push({ text: name, style: 'faint' });
    from = start + name.length;
    const id = /^request_?id=$/i.test(name) && /^[\w-]{20,200}/.exec(text.slice(from))?.[0];
    if (id) {
      out.push({ text: id, style: 'request', request: id });
      from += id.length;
    }
  }
  // Rails and others put the request's ID in brackets before the message.
  const rest = text.slice(from);
  const tag = out.length === 0 && /^\[([0-9a-f]{8}-[0-9a-f-]{27})\]/.exec(rest);
  if (tag) return [{ text: '[' }, { text: tag[1], style: 'request', request: tag[1] }, { text: rest.slice(tag[0].length - 1) }];
  out.push({ text: rest });
  return out;
}
