// Asks before a conversation is deleted, and says what that removes.

import { el } from './dom.js';
import { number, plural } from './format.js';

/** Resolves to true when the person means it. */
export function ConfirmDelete(page, id) {
  return new Promise(answer => {
    const dialog = el('dialog', null, el('form', { method: 'dialog', className: 'stack' },
      el('h2', null, 'Delete this conversation?'),
      el('p', null, el('code', null, id)),
      el('ul', null,
        el('li', null, `${plural(page.turnCount, 'turn')}: every word that was said and answered, and a reply that is running`),
        el('li', null, page.kv ? `its KV state of ${number(page.kv.tokens)} tokens on ${page.kv.deviceId}, in memory and on disk` : 'its KV states on every device, in memory and on disk')),
      el('p', { className: 'quiet' }, 'It cannot be brought back. What the cloud was paid stays in the books, without a word of it.'),
      el('div', { className: 'actions' }, el('button', { value: '', autofocus: true }, 'Keep it'), el('button', { value: 'delete', className: 'danger' }, 'Delete'))));
    dialog.onclose = () => {
      dialog.remove();
      answer(dialog.returnValue === 'delete');
    };
    document.body.append(dialog);
    dialog.showModal();
  });
}
