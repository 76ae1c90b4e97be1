// Where a person is in the page: the view, what is selected, and which request or line is open. It is in the fragment of the address, so
// that Back works and a link can be copied.

const lists = ['app'];
const names = ['view', 'app', 'q', 'process', 'level', 'status', 'slower', 'since', 'until', 'request', 'line'];

const target = new EventTarget();
let secret = '';
let current = read();

export const token = () => secret;
export const place = () => current;
export const onMove = (listener) => target.addEventListener('move', () => listener(current));

function read() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  secret = parameters.get('token') ?? secret; // a link within the page need not repeat it
  const found = { view: 'lines' };
  for (const name of names) {
    if (lists.includes(name)) found[name] = [...new Set(parameters.getAll(name))];
    else found[name] = parameters.get(name) ?? found[name] ?? '';
  }
  return found;
}

function fragment(where) {
  const parameters = new URLSearchParams();
  for (const name of names) {
    for (const value of [where[name]].flat()) if (value !== '' && !(name === 'view' && value === 'lines')) parameters.append(name, value);
  }
  return parameters.toString();
}

// address is that of a place, with the token, so that the page can be loaded again.
function address(where) {
  return `/#${[secret && `token=${encodeURIComponent(secret)}`, fragment(where)].filter(Boolean).join('&')}`.replace(/#$/, '');
}

// link returns the address of a place without the token, which is nobody else's.
export const link = (where) => `${location.origin}/#${fragment({ ...current, ...where })}`;

// move goes to a place: a change of the present one. With { replace: true } Back does not return to it.
export function move(change, { replace = false } = {}) {
  const next = { ...current, ...change };
  if (fragment(next) === fragment(current)) return;
  current = next;
  history[replace ? 'replaceState' : 'pushState'](null, '', address(next));
  target.dispatchEvent(new Event('move'));
}

// arrive follows Back, Forward, and links.
function arrive() {
  current = read();
  target.dispatchEvent(new Event('move'));
  if (secret && !location.hash.includes('token=')) {
    history.replaceState(null, '', address(current));
  }
}

addEventListener('hashchange', arrive);
