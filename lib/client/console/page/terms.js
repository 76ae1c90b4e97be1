// The filter: what a person types becomes a filter pattern of CloudWatch Logs, and what it looks for is highlighted.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

// pattern returns the filter pattern for a text. Patterns in braces, brackets or percent signs are passed on. Of words, those with anything but
// letters and digits must be quoted, which people do not do.
export function pattern(text) {
  const trimmed = text.trim();
  if (trimmed === '' || /^[{[%]/.test(trimmed)) return trimmed;
  return words(trimmed).map(({ sign, word }) => sign + (/^[\p{L}\p{N}_]+$/u.test(word) ? word : quote(word))).join(' ');
}

// highlights returns the texts to highlight in matching lines: not what must be absent, and nothing of patterns that select fields.
export function highlights(text) {
  const trimmed = text.trim();
  if (/^[{[%]/.test(trimmed)) return [];
  return words(trimmed).filter(({ sign }) => sign !== '-').map(({ word }) => word);
}

// quotedWord is a phrase for the filter that finds exactly the text.
export const quote = (word) => `"${word.replace(/[\\"]/g, '\\$&')}"`;

function words(text) {
  const found = [];
  for (const match of text.matchAll(/([-?]?)(?:"((?:\\.|[^"\\])*)"?|(\S+))/g)) {
    const word = match[3] ?? match[2].replace(/\\(.)/g, '$1');
    if (word !== '') found.push({ sign: match[1], word });
  }
  return found;
}

// marked splits parts of a line at the texts to highlight: [{ text, style, mark }]. A match may lie in several parts.
export function marked(parts, texts) {
  if (texts.length === 0) return parts;
  const whole = parts.map((part) => part.text).join('');
  const cuts = ranges(whole, texts);
  if (cuts.length === 0) return parts;
  const result = [];
  let at = 0;
  let next = 0;
  for (const part of parts) {
    let from = 0;
    while (from < part.text.length) {
      while (next < cuts.length && cuts[next][1] <= at + from) next++;
      const [start, end] = cuts[next] ?? [Infinity, Infinity];
      const inside = start <= at + from;
      const to = Math.min(part.text.length, (inside ? end : start) - at);
      result.push({ ...part, text: part.text.slice(from, to), mark: inside });
      from = to;
    }
    at += part.text.length;
  }
  return result;
}

// ranges returns where the texts are, in order and without overlaps. Filter patterns are case-sensitive, and so is this.
function ranges(whole, texts) {
  const all = [];
  for (const text of texts) {
    for (let i = whole.indexOf(text); i >= 0; i = whole.indexOf(text, i + text.length)) all.push([i, i + text.length]);
  }
  all.sort((a, b) => a[0] - b[0]);
  const merged = [];
  for (const range of all) {
    const last = merged.at(-1);
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else merged.push(range);
  }
  return merged;
}
