// Small line plots. The picture is SVG that stretches; its words are beside it, so that they stay words.

import { el, put, svg } from './dom.js';
import { short } from './format.js';

const width = 300;
const height = 80;

/** Where the line has no value for longer than this (seconds) it is broken. */
const gap = 45;

/** Lines of `{at, …}` points: `lines` are `[{name, value: point => number}]`, the newest value of each stands in the caption. */
export function plot(title, lines, show) {
  const paths = lines.map((_, i) => svg('path', { class: `line line${i}`, 'vector-effect': 'non-scaling-stroke' }));
  const top = el('span', { className: 'top' });
  const from = el('span');
  const to = el('span');
  const values = lines.map((line, i) => el('span', { className: `key key${i}` }));
  const empty = el('p', { className: 'quiet empty' }, 'Nothing yet.');
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': title }, ...paths);
  const figure = el('figure', { className: 'plot' },
    el('figcaption', null, el('b', null, title), ...values),
    el('div', { className: 'area' }, top, picture, empty),
    el('div', { className: 'times' }, from, to));
  figure.draw = points => {
    const all = points.flatMap(point => lines.map(line => line.value(point))).filter(Number.isFinite);
    empty.hidden = all.length > 0;
    const high = nice(Math.max(...all, 0));
    const first = points[0]?.at ?? 0;
    const last = points.at(-1)?.at ?? 1;
    lines.forEach((line, i) => {
      paths[i].setAttribute('d', path(points, line.value, first, Math.max(last - first, 1), high));
      const newest = points.findLast(point => Number.isFinite(line.value(point)));
      put(values[i], `${line.name ? `${line.name} ` : ''}${show(newest && last - newest.at < 70 ? line.value(newest) : null)}`);
    });
    put(top, all.length > 0 ? show(high) : '');
    put(from, points.length > 1 ? short(first * 1000) : '');
    put(to, points.length > 1 ? short(last * 1000) : '');
  };
  return figure;
}

/** A line without words, for a row of a list. */
export function spark(label) {
  const line = svg('path', { class: 'line line0', 'vector-effect': 'non-scaling-stroke' });
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', class: 'spark', role: 'img', 'aria-label': label }, line);
  picture.draw = (points, value) => {
    const all = points.map(value).filter(Number.isFinite);
    const first = points[0]?.at ?? 0;
    line.setAttribute('d', path(points, value, first, Math.max((points.at(-1)?.at ?? 1) - first, 1), Math.max(...all, 1)));
  };
  return picture;
}

function path(points, value, first, span, high) {
  let text = '';
  let before = -Infinity;
  for (const point of points) {
    const y = value(point);
    if (!Number.isFinite(y)) continue;
    text += `${point.at - before > gap ? 'M' : 'L'}${((point.at - first) / span * width).toFixed(1)} ${(height - 2 - y / (high || 1) * (height - 6)).toFixed(1)}`;
    before = point.at;
  }
  return text.includes('L') || !text ? text : `${text}h1`;
}

/** The next of 1, 2, 5, 10, 20, … */
function nice(value) {
  if (value <= 0) return 1;
  const ten = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * ten).find(step => step >= value);
}
