// Figures of every device over the last quarter of an hour: what the server kept, and what has come since.

import { json } from './api.js';

const span = 15 * 60;

export class Trends {
  #devices = new Map();
  #names;
  #newest = 0;

  /** @param {string[]} names Series to keep, as `GET /fleet/history` names them. */
  constructor(names) { this.#names = names; }

  /** Asks for what was before; `device` for one alone. */
  async load(device, signal) {
    const query = `series=${this.#names.join(',')}${device ? `&device=${encodeURIComponent(device)}&points=180` : '&points=90'}`;
    const { devices } = await json(`fleet/history?${query}`, { signal });
    for (const { deviceId, at, series } of devices) {
      const points = at.map((time, i) => ({ at: time, ...Object.fromEntries(this.#names.map(name => [name, series[name][i]])) }));
      const since = this.#devices.get(deviceId)?.filter(point => point.at > (at.at(-1) ?? 0)) ?? [];
      this.#devices.set(deviceId, [...points, ...since]);
    }
  }

  /** Adds what the server says now. */
  add(fleet) {
    const at = new Date(fleet.at).getTime() / 1000;
    if (at <= this.#newest) return;
    this.#newest = at;
    for (const device of fleet.devices) {
      const points = this.#devices.get(device.deviceId) ?? [];
      points.push({ at, ...values(device) });
      while (points.length > 0 && points[0].at < at - span) points.shift();
      this.#devices.set(device.deviceId, points);
    }
  }

  of(deviceId) { return this.#devices.get(deviceId) ?? []; }

  /** All devices together, in slots of ten seconds: `join` makes one figure of those that the devices have in a slot. */
  together(name, join) {
    const slots = new Map();
    for (const points of this.#devices.values()) {
      const own = new Map();
      for (const point of points) {
        if (point[name] === null || point[name] === undefined) continue;
        const slot = Math.floor(point.at / 10) * 10;
        own.set(slot, [...own.get(slot) ?? [], point[name]]);
      }
      for (const [slot, some] of own) slots.set(slot, [...slots.get(slot) ?? [], some.reduce((sum, value) => sum + value, 0) / some.length]);
    }
    return [...slots].sort(([a], [b]) => a - b).map(([at, some]) => ({ at, value: join(some) }));
  }
}

/** What a device says now, in the names of the series. */
function values({ condition, tokensPerSecond, readPerSecond, status }) {
  if (condition === 'lost' || condition === 'left') return {};
  const recent = status.recent?.replies > 0 ? status.recent : {};
  return {
    tokensPerSecond, readPerSecond, running: status.load.running, waiting: status.load.waiting, kvCells: status.load.kvCellsUsed,
    firstTokenP50Ms: recent.firstTokenP50Ms, firstTokenP95Ms: recent.firstTokenP95Ms, gapP50Ms: recent.gapP50Ms, gapP95Ms: recent.gapP95Ms,
    temperatureC: status.sensors?.temperatureC, powerW: status.sensors?.powerW,
  };
}
