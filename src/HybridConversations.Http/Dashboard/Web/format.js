// Figures for people. Everything takes null and undefined for "not known", which is a dash.

const dash = '–';
const known = value => value !== null && value !== undefined && Number.isFinite(Number(value));

export const number = (value, digits = 0) => known(value) ? Number(value).toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits }) : dash;
export const rate = value => known(value) ? number(value, value < 10 ? 1 : 0) : dash;
export const percent = share => known(share) ? `${Math.round(share * 100)} %` : dash;
export const money = value => known(value) ? number(value, value !== 0 && Math.abs(value) < 1 ? 4 : 2) : dash;

export function milliseconds(value) {
  if (!known(value)) return dash;
  return value < 1000 ? `${Math.round(value)} ms` : value < 60_000 ? `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} s` : `${(value / 60_000).toFixed(1)} min`;
}

export function bytes(value) {
  if (!known(value)) return dash;
  const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = value < 1 ? 0 : Math.min(steps.length - 1, Math.floor(Math.log2(value) / 10));
  return `${number(value / 1024 ** step, step > 1 ? 1 : 0)} ${steps[step]}`;
}

/** How long ago, in the largest unit that says enough. */
export function ago(time, now = Date.now()) {
  const seconds = Math.max(0, (now - new Date(time).getTime()) / 1000);
  if (!Number.isFinite(seconds)) return dash;
  if (seconds < 5) return 'now';
  for (const [unit, length] of [['d', 86_400], ['h', 3600], ['min', 60], ['s', 1]]) {
    if (seconds >= length) return `${Math.floor(seconds / length)} ${unit} ago`;
  }
  return 'now';
}

export const clock = time => new Date(time).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
export const short = time => new Date(time).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
