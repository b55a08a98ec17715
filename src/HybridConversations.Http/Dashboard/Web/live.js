// What the server says of the fleet every two seconds, for whoever is on the page. One connection for all; it comes back by itself.

import { events } from './api.js';

const listeners = new Set();
let last = null;
let problem = null;

/** Calls `listener(fleet, problem)` now and with every news, until `signal` is aborted. `fleet` is null as long as nothing is known. */
export function onFleet(listener, signal) {
  listeners.add(listener);
  signal?.addEventListener('abort', () => listeners.delete(listener));
  if (last || problem) listener(last, problem);
}

function tell() {
  for (const listener of [...listeners]) listener(last, problem);
}

/** Connects, and connects again after a pause that grows while the server does not answer. */
export async function connect() {
  for (let pause = 500; ;) {
    try {
      await events('fleet/events', {}, (name, data) => {
        if (name !== 'fleet') return;
        pause = 500;
        last = data;
        problem = data.problem;
        tell();
      });
      problem = 'The connection was lost.';
    } catch (error) {
      problem = error.status === 401 ? 'A key is needed.' : error.detail ?? 'The server does not answer.';
    }
    tell();
    await new Promise(resume => {
      setTimeout(resume, pause);
      addEventListener('online', resume, { once: true });
      addEventListener('signed-in', resume, { once: true });
    });
    pause = Math.min(pause * 2, 10_000);
  }
}
