// Text of the log that cannot pretend to be something else: characters that are invisible, move the cursor, or turn the direction of writing
// are shown as symbols.

import { h } from './dom.js';

// deceptive matches control characters except the line feed and the tab, marks of direction (bidi), and characters without a width.
// eslint-disable-next-line no-control-regex
const deceptive = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu;

// symbol returns what stands for a deceptive character: ␀ for NUL, ‹U+202E› for what has no picture of its own.
export function symbol(character) {
  const code = character.codePointAt(0);
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `\u2039U+${code.toString(16).toUpperCase().padStart(4, '0')}\u203a`;
}

// plain returns a text with symbols for deceptive characters.
export const plain = (text) => text.replace(deceptive, symbol);

// nodes returns the nodes that show a text, with its symbols set apart.
export function nodes(text) {
  const result = [];
  let from = 0;
  for (const match of text.matchAll(deceptive)) {
    if (match.index > from) result.push(text.slice(from, match.index));
    result.push(h('span', { class: 'control', title: `U+${match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}` }, symbol(match[0])));
    from = match.index + match[0].length;
  }
  if (from < text.length) result.push(text.slice(from));
  return result;
}
