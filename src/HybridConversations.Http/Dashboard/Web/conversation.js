// One conversation as it is on record. Looking wakes nothing and takes no memory of a device.

import { el, put } from './dom.js';
import { ask, conversationPath, json } from './api.js';
import { onFleet } from './live.js';
import { Dialogue, atEnd, toEnd } from './dialogue.js';
import { ConfirmDelete } from './remove.js';
import { number, plural } from './format.js';

export async function showConversation(main, id, signal) {
  const heading = el('h2', null, id);
  const about = el('p', { className: 'quiet' });
  const system = el('details', { className: 'system', hidden: true }, el('summary', null, 'System prompt'), el('pre'));
  const dialogue = new Dialogue(id, { retry: turn => { location.hash = `#/chat/${encodeURIComponent(id)}?retry=${encodeURIComponent(turn.turnId)}`; } }, signal);
  const buttons = el('div', { className: 'actions' },
    el('a', { className: 'button primary', href: `#/chat/${encodeURIComponent(id)}` }, 'Go on talking'),
    el('button', { type: 'button', onclick: () => download(id, signal) }, 'Export'),
    el('button', { type: 'button', className: 'danger', onclick: () => remove() }, 'Delete…'));
  main.append(el('p', { className: 'back' }, el('a', { href: '#/conversations' }, '← Conversations')), heading, about, buttons, system, dialogue.element);
  let page = await dialogue.open();
  if (!page) {
    put(about, 'There is no such conversation; it may have been deleted.');
    buttons.hidden = true;
    return;
  }

  function describe() {
    const first = dialogue.turns.querySelector('.said')?.textContent;
    put(heading, page.turnCount <= dialogue.turns.children.length && first ? first.slice(0, 80) : id);
    put(about, [id, plural(page.turnCount, 'turn'), page.kv ? `KV of ${number(page.kv.tokens)} tokens on ${page.kv.deviceId}` : 'no KV anywhere: the next turn reads the history'].join(' · '));
    system.hidden = !page.system;
    put(system.lastChild, page.system);
  }

  async function remove() {
    if (!await ConfirmDelete(page, id)) return;
    await ask(conversationPath(id), { method: 'DELETE' });
    location.hash = '#/conversations';
  }

  describe();
  toEnd();
  let newest;
  onFleet(async news => {
    const changed = newest !== undefined && news && news.newest !== newest;
    newest = news?.newest ?? newest;
    if (!changed) return;
    const follow = atEnd();
    page = await dialogue.refresh() ?? page;
    describe();
    if (follow) toEnd();
  }, signal);
}

/** All of it as JSON lines: first what it is, then a turn a line. */
async function download(id, signal) {
  const lines = [];
  for (let after = 0; after !== null;) {
    const page = await json(conversationPath(id, `?after=${after}&limit=200`), { signal });
    if (lines.length === 0) lines.push({ conversation: id, system: page.system, turns: page.turnCount });
    lines.push(...page.turns);
    after = page.next;
  }
  const address = URL.createObjectURL(new Blob([lines.map(line => JSON.stringify(line) + '\n').join('')], { type: 'application/jsonl' }));
  const link = el('a', { href: address, download: `${id.replace(/[^\w.-]+/g, '_')}.jsonl` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
