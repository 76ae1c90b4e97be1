// What the traffic of the last minutes would cost on AWS, below the drains of the local system: one sentence, and the parts for who opens it.

import { get } from './api.js';
import { h, setText } from './dom.js';
import { grouped } from './message.js';

const sentence = h('summary', {});
const parts = h('tbody', {});
const note = h('p', { class: 'soft' });
const element = h('details', { class: 'cost', hidden: true }, sentence, h('table', {},
  h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Part'), h('th', { scope: 'col', class: 'number' }, 'Units'), h('th', {}), h('th', { scope: 'col', class: 'number' }, 'Dollars a month'))),
  parts), note);

// costNote returns the element. It is the same one each time, so it stays open.
export const costNote = () => element;

// refreshCost asks what the traffic would cost. Without an answer, it says nothing: the drains are what matters here.
export async function refreshCost() {
  try { show((await get('cost')).data); } catch { show(null); }
}

const dollars = (amount) => (amount < 100 ? amount.toFixed(2) : grouped(Math.round(amount)));

function show(cost) {
  element.hidden = !cost;
  if (!cost) return;
  const seen = cost.seconds < 90 ? `${Math.round(cost.seconds)} seconds` : `${Math.round(cost.seconds / 60)} minutes`;
  setText(sentence, `The traffic of the last ${seen} would cost about $${dollars(cost.total)} a month on AWS.`);
  parts.replaceChildren(...cost.parts.filter((part) => part.dollars >= 0.005).map((part) => h('tr', {},
    h('th', { scope: 'row' }, part.part), h('td', { class: 'number' }, grouped(Math.round(part.units))), h('td', { class: 'soft' }, part.unit), h('td', { class: 'number' }, dollars(part.dollars)))));
  setText(note, `List prices of ${cost.region}, without free tiers. What the stack and its drains cost without traffic is part of it.`);
}
