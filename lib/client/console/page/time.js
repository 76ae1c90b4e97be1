// Times as the page writes them, in UTC or in the zone of the browser.

import { preference } from './preferences.js';

export const zone = preference('zone', ['UTC', 'local']);

const two = (n) => String(n).padStart(2, '0');

function parts(value) {
  const at = value instanceof Date ? value : new Date(value);
  if (Number.isNaN(at.getTime())) return undefined;
  return zone.get() === 'UTC'
    ? { y: at.getUTCFullYear(), mo: at.getUTCMonth() + 1, d: at.getUTCDate(), h: at.getUTCHours(), mi: at.getUTCMinutes(), s: at.getUTCSeconds(), at }
    : { y: at.getFullYear(), mo: at.getMonth() + 1, d: at.getDate(), h: at.getHours(), mi: at.getMinutes(), s: at.getSeconds(), at };
}

// clock is the time of a day: 14:03:09.123.
export function clock(value) {
  const p = parts(value);
  return p ? `${two(p.h)}:${two(p.mi)}:${two(p.s)}.${String(p.at.getUTCMilliseconds()).padStart(3, '0')}` : '';
}

// minute is the time of a day to the minute: 14:03.
export function minute(value) {
  const p = parts(value);
  return p ? `${two(p.h)}:${two(p.mi)}` : '';
}

// day is a date: 2026-11-27.
export function day(value) {
  const p = parts(value);
  return p ? `${p.y}-${two(p.mo)}-${two(p.d)}` : '';
}

// full is the exact time, with the microseconds that a stored line has.
export function full(value) {
  const p = parts(value);
  if (!p) return '';
  const fraction = /\.(\d+)/.exec(String(value))?.[1] ?? '';
  return `${day(value)} ${two(p.h)}:${two(p.mi)}:${two(p.s)}${fraction && `.${fraction}`} ${zoneName(p.at)}`;
}

// moment is the date and the time to the minute, without the date if it is today's.
export function moment(value) {
  return day(value) === day(new Date()) ? minute(value) : `${day(value)} ${minute(value)}`;
}

// zoneName is UTC, or the offset of the browser's zone: UTC+2, UTC+5:30.
export function zoneName(at = new Date()) {
  if (zone.get() === 'UTC') return 'UTC';
  const offset = -at.getTimezoneOffset();
  const hours = Math.floor(Math.abs(offset) / 60);
  const minutes = Math.abs(offset) % 60;
  return offset === 0 ? 'UTC' : `UTC${offset < 0 ? '-' : '+'}${hours}${minutes ? `:${two(minutes)}` : ''}`;
}

// duration is how long something took: 45 s, 12 min, 3 h, 2 days.
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

export const ago = (value) => `${duration(Date.now() - new Date(value))} ago`;
