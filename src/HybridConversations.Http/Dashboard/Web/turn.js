// One turn of a dialogue: what was said, tools, thoughts, the reply, and under it how it came about.

import { el, put } from './dom.js';
import { markdown } from './markdown.js';
import { ago, clock, milliseconds, number } from './format.js';

/** The element of a turn as the server records it; it grows by `hear(name, data)` while the reply streams. `actions` are `{retry(turn), again(turn)}`. */
export function turnElement(turn, actions = {}) {
  const thoughts = el('div', { className: 'thoughts' });
  const tools = el('div', { className: 'tools' });
  const reply = el('div', { className: 'reply', dir: 'auto' });
  const foot = el('div', { className: 'about' });
  const article = el('article', { className: 'turn' },
    turn.user && el('div', { className: 'said', dir: 'auto' }, turn.user), tools, thoughts, reply, foot);
  let text = turn.reply ?? '';
  let thought = turn.reasoning ?? '';
  let drawn = false;

  const drawReply = () => {
    drawn = false;
    reply.replaceChildren(...markdown(text));
    if (thought) drawThoughts(thoughts, thought);
  };
  const soon = () => {
    if (!drawn) requestAnimationFrame(drawReply);
    drawn = true;
  };
  article.hear = (name, data) => {
    if (name === 'routed') {
      text = text.slice(0, data.from);
      turn = { ...turn, route: data.target, routeReason: data.reason, routePolicy: data.policy, routeScore: data.score };
      drawFoot(foot, turn, actions);
    } else if (name === 'text') text += data.text;
    else if (name === 'reasoning') thought += data.text;
    else if (name === 'tool-call') tools.append(toolCall(data));
    else if (name === 'completed') turn = { ...turn, state: data.finishReason === 'interrupted' ? 'interrupted' : 'completed', usage: data.usage, timings: data.timings, finishReason: data.finishReason, reply: text };
    else if (name === 'failed') turn = { ...turn, state: 'failed', repeatable: data.retryable, problem: data };
    if (name === 'completed' || name === 'failed') drawFoot(foot, turn, actions);
    soon();
  };
  for (const result of turn.toolResults ?? []) tools.append(toolResult(result));
  for (const call of turn.toolCalls ?? []) thoughts.after(toolCall(call));
  drawReply();
  drawFoot(foot, turn, actions);
  return article;
}

function drawThoughts(parent, thought) {
  const folded = parent.firstChild ?? el('details', null, el('summary', null, 'Thoughts'), el('div', { className: 'quiet pre' }));
  put(folded.lastChild, thought);
  if (!parent.firstChild) parent.append(folded);
}

const toolCall = ({ name, arguments: given }) => el('details', { className: 'tool' }, el('summary', null, 'Calls ', el('code', null, name)), el('pre', null, pretty(given)));
const toolResult = ({ content }) => el('details', { className: 'tool' }, el('summary', null, 'Result of a call'), el('pre', null, pretty(content)));

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function drawFoot(foot, turn, { retry, again }) {
  const parts = [];
  if (turn.state === 'running') parts.push(el('span', { className: 'chip' }, 'answering…'));
  if (turn.route) {
    const where = turn.answeredBy ? `${turn.route} · ${turn.answeredBy}` : turn.route;
    parts.push(el('span', { className: `chip ${turn.route}`, title: turn.routeReason ?? '' }, where));
    if (turn.routeReason) parts.push(el('span', { className: 'reason' }, turn.routeReason + (Number.isFinite(turn.routeScore) && turn.routeScore > 0 ? ` (${turn.routeScore.toFixed(2)})` : '')));
  }
  if (turn.private) parts.push(el('span', { className: 'chip' }, 'private'));
  if (turn.state === 'interrupted') parts.push(el('span', { className: 'chip fair' }, turn.repeatable ? 'cut off' : 'interrupted'));
  if (turn.finishReason === 'length') parts.push(el('span', { className: 'chip fair' }, 'reached its length'));
  if (turn.usage) parts.push(el('span', null, tokens(turn.usage)));
  if (turn.startedAt) parts.push(el('time', { dateTime: turn.startedAt, title: clock(turn.startedAt) }, ago(turn.startedAt)));
  if (turn.repeatable && retry) parts.push(el('button', { type: 'button', onclick: () => retry(turn) }, 'Retry'));
  else if (again && turn.state !== 'running') parts.push(el('button', { type: 'button', onclick: () => again(turn) }, 'Ask again'));
  const lines = [];
  if (turn.problem) lines.push(el('p', { className: 'problem' }, el('b', null, turn.problem.code), ` ${turn.problem.detail}`));
  if (turn.timings) lines.push(timeline(turn));
  lines.push(el('div', { className: 'line' }, ...parts));
  foot.replaceChildren(...lines);
}

function tokens({ promptTokens, completionTokens, reusedTokens, readTokens, reused }) {
  const from = Object.entries({ resident: reused?.resident, parked: reused?.parked, 'from disk': reused?.snapshot, shared: reused?.sharedPrefix })
    .filter(([, count]) => count > 0).map(([tier, count]) => `${number(count)} ${tier}`);
  return `${number(completionTokens)} tokens · ${number(readTokens)} of ${number(promptTokens)} read${reusedTokens > 0 ? `, ${from.join(', ') || `${number(reusedTokens)} reused`}` : ''}`;
}

/** Queued, read, generated: a bar whose parts are as long as they took. */
function timeline({ timings: { queuedMs, firstTokenMs, totalMs } }) {
  const parts = [['queued', queuedMs], ['read', Math.max(0, firstTokenMs - queuedMs)], ['written', Math.max(0, totalMs - firstTokenMs)]];
  const bar = el('div', { className: 'timing', 'aria-hidden': 'true' }, ...parts.map(([name, length]) => {
    const part = el('i', { className: name });
    part.style.flexGrow = Math.max(0, length / Math.max(totalMs, 0.001));
    return part;
  }));
  const words = parts.filter(([, length]) => length >= 0.5).map(([name, length]) => `${name} ${milliseconds(length)}`).join(' · ');
  return el('div', { className: 'timeline' }, bar, el('span', { className: 'quiet' }, words));
}
