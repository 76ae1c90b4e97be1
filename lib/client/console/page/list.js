// A list of many lines of different heights, of which only those near the screen are in the document. Lines are kept in chunks; a chunk
// that is far away is one empty element with the height that it had.

import { h } from './dom.js';
import { day } from './time.js';

const chunkSize = 50;

export class LineList {
  #scroller;
  #canvas;
  #row;
  #chunks = [];
  #rowHeight = 22; // measured as soon as there are rows
  #height = 0; // of the scroller, so that scrolling does not measure
  #scheduled = false;
  #incoming = [];
  #lastTop = 0;
  #anchor; // { line, offset }: what stands at the top of the screen, while nobody follows: it stays there whatever changes around it
  count = 0;
  following = true;
  pinned = undefined; // the line that has the focus: it stays in the document

  // row returns the element of a line. Events on the target: "change" after each frame that changed something, "leave" when the person
  // scrolls up, and "arrive" when they reach the end.
  constructor(scroller, canvas, row, target) {
    this.#scroller = scroller;
    this.#canvas = canvas;
    this.#row = row;
    this.target = target;
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    document.addEventListener('visibilitychange', () => {
      this.#scheduled = false; // a frame that was asked for may not come
      this.schedule();
    });
    let width = 0;
    new ResizeObserver(() => {
      this.#height = scroller.clientHeight;
      if (width !== scroller.clientWidth) for (const chunk of this.#chunks) if (!chunk.rows) chunk.height = 0; // the lines may wrap elsewhere
      width = scroller.clientWidth;
      this.schedule();
    }).observe(scroller);
  }

  // add shows lines in the next frame.
  add(lines) {
    for (const line of lines) this.#incoming.push(line);
    this.schedule();
  }

  clear() {
    this.#incoming = [];
    this.#chunks = [];
    this.count = 0;
    this.pinned = undefined;
    this.#anchor = undefined;
    this.#canvas.replaceChildren();
    this.#lastTop = 0;
    this.schedule();
  }

  // keep removes the oldest lines beyond so many, in whole chunks, while somebody follows. It returns the time of the oldest line that is left if
  // it removed any.
  keep(most) {
    let gone = false;
    while (this.#chunks.length > 1 && this.count - this.#chunks[0].lines.length >= most) {
      const chunk = this.#chunks.shift();
      gone = true;
      this.count -= chunk.lines.length;
      chunk.element.remove();
    }
    return gone ? this.#chunks[0].lines[0].time : undefined;
  }

  * lines() { for (const chunk of this.#chunks) yield* chunk.lines; }

  at(index) {
    for (const chunk of this.#chunks) {
      if (index < chunk.lines.length) return chunk.lines[index];
      index -= chunk.lines.length;
    }
    return undefined;
  }

  indexOf(line) {
    let before = 0;
    for (const chunk of this.#chunks) {
      const i = chunk.lines.indexOf(line);
      if (i >= 0) return before + i;
      before += chunk.lines.length;
    }
    return -1;
  }

  find(id) {
    for (const line of this.lines()) if (line.id === id) return line;
    return undefined;
  }

  // element returns the row of a line, after bringing it into the document.
  element(line) {
    const chunk = this.#chunks.find((each) => each.lines.includes(line));
    if (!chunk) return undefined;
    this.pinned = line;
    if (!chunk.rows) this.#mount(chunk);
    return chunk.rows[chunk.lines.indexOf(line)];
  }

  // refresh builds the row of a line again, or all rows.
  refresh(line) {
    for (const chunk of this.#chunks) {
      if (!chunk.rows || line && !chunk.lines.includes(line)) continue;
      this.#fillChunk(chunk);
    }
    if (!line) for (const chunk of this.#chunks) if (!chunk.rows) chunk.height = 0;
    this.schedule();
  }

  toEnd() {
    this.following = true;
    this.#anchor = undefined;
    this.schedule();
  }

  schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const run = () => {
      this.#scheduled = false;
      this.#frame();
    };
    // A hidden page has no frames. What arrives is kept nevertheless, and no more of it than otherwise.
    if (document.visibilityState === 'hidden') setTimeout(run, 500);
    else requestAnimationFrame(run);
  }

  #frame() {
    const changed = this.#incoming.length > 0;
    if (changed) this.#insert();
    if (document.visibilityState !== 'hidden') this.#layout();
    this.target.dispatchEvent(new Event('change'));
  }

  // #insert puts the incoming lines where their times belong: most belong to the end, some were stored late.
  #insert() {
    const lines = this.#incoming.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    this.#incoming = [];
    const changed = new Set();
    for (const line of lines) {
      let i = this.#chunks.length - 1;
      while (i > 0 && this.#chunks[i].lines[0].time > line.time) i--;
      let chunk = this.#chunks[i];
      const last = chunk?.lines.at(-1);
      if (!chunk || i === this.#chunks.length - 1 && last.time <= line.time && chunk.lines.length >= chunkSize) chunk = this.#newChunk([]);
      if (chunk.lines.length === 0 || chunk.lines.at(-1).time <= line.time) {
        chunk.lines.push(line);
        if (chunk.rows) this.#append(chunk, line);
        else chunk.height = 0;
      } else {
        let at = chunk.lines.length;
        while (at > 0 && chunk.lines[at - 1].time > line.time) at--;
        chunk.lines.splice(at, 0, line);
        changed.add(chunk);
      }
      this.count++;
    }
    for (const chunk of changed) {
      while (chunk.lines.length > 2 * chunkSize) this.#newChunk(chunk.lines.splice(-chunkSize), chunk);
      if (chunk.rows) this.#fillChunk(chunk);
      else chunk.height = 0;
    }
  }

  // #newChunk adds a chunk with lines: after another, or at the end.
  #newChunk(lines, after) {
    const chunk = { lines, element: h('div', { class: 'chunk' }), rows: undefined, height: 0 };
    if (after) {
      this.#chunks.splice(this.#chunks.indexOf(after) + 1, 0, chunk);
      after.element.after(chunk.element);
    } else {
      this.#chunks.push(chunk);
      this.#canvas.append(chunk.element);
    }
    return chunk;
  }

  #append(chunk, line) {
    const before = chunk.lines.at(-2) ?? this.#before(chunk);
    const element = this.#row(line, !before || day(before.time) !== day(line.time));
    chunk.rows.push(element);
    chunk.element.append(element);
  }

  #before(chunk) { return this.#chunks[this.#chunks.indexOf(chunk) - 1]?.lines.at(-1); }

  #fillChunk(chunk) {
    let before = this.#before(chunk);
    chunk.rows = chunk.lines.map((line) => {
      const element = this.#row(line, !before || day(before.time) !== day(line.time));
      before = line;
      return element;
    });
    chunk.element.replaceChildren(...chunk.rows);
  }

