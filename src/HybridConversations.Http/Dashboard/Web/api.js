// One request and its answer. Addresses are relative to the page, so that a proxy may put it below a path.

const keyName = 'hc-key';
let onRefused = () => {};

/** The key that the person signed in with, kept as long as this tab; null for none. */
export const key = {
  get: () => sessionStorage.getItem(keyName),
  set: value => sessionStorage.setItem(keyName, value),
  forget: () => sessionStorage.removeItem(keyName),
};

/** Called when the server wants a key, or another one. */
export function whenRefused(action) { onRefused = action; }

/** Never `crypto.randomUUID`, which is there only over https and on localhost. */
export function randomId() { return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join(''); }

/** An address below `conversations`. */
export const conversationPath = (id, rest = '') => `conversations/${encodeURIComponent(id)}${rest}`;

/** Answers that are no success are thrown as the server's problem: `{status, code, detail, retryable}`. */
export async function ask(path, { method = 'GET', body, signal } = {}) {
  const headers = {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key.get()) headers.Authorization = `Bearer ${key.get()}`;
  let response;
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw { status: 0, code: 'unreachable', detail: 'The server does not answer.', retryable: true };
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({ detail: `The server answered ${response.status}.` }));
  if (response.status === 401) onRefused(problem);
  throw { ...problem, status: response.status };
}

export const json = async (path, options) => (await ask(path, options)).json();

/** Calls `on(name, data)` for each server-sent event, until the stream ends. */
export async function events(path, options, on) {
  const response = await ask(path, options);
  let rest = '';
  for await (const piece of decoded(response.body)) {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const event = /^event: (.*)\ndata: (.*)$/.exec(block);
      if (event) on(event[1], JSON.parse(event[2]));
    }
  }
}

/** Not every browser can iterate a stream. */
async function* decoded(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
