// The form that asks for a key when the server wants one. The key stays in this tab.

import { el } from './dom.js';
import { key } from './api.js';

let open = null;

/** Shows the form once, however many requests were refused; `again` runs when a key was given. */
export function signIn(problem, again) {
  if (open) return;
  const input = el('input', { id: 'key', type: 'password', autocomplete: 'off', required: true, spellcheck: false });
  const form = el('form', { method: 'dialog', className: 'stack' },
    el('h2', null, 'Sign in'),
    el('p', null, problem.detail ?? 'This server wants a key.'),
    el('label', { for: 'key' }, 'API key'),
    input,
    el('p', { className: 'quiet' }, 'It is kept in this tab and forgotten when the tab is closed. “hc keys add” makes one.'),
    el('button', { className: 'primary' }, 'Sign in'));
  open = el('dialog', { className: 'signin' }, form);
  open.oncancel = event => event.preventDefault();
  form.onsubmit = event => {
    event.preventDefault();
    key.set(input.value.trim());
    open.close();
    open.remove();
    open = null;
    dispatchEvent(new Event('signed-in'));
    again();
  };
  document.body.append(open);
  open.showModal();
}
