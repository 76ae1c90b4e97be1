// Plots of an hour by minute: stacked bars, or lines. A plot has axes with labels, a legend, values under the pointer or the arrow keys, and
// its numbers as a table.

import { byId, h, s } from './dom.js';
import { grouped } from './message.js';
import { minute } from './time.js';

const height = 200;
const margin = { top: 8, right: 8, bottom: 22, left: 48 };

// plot returns a figure. series are [{ name, kind, values }] with one value, or null, a minute; format writes a value; shape is
// bars, which stand on each other, or lines, whose scale is logarithmic: response times of 50 ms and of 30 s are both of interest.
export function plot({ title, from, series, format, shape, total }) {
  const minutes = Math.max(...series.map((each) => each.values.length), 1);
  const at = (i) => new Date(new Date(from).getTime() + i * 60_000);
  const svg = s('svg', { class: 'plot', tabindex: '0', role: 'img', 'aria-label': `${title}. Arrow keys show the values of a minute.` });
  const tip = h('div', { class: 'tip', hidden: true });
  const figure = h('figure', { class: 'plot-figure' },
    h('figcaption', {}, h('h3', {}, title), legend(series, format, total)),
    h('div', { class: 'plot-area' }, svg, tip),
    table(title, series, format, at, minutes));
  let chosen = -1;
  let scale;
  const draw = () => {
    const width = Math.max(240, svg.parentElement.clientWidth);
    scale = drawInto(svg, { width, series, minutes, at, format, shape });
    if (chosen >= 0) choose(chosen);
  };
  const choose = (i, aloud) => {
    chosen = Math.max(0, Math.min(minutes - 1, i));
    const x = scale.x(chosen);
    svg.querySelector('.cursor').setAttribute('d', `M${x} ${margin.top}V${height - margin.bottom}`);
    const values = [...series].reverse().map((each) => [each, each.values[chosen]]).filter(([, value]) => value !== null && value !== undefined && (value !== 0 || shape === 'lines'));
    tip.replaceChildren(h('b', {}, minute(at(chosen))), ...(values.length === 0 ? [h('span', { class: 'soft' }, 'nothing')] : values.map(([each, value]) =>
      h('span', {}, h('i', { class: `key ${each.kind}` }), `${each.name} `, h('b', {}, format(value))))));
    tip.hidden = false;
    const left = x < scale.width / 2;
    tip.style.left = left ? `${x + 12}px` : '';
    tip.style.right = left ? '' : `${scale.width - x + 12}px`;
    if (aloud) byId('announcement').textContent = `${minute(at(chosen))}: ${values.map(([each, value]) => `${each.name} ${format(value)}`).join(', ') || 'nothing'}`;
  };
  const leave = () => { chosen = -1; tip.hidden = true; svg.querySelector('.cursor')?.setAttribute('d', ''); };
  svg.addEventListener('pointermove', (event) => choose(scale.minute(event.clientX - svg.getBoundingClientRect().left)));
  svg.addEventListener('pointerleave', leave);
  svg.addEventListener('blur', leave);
  svg.addEventListener('keydown', (event) => {
    const to = { ArrowLeft: chosen - 1, ArrowRight: chosen + 1, Home: 0, End: minutes - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(chosen < 0 && event.key.startsWith('Arrow') ? minutes - 1 : to, true);
  });
  new ResizeObserver(draw).observe(svg.parentElement);
  return figure;
}

function drawInto(svg, { width, series, minutes, at, format, shape }) {
  const sums = Array.from({ length: minutes }, (_, i) => series.reduce((sum, each) => sum + (each.values[i] ?? 0), 0));
  const most = shape === 'bars' ? Math.max(...sums) : Math.max(0, ...series.flatMap((each) => each.values.filter((value) => value !== null)));
  const least = Math.min(most, ...series.flatMap((each) => each.values.filter((value) => value > 0)));
  const ticks = shape === 'bars' ? niceTicks(most) : decades(least, most);
  const part = shape === 'bars' ? (value) => value / ticks.at(-1)
    : (value) => Math.max(0, Math.log10(Math.max(value, ticks[0]) / ticks[0]) / Math.log10(ticks.at(-1) / ticks[0]));
  const step = (width - margin.left - margin.right) / minutes;
  const x = (i) => margin.left + (i + 0.5) * step;
  const y = (value) => height - margin.bottom - part(value) * (height - margin.top - margin.bottom);
  const marks = [];
  for (let i = 0; i < minutes; i++) if (at(i).getUTCMinutes() % (step * 10 < 52 ? 20 : 10) === 0) marks.push(i);
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('height', height);
  svg.replaceChildren(
    s('g', { class: 'grid' }, ticks.map((tick) => s('path', { d: `M${margin.left} ${y(tick)}H${width - margin.right}`, class: tick === ticks[0] ? 'zero' : undefined }))),
    s('g', { class: 'labels' },
      ticks.map((tick) => s('text', { x: margin.left - 8, y: y(tick) + 4, 'text-anchor': 'end' }, format(tick))),
      marks.map((i) => s('text', { x: Math.min(x(i), width - 16), y: height - 6, 'text-anchor': 'middle' }, minute(at(i))))),
    s('g', { class: shape }, shape === 'bars' ? bars(series, minutes, x, y, step) : lines(series, x, y)),
    s('path', { class: 'cursor', d: '' }));
  return { x, width, minute: (px) => Math.floor((px - margin.left) / step) };
}

// bars are one path a series: 60 rectangles on those of the series before.
function bars(series, minutes, x, y, step) {
  const base = new Array(minutes).fill(0);
  const wide = Math.max(1, step - Math.min(2, step * 0.25));
  return series.map((each) => {
    let path = '';
    for (let i = 0; i < minutes; i++) {
      const value = each.values[i] ?? 0;
      if (value === 0) continue;
      path += `M${(x(i) - wide / 2).toFixed(1)} ${y(base[i]).toFixed(1)}H${(x(i) + wide / 2).toFixed(1)}V${y(base[i] + value).toFixed(1)}H${(x(i) - wide / 2).toFixed(1)}Z`;
      base[i] += value;
    }
    return s('path', { class: `fill ${each.kind}`, d: path });
  });
}

// lines break where there is no value; a value alone is a dot.
function lines(series, x, y) {
  return series.map((each) => {
    let path = '';
    each.values.forEach((value, i) => {
      if (value === null || value === undefined) return;
      const before = each.values[i - 1];
      const joined = i > 0 && before !== null && before !== undefined;
      path += `${joined ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      if (!joined) path += 'h0.01';
    });
    return s('path', { class: `stroke ${each.kind}`, d: path });
  });
}

// niceTicks returns round numbers from 0 to at least the greatest value.
function niceTicks(most) {
  if (most <= 0) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough), most >= 4 ? 1 : 0.5);
  const ticks = [];
  for (let tick = 0; tick < most + step * 0.999; tick += step) ticks.push(tick);
  return ticks;
}

// decades returns the powers of ten around the values.
function decades(least, most) {
  const from = most > 0 ? Math.floor(Math.log10(least)) : 1;
  const to = most > 0 ? Math.max(from + 1, Math.ceil(Math.log10(most))) : 3;
  return Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
}

function legend(series, format, total) {
  return h('ul', { class: 'legend' }, series.map((each) => h('li', {}, h('i', { class: `key ${each.kind}` }), each.name,
    total && h('span', { class: 'soft' }, ` ${total(each.values)}`))));
}

function table(title, series, format, at, minutes) {
  const rows = [];
  for (let i = minutes - 1; i >= 0; i--) {
    if (series.every((each) => !each.values[i])) continue;
    rows.push(h('tr', {}, h('th', { scope: 'row' }, minute(at(i))), series.map((each) => h('td', { class: 'number' }, each.values[i] === null ? '–' : format(each.values[i] ?? 0)))));
  }
  return h('details', { class: 'as-table' }, h('summary', {}, 'As a table'),
    h('table', {}, h('caption', { class: 'hidden' }, title), h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Minute'), series.map((each) => h('th', { scope: 'col', class: 'number' }, each.name)))),
      h('tbody', {}, rows.length > 0 ? rows : h('tr', {}, h('td', { colspan: series.length + 1, class: 'soft' }, 'No values')))));
}

export const countFormat = (value) => grouped(Math.round(value * 10) / 10);

// timeFormat writes milliseconds so that a scale is short: 250 ms, 2.5 s.
export const timeFormat = (value) => (value >= 1000 ? `${Math.round(value / 100) / 10} s` : `${Math.round(value)} ms`);
