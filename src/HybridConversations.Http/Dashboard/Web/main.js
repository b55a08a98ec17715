// Which section is shown: the address behind the # says it. A section is a function that fills <main> and stops when its signal is aborted.

import { el, put } from './dom.js';
import { connect, onFleet } from './live.js';
import { whenRefused } from './api.js';
import { signIn } from './signin.js';
import { showFleet } from './fleet.js';
import { showDevice } from './device.js';
import { showConversations } from './conversations.js';
import { showConversation } from './conversation.js';
import { showCloud } from './cloud.js';
import { showChat } from './chat.js';

const main = document.getElementById('main');
const state = document.getElementById('state');
let leave = new AbortController();

const sections = {
  fleet: name => name ? showDevice : showFleet,
  conversations: name => name ? showConversation : showConversations,
  cloud: () => showCloud,
  chat: () => showChat,
};

function show() {
  leave.abort();
  leave = new AbortController();
  const [path, query] = location.hash.split('?');
  const [, section = 'fleet', ...rest] = path.split('/');
  const name = rest.length > 0 ? decodeURIComponent(rest.join('/')) : '';
  const find = sections[section] ?? sections.fleet;
  for (const link of document.querySelectorAll('header nav a')) {
    if (link.getAttribute('href') === `#/${section in sections ? section : 'fleet'}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  main.dataset.section = section;
  main.replaceChildren();
  scrollTo(0, 0);
  Promise.resolve(find(name)(main, name, leave.signal, new URLSearchParams(query))).catch(error => {
    if (error.name === 'AbortError' || leave.signal.aborted) return;
    main.append(el('p', { className: 'problem', role: 'alert' }, error.detail ?? String(error)));
  });
}

addEventListener('hashchange', show);
document.querySelector('.skip').onclick = event => { event.preventDefault(); main.focus(); };
whenRefused(problem => signIn(problem, show));
onFleet((fleet, problem) => {
  const there = fleet?.devices.filter(device => !['lost', 'left'].includes(device.condition)) ?? [];
  const serving = there.filter(device => ['serving', 'saturated'].includes(device.condition)).length;
  put(state, problem ?? `${serving} of ${there.length} ${there.length === 1 ? 'device serves' : 'devices serve'}`);
  state.className = problem ? 'bad' : serving === there.length ? 'good' : 'fair';
});
connect();
show();
