// Builds elements. Texts become text nodes, never markup: they may come from the log, which strangers write to.

// h returns an element. Attributes that are undefined, null or false are left out; those that begin with "on" are listeners.
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

// s is h for the elements of an SVG picture.
export function s(tag, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

export const byId = (id) => document.getElementById(id);

// setText writes only what differs, so that nothing that shows the same is laid out again or read aloud again.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// announce tells people who do not see the page what happened.
export const announce = (text) => setText(byId('announcement'), text);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}
