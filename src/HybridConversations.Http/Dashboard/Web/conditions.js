// How devices are, and what that looks like.

import { el, put } from './dom.js';
import { ago } from './format.js';

/** Trouble first. */
export const order = ['failed', 'lost', 'saturated', 'draining', 'stopping', 'drained', 'serving', 'left'];

const tones = { failed: 'bad', lost: 'bad', saturated: 'fair', draining: 'fair', stopping: 'fair', drained: 'off', left: 'off', serving: 'good' };

export const isThere = device => device.condition !== 'lost' && device.condition !== 'left';

/** A word in its colour, with a sign beside it for those who do not see the colour. */
export function badge() {
  const element = el('span', { className: 'badge' });
  element.say = condition => {
    put(element, condition);
    element.dataset.tone = tones[condition] ?? 'off';
  };
  return element;
}

/** Since when and why, in a sentence. */
export const sentence = device => `${device.why ? `${device.why} ` : ''}Since ${ago(device.since).replace(' ago', '')}${ago(device.since) === 'now' ? '' : ' ago'}.`.replace('Since now.', 'Just now.');
