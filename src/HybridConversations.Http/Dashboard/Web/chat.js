// Chat: a conversation that one holds here. Enter sends, Shift+Enter begins a line.

import { el } from './dom.js';
import { ask, conversationPath, events, randomId } from './api.js';
import { Dialogue, atEnd, toEnd } from './dialogue.js';

export async function showChat(main, name, signal, query) {
  const id = name || `web-${randomId()}`;
  if (!name) history.replaceState(null, '', `#/chat/${encodeURIComponent(id)}`);
  const text = el('textarea', { rows: 1, maxLength: 200_000, placeholder: 'Say something', 'aria-label': 'What you say', 'aria-keyshortcuts': 'Enter' });
  const send = el('button', { className: 'primary' }, 'Send');
  const stop = el('button', { type: 'button', hidden: true }, 'Stop');
  const kept = el('input', { type: 'checkbox' });
  const think = el('select', { 'aria-label': 'Where to think' }, ...[['auto', 'where it fits'], ['local', 'on the device'], ['cloud', 'in the cloud']].map(([value, words]) => el('option', { value }, words)));
  const form = el('form', { className: 'say' }, text,
    el('div', { className: 'actions' }, el('label', null, kept, ' private'), el('label', null, 'think ', think),
      el('a', { className: 'button', href: '#/chat', title: 'Begin a new conversation' }, 'New'), stop, send));
  const dialogue = new Dialogue(id, { retry: again, again: turn => say({ turnId: randomId(), text: turn.user }) }, signal);
  const hint = el('p', { className: 'quiet hint' }, 'Nothing has been said yet.');
  main.append(el('h2', { className: 'unseen' }, 'Chat'), hint, dialogue.element, form);
  let running = null;

  function again(turn) { return say({ turnId: turn.turnId, text: turn.user }); }

  async function say({ turnId, text: words }) {
    hint.hidden = true;
    const turn = dialogue.add({ turnId, user: words, state: 'running', startedAt: new Date().toISOString() });
    toEnd();
    const own = running = { turnId, aborter: new AbortController() };
    stop.hidden = false;
    const hear = (event, data) => {
      const follow = atEnd();
      turn.hear(event, data);
      if (follow) requestAnimationFrame(toEnd);
    };
    try {
      const body = { turnId, text: words, interrupt: true, resumable: true, think: think.value, private: kept.checked };
      await events(conversationPath(id, '/turns'), { method: 'POST', body, signal: AbortSignal.any([signal, own.aborter.signal]) }, hear);
    } catch (problem) {
      if (!signal.aborted) hear('failed', problem.detail ? problem : { code: 'broken', detail: String(problem), retryable: true });
    }
    if (running === own) {
      running = null;
      stop.hidden = true;
    }
  }

  function grow() {
    text.style.height = 'auto';
    text.style.height = `${Math.min(text.scrollHeight, innerHeight / 3)}px`;
  }

  text.oninput = grow;
  text.onkeydown = event => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === 'Escape' && running) stop.click();
  };
  form.onsubmit = event => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    text.value = '';
    grow();
    say({ turnId: randomId(), text: words });
  };
  stop.onclick = () => { if (running) ask(conversationPath(id, '/interrupt'), { method: 'POST', body: { turnId: running.turnId } }).catch(() => running?.aborter.abort()); };

  const page = await dialogue.open();
  hint.hidden = page !== null;
  toEnd();
  text.focus({ preventScroll: true });
  const retry = query.get('retry') && page?.turns.find(turn => turn.turnId === query.get('retry'));
  if (retry) {
    history.replaceState(null, '', `#/chat/${encodeURIComponent(id)}`);
    again(retry);
  }
}
