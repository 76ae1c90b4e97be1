// Test traffic, in a local system: lines of an imaginary app, or a scenario that raises an alert.

import { explain, get, post } from './api.js';
import { announce, byId, h, setText } from './dom.js';
import { move, place } from './place.js';
import { refreshDrains } from './drains-view.js';
import { grouped } from './message.js';

let config;
const told = new Set(); // failures that were shown

export function startPlay(settings) {
  config = settings;
  byId('play').hidden = !config.local;
  byId('play').addEventListener('click', openPlay);
}

export function openPlay() {
  if (!config?.local || byId('play-dialog').open) return;
  build();
  byId('play-dialog').showModal();
  byId('play-app').select();
}

function say(text, kind = 'soft') {
  byId('play-say').className = kind;
  setText(byId('play-say'), text);
}

function build() {
  const send = async (what, body) => {
    const app = byId('play-app').value.trim();
    say(`${what} for ${app}…`);
    try {
      await post('play', { app, ...body });
      byId('play-dialog').close();
      announce(`${what} for ${app}`);
      if (place().app.length > 0 && !place().app.includes(app)) move({ app: [app] });
      await refreshDrains();
      watch();
    } catch (error) {
      say(explain(error), 'error');
    }
  };
  byId('play-dialog').replaceChildren(
    h('form', { method: 'dialog', class: 'dialog-head' }, h('h2', { id: 'play-title' }, 'Send test traffic'),
      h('button', { class: 'quiet icon', 'aria-label': 'Close', value: 'close' }, '×')),
    h('p', { class: 'soft' }, 'Lines of an imaginary app, as Heroku would send them. A drain that does not exist is created.'),
    h('label', {}, 'App ', h('input', { id: 'play-app', value: place().app[0] ?? 'shop', autocomplete: 'off', spellcheck: 'false', maxlength: 30 })),
    h('div', { class: 'choices' },
      h('button', { type: 'button', class: 'choice', onclick: () => send('Sending 500 lines', { lines: 500 }) }, h('b', {}, '500 lines'), h('span', { class: 'soft' }, 'ordinary traffic of a web app')),
      (config.scenarios ?? []).map((scenario) => h('button', { type: 'button', class: 'choice', onclick: () => send(`Playing ${scenario.name}`, { scenario: scenario.name }) },
        h('b', {}, scenario.name), h('span', { class: 'soft' }, scenario.description)))),
    h('p', { id: 'play-say', role: 'status' }));
}

// watch shows on the button how far it is, and says if it failed.
async function watch() {
  try {
    for (;;) {
      const { data } = await get('play');
      const running = data.filter((play) => play.state === 'running');
      const failed = data.find((play) => play.state === 'failed' && !told.has(play.began + play.app));
      if (failed) {
        told.add(failed.began + failed.app);
        openPlay();
        say(`${failed.app}: ${failed.message}`, 'error');
      }
      if (running.length === 0) break;
      const sent = running.reduce((sum, play) => sum + play.sent, 0);
      setText(byId('play'), `Sending… ${grouped(sent)}`);
      await new Promise((resolve) => { setTimeout(resolve, 500); });
    }
  } catch { /* the state of the connection shows it */ }
  setText(byId('play'), 'Send traffic');
  refreshDrains();
}
