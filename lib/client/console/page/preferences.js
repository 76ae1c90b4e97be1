// Choices that the browser remembers, such as dark or light. They are nothing secret; without storage they last as long as the page.

const changed = new EventTarget();

// preference returns a choice among values, of which the first is the default.
export function preference(name, values) {
  let value = stored(name);
  if (!values.includes(value)) [value] = values;
  return {
    get: () => value,
    set(next) {
      value = next;
      try { localStorage.setItem(`heroku-drains.${name}`, next); } catch { /* a browser may forbid it */ }
      changed.dispatchEvent(new Event(name));
    },
    next() { this.set(values[(values.indexOf(value) + 1) % values.length]); },
    onChange(listener) { changed.addEventListener(name, listener); },
  };
}

function stored(name) {
  try { return localStorage.getItem(`heroku-drains.${name}`); } catch { return null; }
}
