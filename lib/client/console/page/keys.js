// The keyboard: single keys as in mail readers and `less`, which do nothing while somebody types.

import { byId, h } from './dom.js';

// startKeys listens. Each binding is { keys: ['g l'], what, run, view }; one with a view works only there.
export function startKeys(bindings, view) {
  let prefix = '';
  let expiry;
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog[open]')) return; // it has its own keys
    const typing = event.target.matches?.('input, textarea, select');
    if (typing && event.key !== 'Escape') return;
    if (event.key === ' ' && event.target.closest?.('button, summary, a')) return; // it presses them
    if (event.key === 'Enter' && event.target.closest?.('button, summary, a')) return;
    const pressed = prefix + event.key;
    prefix = '';
    clearTimeout(expiry); // that of an earlier key would end a later one
    const binding = bindings.find((each) => each.keys.includes(pressed) && (!each.view || each.view === view()));
    if (binding) {
      event.preventDefault();
      binding.run(event);
    } else if (bindings.some((each) => each.keys.some((keys) => keys.startsWith(`${pressed} `)))) {
      event.preventDefault();
      prefix = `${pressed} `;
      expiry = setTimeout(() => { prefix = ''; }, 1500);
    }
  });
  byId('help').addEventListener('click', showHelp);
  byId('help-keys').replaceChildren(h('dl', {}, bindings.map((each) => [
    h('dt', {}, each.keys.filter((keys) => !keys.startsWith('Arrow')).map((keys, i) => [i > 0 && ' or ', keys.split(' ').filter(Boolean).length === 0 ? h('kbd', {}, 'Space') : keys.split(' ').map((key) => h('kbd', {}, named(key)))])),
    h('dd', {}, each.what),
  ])));
}

export function showHelp() { byId('help-dialog').showModal(); }

const named = (key) => ({ Escape: 'Esc', Enter: '⏎' }[key] ?? key);
