// A sparkline: bars for each minute of the last hour, without axes.

import { s } from './dom.js';

// sparkline returns a picture of numbers, oldest first.
export function sparkline(numbers, width, height) {
  const values = numbers ?? [];
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  const path = values.map((value, i) => (value > 0 ? `M${((i + 0.5) * step).toFixed(1)} ${height}v${(-Math.max(1, value / most * (height - 1))).toFixed(1)}` : '')).join('');
  return s('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': summary(values) },
    s('path', { class: 'base', d: `M0 ${height - 0.5}H${width}` }),
    s('path', { d: path, 'stroke-width': Math.max(0.8, step * 0.72).toFixed(2) }));
}

function summary(values) {
  if (values.length === 0) return 'Lines a minute: unknown';
  const sum = values.reduce((total, value) => total + value, 0);
  return `${sum} ${sum === 1 ? 'line' : 'lines'} in the last hour, at most ${Math.max(...values)} a minute, ${values.at(-1)} in the last one`;
}
