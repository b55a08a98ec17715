// One device: how it is and why, its last minutes as plots, what it has done since its start.

import { el, keyed, put } from './dom.js';
import { onFleet } from './live.js';
import { Trends } from './trends.js';
import { plot } from './plot.js';
import { badge, isThere, sentence } from './conditions.js';
import { ago, bytes, milliseconds, number, percent, rate } from './format.js';

export async function showDevice(main, id, signal) {
  const trends = new Trends(['tokensPerSecond', 'readPerSecond', 'running', 'waiting', 'kvCells', 'firstTokenP50Ms', 'firstTokenP95Ms', 'gapP50Ms', 'gapP95Ms', 'temperatureC', 'powerW']);
  const state = badge();
  const why = el('p');
  const table = el('dl', { className: 'facts' });
  const plots = [
    plot('Tokens a second', [{ name: 'written', value: point => point.tokensPerSecond }, { name: 'read', value: point => point.readPerSecond }], rate),
    plot('First token', [{ name: 'p50', value: point => point.firstTokenP50Ms }, { name: 'p95', value: point => point.firstTokenP95Ms }], milliseconds),
    plot('Between two tokens', [{ name: 'p50', value: point => point.gapP50Ms }, { name: 'p95', value: point => point.gapP95Ms }], milliseconds),
    plot('Replies', [{ name: 'run', value: point => point.running }, { name: 'wait', value: point => point.waiting }], value => number(value)),
    plot('KV cells', [{ name: '', value: point => point.kvCells }], value => number(value)),
    plot('Temperature', [{ name: '', value: point => point.temperatureC }], value => `${number(value)} °C`),
  ];
  const actions = el('div', { className: 'actions' },
    el('a', { className: 'button', href: `#/conversations?by=${encodeURIComponent(id)}` }, 'Its conversations'));
  main.append(
    el('p', { className: 'back' }, el('a', { href: '#/fleet' }, '← Fleet')),
    el('div', { className: 'head' }, el('h2', null, id), state), why, actions,
    el('div', { className: 'plots' }, plots), table);

  onFleet(fleet => {
    const device = fleet?.devices.find(some => some.deviceId === id);
    if (!device) {
      if (fleet) put(why, 'This device is not in the fleet, and was not within the last hour.');
      return;
    }
    trends.add(fleet);
    state.say(device.condition);
    put(why, sentence(device));
    for (const figure of plots) figure.draw(trends.of(id));
    plots[5].hidden = !trends.of(id).some(point => Number.isFinite(point.temperatureC));
    keyed(table, Object.entries(facts(device)), ([name]) => name, ([name]) => el('div', null, el('dt', null, name), el('dd')), (row, [, value]) => put(row.children[1], value));
  }, signal);
  await trends.load(id, signal);
  for (const figure of plots) figure.draw(trends.of(id));
}

function facts(device) {
  const { load, model, work, tiers, profile, sensors, listening, startedAt } = device.status;
  const facts = {
    'Model': `${model.name} (${model.description})`,
    'Weights': bytes(model.bytes),
    'Started': ago(startedAt),
    'Last heard of': isThere(device) ? 'now' : ago(device.seenAt),
    'Replies': `${load.running} run, ${load.waiting} of ${load.queueLimit} places in the queue are taken`,
    'KV in the batch': `${number(load.kvCellsUsed)} of ${number(load.kvCells)} tokens (${percent(load.kvCellsUsed / Math.max(1, load.kvCells))}), ${load.sequences} of ${load.maxSequences} sequences`,
  };
  if (tiers) facts['KV in host memory'] = `${number(tiers.parkedStates)} states, ${bytes(tiers.parkedBytes)} parked, ${bytes(tiers.hostBytes)} allocated`;
  if (profile) facts['Speed measured'] = `${rate(profile.decodeTokensPerSecond)} tokens/s alone, reads ${rate(profile.prefillTokensPerSecond)} tokens/s`;
  if (work) {
    facts['Since its start'] = `${number(work.tokensGenerated)} tokens written, ${number(work.tokensRead)} read, ${number(work.tokensReused)} reused, in ${number(work.steps)} steps`;
    facts['Generations'] = `${number(work.replies)} ended, ${number(work.cancelled)} interrupted, ${number(work.refused)} refused, ${number(work.failed)} failed`;
    if (work.tokensDrafted > 0) facts['Guessed ahead'] = `${number(work.tokensDrafted)} tokens, ${percent(work.draftsAccepted / work.tokensDrafted)} right`;
  }
  if (listening.drafts > 0) facts['Read while people spoke'] = `${number(listening.drafts)} drafts, ${number(listening.adopted)} replies adopted, ${number(listening.wastedTokens)} tokens for nobody`;
  if (sensors) facts['Machine'] = [sensors.temperatureC && `${number(sensors.temperatureC, 1)} °C`, sensors.powerW && `${number(sensors.powerW, 1)} W`, sensors.throttled && 'slowed down to stay cool'].filter(Boolean).join(', ');
  return facts;
}
