// Cloud: the endpoints, what they cost, and how much went there.

import { el, keyed, put } from './dom.js';
import { onFleet } from './live.js';
import { money, plural } from './format.js';

export async function showCloud(main, _, signal) {
  const cards = el('ul', { className: 'devices' });
  const none = el('p', { className: 'quiet' });
  main.append(el('h2', { className: 'unseen' }, 'Cloud'), none, cards);
  onFleet(fleet => {
    if (!fleet) return;
    none.hidden = fleet.escalations.length > 0;
    put(none, 'No cloud endpoint is set up: every turn is answered on the devices. --cloud-url and --cloud-model set one up.');
    keyed(cards, fleet.escalations, cloud => cloud.endpoint, card, (item, cloud) => item.say(cloud));
  }, signal);
}

function card(cloud) {
  const state = el('span', { className: 'badge' });
  const why = el('p', { className: 'why' });
  const figures = el('dl', { className: 'facts' });
  const item = el('li', null, el('div', { className: 'card' }, el('div', { className: 'head' }, el('strong', null, cloud.endpoint), state), why, figures));
  item.say = now => {
    put(state, now.available ? 'available' : 'away');
    state.dataset.tone = now.available ? 'good' : 'bad';
    put(why, now.reason ?? '');
    const rows = { 'Under way': plural(now.inFlight, 'call'), 'Spent today': money(now.spentToday), 'Spent this month': money(now.spentThisMonth) };
    keyed(figures, Object.entries(rows), ([name]) => name, ([name]) => el('div', null, el('dt', null, name), el('dd')), (row, [, value]) => put(row.children[1], value));
  };
  return item;
}