  #mount(chunk) {
    this.#fillChunk(chunk);
    chunk.element.style.height = '';
  }

  #unmount(chunk) {
    chunk.rows = undefined;
    chunk.element.replaceChildren();
    chunk.element.style.height = `${chunk.height}px`;
  }

  #heightOf(chunk) { return chunk.height || chunk.lines.length * this.#rowHeight; }

  // #layout puts the chunks around the screen into the document, and takes the others out.
  #layout() {
    if (this.#height === 0) this.#height = this.#scroller.clientHeight;
    let top = this.#scroller.scrollTop;
    if (this.following) top = Math.max(0, this.#chunks.reduce((sum, chunk) => sum + this.#heightOf(chunk), 0) - this.#height);
    else if (this.#anchor) top = this.#estimate(this.#anchor) ?? top;
    const near = [];
    let y = 0;
    for (const chunk of this.#chunks) {
      const height = this.#heightOf(chunk);
      const isNear = y + height > top - this.#height && y < top + 2 * this.#height || this.pinned && chunk.lines.includes(this.pinned);
      if (isNear) near.push({ chunk, y, height });
      else if (chunk.rows) this.#unmount(chunk);
      else chunk.element.style.height = `${height}px`;
      y += height;
    }
    for (const { chunk } of near) if (!chunk.rows) this.#mount(chunk);
    for (const { chunk } of near) chunk.height = chunk.element.offsetHeight;
    const rows = near.reduce((sum, { chunk }) => sum + chunk.rows.length, 0);
    if (rows > 0) this.#rowHeight = near.reduce((sum, { chunk }) => sum + chunk.height, 0) / rows;
    if (this.following) this.#scrollTo(this.#scroller.scrollHeight);
    else this.#hold(near);
  }

  // #estimate returns where the screen begins if the anchor is at its place, as far as heights are known.
  #estimate({ line, offset }) {
    let y = 0;
    for (const chunk of this.#chunks) {
      const i = chunk.lines.indexOf(line);
      if (i >= 0) return y + (chunk.rows ? chunk.rows[i].offsetTop - chunk.element.offsetTop : i * this.#rowHeight) - offset;
      y += this.#heightOf(chunk);
    }
    return undefined;
  }

  // #hold puts the anchor back to its place, or chooses one.
  #hold(near) {
    const edge = this.#scroller.getBoundingClientRect().top;
    if (this.#anchor) {
      const { line, offset } = this.#anchor;
      const chunk = near.find((each) => each.chunk.lines.includes(line))?.chunk;
      const moved = chunk ? chunk.rows[chunk.lines.indexOf(line)].getBoundingClientRect().top - edge - offset : 0;
      if (Math.abs(moved) >= 1) this.#scrollTo(this.#scroller.scrollTop + moved);
      if (chunk) return;
    }
    this.#anchor = undefined;
    for (const { chunk } of near) {
      if (chunk.element.getBoundingClientRect().bottom <= edge) continue;
      const i = chunk.rows.findIndex((each) => each.getBoundingClientRect().bottom > edge);
      if (i >= 0) this.#anchor = { line: chunk.lines[i], offset: chunk.rows[i].getBoundingClientRect().top - edge };
      return;
    }
  }

  #scrollTo(top) {
    this.#scroller.scrollTop = top;
    this.#lastTop = this.#scroller.scrollTop;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const up = scrollTop < this.#lastTop - 1;
    if (scrollTop !== this.#lastTop) this.#anchor = undefined; // the person moved it
    this.#lastTop = scrollTop;
    if (scrollHeight - scrollTop - clientHeight < 4) this.target.dispatchEvent(new Event('arrive'));
    else if (up && this.following) {
      this.following = false;
      this.target.dispatchEvent(new Event('leave'));
    }
    this.schedule();
  }
}
