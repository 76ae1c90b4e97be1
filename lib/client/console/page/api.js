// Calls of the console's API. The token comes from the fragment of the address, which browsers send to nobody, and leaves the page only in
// the header of these calls.

import { token } from './place.js';

// APIError is an answer that says why not, in a sentence for people.
export class APIError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function open(path, parameters, options = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters ?? {})) {
    for (const each of [value].flat()) if (each !== undefined && each !== null && each !== '') query.append(name, each);
  }
  const headers = { ...options.headers };
  if (token()) headers.Authorization = `Bearer ${token()}`;
  const url = `/api/${path}${query.size > 0 ? `?${query}` : ''}`;
  const response = await fetch(url, { cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer', ...options, headers });
  if (response.ok) return response;
  let message;
  try { message = (await response.json()).error.message; } catch { message = `The console answered with status ${response.status}.`; }
  throw new APIError(response.status, message);
}

export const get = async (path, parameters, options) => (await open(path, parameters, options)).json();

// post sends what to do. The header makes it a request that no other site can send.
export async function post(path, body) {
  const headers = { 'Content-Type': 'application/json', 'X-Heroku-Drains': '1' };
  return (await open(path, {}, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

// explain returns what went wrong as a sentence.
export function explain(error) {
  if (error instanceof APIError) return error.message;
  return 'The console does not answer. Is the program that serves this page still running?';
}
