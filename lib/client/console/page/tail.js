// The stream of lines. It reconnects with growing pauses, and goes on where it stopped: it asks again from some minutes before the newest
// line, because lines may be stored late, and leaves out the lines that it has.

import { APIError, explain, open } from './api.js';

const first = 1000; // lines to begin with
const overlap = 10 * 60_000; // as long as `logs --tail` looks back for late lines
const silence = 45_000; // three pings missed: the connection is gone, although nobody said so

export class Tail {
  #query;
  #listener;
  #abort;
  #seen = new Set();
  #newest = '';
  #most;
  #caughtUp = false; // this stream has sent all lines that were stored
  #complete = false; // some stream has
  #count = { fresh: 0, known: 0 }; // lines of this stream that are new, and that the page has
  duplicates = 0; // lines that this stream has left out as duplicates
  floor = ''; // the time of the oldest line that is kept: older ones are not shown again

  // listener has lines(array), and state(name, detail): loading, live, retrying, failed, held, ended. gap() says that more
  // lines were stored during an interruption than were read. most is the number of lines to ask for when going on.
  constructor(listener, most) {
    this.#listener = listener;
    this.#most = most;
    const hurry = () => { if (document.visibilityState === 'visible') this.#wake?.(); };
    addEventListener('online', hurry);
    document.addEventListener('visibilitychange', hurry);
  }

  // start reads other lines from the beginning.
  start(query) {
    this.#query = query;
    this.#seen.clear();
    this.#newest = '';
    this.floor = '';
    this.#complete = false;
    this.resume();
  }

  // resume connects, and goes on after the newest line.
  resume() {
    this.stop();
    this.#abort = new AbortController();
    this.#run(this.#abort.signal);
  }

  stop() { this.#abort?.abort(); }

  hold() {
    this.stop();
    this.#listener.state('held');
  }

  #wake;

  async #run(signal) {
    for (let tries = 0; !signal.aborted;) {
      let connected = false;
      try {
        this.#listener.state(tries === 0 ? 'loading' : 'retrying', '');
        const done = await this.#read(signal, () => { connected = true; });
        if (done || signal.aborted) return;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof APIError && error.status < 500) { // the same request will not do better
          this.#listener.state('failed', error.message, error.status);
          return;
        }
        this.#listener.state('retrying', explain(error));
      }
      tries = connected ? 1 : tries + 1;
      await this.#pause(Math.min(500 * 2 ** (tries - 1), 10_000), signal);
    }
  }

  // #pause waits, but no longer than until the network or the person comes back.
  #pause(milliseconds, signal) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds * (0.75 + Math.random() / 2));
      this.#wake = () => { clearTimeout(timer); resolve(); };
      signal.addEventListener('abort', this.#wake, { once: true });
    }).finally(() => { this.#wake = undefined; });
  }

  #parameters() {
    const { since, until } = this.#query;
    const tail = until ? undefined : true;
    if (!this.#complete || this.#newest === '') return { ...this.#query, limit: since || until ? this.#most : first, tail };
    const back = new Date(new Date(this.#newest) - overlap).toISOString();
    return { ...this.#query, since: since > back ? since : back, limit: this.#most, tail };
  }

  // #read reads a stream to its end, and returns whether that was all there is to read.
  async #read(signal, onConnect) {
    const own = new AbortController();
    signal.addEventListener('abort', () => own.abort(), { once: true });
    let watch;
    this.#caughtUp = false;
    this.#count = { fresh: 0, known: 0 };
    this.duplicates = 0;
    const alive = () => { clearTimeout(watch); watch = setTimeout(() => own.abort(), silence); };
    try {
      alive();
      const response = await open('lines', this.#parameters(), { signal: own.signal });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (signal.aborted) return true;
        if (done) break;
        alive();
        onConnect();
        const items = (rest + value).split('\n');
        rest = items.pop();
        if (this.#take(items)) return true;
      }
      if (!this.#query.until) return false; // a tail has no end: the console stopped
      this.#listener.state('ended');
      return true;
    } finally {
      clearTimeout(watch);
      own.abort();
    }
  }

  // #take passes on what a piece of the stream has, and returns whether the stream has ended with an error.
  #take(items) {
    const lines = [];
    let after;
    for (const text of items) {
      if (text === '') continue;
      const item = JSON.parse(text);
      if (item.line && this.#isNew(item.line)) lines.push(item.line);
      else if (item.caught_up) {
        if (this.#complete && this.#count.known === 0 && this.#count.fresh >= this.#most) this.#listener.gap();
        this.#caughtUp = this.#complete = true;
      }
      else if (item.duplicates) this.duplicates += item.duplicates;
      else if (item.note) after = () => this.#listener.state('retrying', item.note);
      else if (item.error) after = () => this.#listener.state('failed', item.error.message, 502);
    }
    if (!after && this.#caughtUp) after = () => this.#listener.state('live'); // also after a note: what arrives shows that it is over
    if (lines.length > 0) this.#listener.lines(lines);
    after?.();
    return items.some((text) => text.startsWith('{"error"'));
  }

  #isNew(line) {
    if (this.#seen.has(line.id) || line.time < this.floor) {
      this.#count.known++;
      return false;
    }
    this.#count.fresh++;
    this.#seen.add(line.id);
    if (this.#seen.size > 4 * this.#most) this.#seen.delete(this.#seen.values().next().value); // the oldest of a Set comes first
    if (line.time > this.#newest) this.#newest = line.time;
    return true;
  }
}
