// Reads the colors that programs write for terminals: ECMA-48, "select graphic rendition". Any other sequence stays in the text, where its
// escape character is shown as a symbol.

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

// eslint-disable-next-line no-control-regex
const sequence = /\u001b\[([0-9;:]*)m/g;

// spans returns the parts of a text with the CSS classes of their colors: [{ text, style }].
export function spans(text) {
  if (!text.includes('\u001b[')) return [{ text, style: '' }];
  const result = [];
  const state = { color: '', bold: false, faint: false, italic: false, underline: false };
  let from = 0;
  const push = (to) => { if (to > from) result.push({ text: text.slice(from, to), style: classes(state) }); };
  for (const match of text.matchAll(sequence)) {
    push(match.index);
    apply(state, match[1].split(/[;:]/).map(Number));
    from = match.index + match[0].length;
  }
  push(text.length);
  return result;
}

function classes(state) {
  return [
    state.color && `ansi-${state.color}`, state.bold && 'bold', state.faint && 'faint', state.italic && 'italic', state.underline && 'underline',
  ].filter(Boolean).join(' ');
}

function apply(state, codes) {
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) Object.assign(state, { color: '', bold: false, faint: false, italic: false, underline: false });
    else if (code === 1) state.bold = true;
    else if (code === 2) state.faint = true;
    else if (code === 3) state.italic = true;
    else if (code === 4) state.underline = true;
    else if (code === 22) state.bold = state.faint = false;
    else if (code === 23) state.italic = false;
    else if (code === 24) state.underline = false;
    else if (code >= 30 && code <= 37) state.color = names[code - 30];
    else if (code >= 90 && code <= 97) state.color = names[code - 90];
    else if (code === 39) state.color = '';
    else if (code === 38 || code === 48) { // a color of a palette or of the whole spectrum: only palettes for the text are read
      const parameters = codes[i + 1] === 5 ? 2 : codes[i + 1] === 2 ? 4 : 0;
      if (code === 38 && parameters === 2) state.color = named(codes[i + 2]);
      i += parameters;
    }
  }
}

// named returns the name of a color of the palette of 256 that comes close to it, for only the named ones are readable on both backgrounds.
function named(index) {
  if (index < 16) return names[index % 8];
  if (index > 231) return '';
  const rgb = [Math.floor((index - 16) / 36), Math.floor((index - 16) / 6) % 6, (index - 16) % 6];
  const middle = (Math.max(...rgb) + Math.min(...rgb)) / 2;
  const bits = rgb.map((part) => (part > middle ? 1 : 0));
  return bits.every((bit) => bit === 0) ? '' : names[bits[0] + 2 * bits[1] + 4 * bits[2]];
}
