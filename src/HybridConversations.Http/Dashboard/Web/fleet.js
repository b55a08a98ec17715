// Fleet: everything at a glance, then each device in a card; those with trouble come first.

import { el, keyed, put } from './dom.js';
import { onFleet } from './live.js';
import { Trends } from './trends.js';
import { plot, spark } from './plot.js';
import { badge, isThere, order, sentence } from './conditions.js';
import { milliseconds, number, percent, rate } from './format.js';

const manyDevices = 8;

export async function showFleet(main, _, signal) {
  const trends = new Trends(['tokensPerSecond', 'firstTokenP50Ms', 'firstTokenP95Ms']);
  const tiles = el('dl', { className: 'tiles' });
  const speed = plot('Tokens a second', [{ name: '', value: point => point.value }], rate);
  const first = plot('First token', [{ name: 'p50', value: point => point.p50 }, { name: 'p95', value: point => point.p95 }], milliseconds);
  const words = el('input', { type: 'search', placeholder: 'Find a device, a model, a state', 'aria-label': 'Find a device' });
  const cards = el('ul', { className: 'devices' });
  const none = el('p', { className: 'quiet' });
  main.append(el('h2', { className: 'unseen' }, 'Fleet'), tiles, el('div', { className: 'plots' }, speed, first), el('div', { className: 'bar' }, words), none, cards);
  let known = null;

  function draw() {
    if (!known) return;
    const { devices, escalations } = known;
    drawTiles(tiles, devices.filter(isThere), devices.length, escalations);
    speed.draw(trends.together('tokensPerSecond', sum));
    const p50 = new Map(trends.together('firstTokenP50Ms', median).map(point => [point.at, point.value]));
    first.draw(trends.together('firstTokenP95Ms', values => Math.max(...values)).map(({ at, value }) => ({ at, p95: value, p50: p50.get(at) })));
    words.parentElement.hidden = devices.length <= manyDevices;
    const wanted = words.value.trim().toLowerCase();
    const shown = devices.filter(device => `${device.deviceId} ${device.condition} ${device.status.model.name}`.toLowerCase().includes(wanted))
      .sort((a, b) => order.indexOf(a.condition) - order.indexOf(b.condition) || a.deviceId.localeCompare(b.deviceId, 'en', { numeric: true }));
    put(none, devices.length === 0 ? 'No device has joined yet.' : shown.length === 0 ? `No device is called “${words.value}”, nor its model or state.` : '');
    none.hidden = shown.length > 0;
    keyed(cards, shown, device => device.deviceId, card, (item, device) => item.say(device, trends.of(device.deviceId)));
  }

  words.oninput = draw;
  onFleet(fleet => {
    if (!fleet) return;
    known = fleet;
    trends.add(fleet);
    draw();
  }, signal);
  await trends.load(null, signal);
  draw();
}

const sum = values => values.reduce((all, value) => all + value, 0);
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function drawTiles(tiles, there, all, escalations) {
  const load = name => sum(there.map(device => device.status.load[name]));
  const recent = there.map(device => device.status.recent).filter(some => some?.replies > 0);
  const figures = {
    'Devices': [`${there.filter(device => device.condition === 'serving' || device.condition === 'saturated').length} of ${all}`, 'serve'],
    'Tokens a second': [rate(sum(there.map(device => device.tokensPerSecond ?? 0))), `${rate(sum(there.map(device => device.readPerSecond ?? 0)))} read`],
    'Replies': [number(load('running')), `${number(load('waiting'))} wait`],
    'KV memory': [percent(load('kvCells') > 0 ? load('kvCellsUsed') / load('kvCells') : null), `${number(load('sequences'))} conversations`],
    'First token p95': [milliseconds(recent.length > 0 ? Math.max(...recent.map(some => some.firstTokenP95Ms)) : null), recent.length > 0 ? 'slowest device, last minute' : 'no reply in the last minute'],
  };
  for (const cloud of escalations) figures[`Cloud: ${cloud.endpoint}`] = [cloud.available ? 'available' : 'away', cloud.available ? `${cloud.inFlight} calls under way` : cloud.reason];
  keyed(tiles, Object.entries(figures), ([name]) => name,
    ([name]) => el('div', null, el('dt', null, name), el('dd'), el('p', { className: 'quiet' })),
    (tile, [, [value, more]]) => { put(tile.children[1], value); put(tile.children[2], more); });
}

function card(device) {
  const state = badge();
  const why = el('p', { className: 'why' });
  const model = el('p', { className: 'quiet model' });
  const figures = { speed: el('b'), replies: el('b'), kv: el('b'), first: el('b') };
  const heat = el('span', { className: 'heat' });
  const line = spark('Tokens a second over the last minutes');
  const memory = el('meter', { min: 0, max: 1, high: 0.9, optimum: 0.3, 'aria-label': 'KV memory in use' });
  const item = el('li', null, el('a', { className: 'card', href: `#/fleet/${encodeURIComponent(device.deviceId)}` },
    el('div', { className: 'head' }, el('strong', null, device.deviceId), state),
    why, model, line,
    el('div', { className: 'figures' },
      el('span', null, figures.speed, ' tok/s'), el('span', null, figures.replies), el('span', null, figures.first, ' first'), el('span', null, figures.kv, ' KV')),
    el('div', { className: 'foot' }, memory, heat)));
  item.say = (device, points) => {
    const { load, model: { name }, recent, sensors } = device.status;
    const there = isThere(device);
    item.firstChild.classList.toggle('gone', !there);
    state.say(device.condition);
    put(why, device.condition === 'serving' ? '' : sentence(device));
    put(model, name);
    put(figures.speed, rate(there ? device.tokensPerSecond : null));
    put(figures.replies, there ? load.waiting > 0 ? `${load.running} run, ${load.waiting} wait` : `${load.running} run` : '–');
    put(figures.kv, percent(there ? load.kvCellsUsed / Math.max(1, load.kvCells) : null));
    put(figures.first, milliseconds(there && recent?.replies > 0 ? recent.firstTokenP95Ms : null));
    memory.value = there ? load.kvCellsUsed / Math.max(1, load.kvCells) : 0;
    put(heat, [sensors?.temperatureC && `${Math.round(sensors.temperatureC)} °C`, sensors?.powerW && `${number(sensors.powerW, 1)} W`, sensors?.throttled && 'throttled'].filter(Boolean).join(' · '));
    line.draw(points, point => point.tokensPerSecond);
  };
  return item;
}
