// Conversations: the newest first, searched by words, device, route, state and time. More are fetched as one scrolls.

import { el, keyed, put } from './dom.js';
import { json } from './api.js';
import { onFleet } from './live.js';
import { ago, clock, plural } from './format.js';

const spans = { 'any time': null, 'last hour': 3_600_000, 'last day': 86_400_000, 'last week': 604_800_000 };

/** A conversation in words: its first ones, else its id. */
export const nameOf = ({ id, title }) => title || id;

export async function showConversations(main, _, signal, query) {
  const words = el('input', { type: 'search', value: query.get('words') ?? '', placeholder: 'Words that were said, or an id', 'aria-label': 'Words or id' });
  const by = choice('Answered by', ['', ...query.get('by') ? [query.get('by')] : []], 'anyone', query.get('by'));
  const route = choice('Route', ['', 'local', 'cloud'], 'any route', query.get('route'));
  const state = choice('State', ['', 'running', 'completed', 'interrupted', 'failed'], 'any state', query.get('state'));
  const time = choice('Time', Object.keys(spans), null, query.get('time'));
  const list = el('ul', { className: 'conversations' });
  const end = el('p', { className: 'quiet end' });
  const form = el('form', { className: 'bar', role: 'search', onsubmit: event => event.preventDefault() }, words, by, route, state, time);
  main.append(el('h2', { className: 'unseen' }, 'Conversations'), form, list, end);

  let lines = [];
  let next = null;
  let loading = null;
  let newest;

  const address = (cursor, limit) => {
    const asked = new URLSearchParams({ limit });
    for (const [name, value] of Object.entries({ words: words.value.trim(), answeredBy: by.value, route: route.value, state: state.value, cursor })) if (value) asked.set(name, value);
    if (spans[time.value]) asked.set('since', new Date(Date.now() - spans[time.value]).toISOString());
    return `conversations?${asked}`;
  };

  function draw() {
    keyed(list, lines, line => line.id, row, (item, line) => item.say(line));
    put(end, next ? 'Looking for more…' : lines.length > 0 ? plural(lines.length, 'conversation') : words.value || by.value || route.value || state.value || spans[time.value]
      ? 'No conversation answers to this.' : 'No conversation yet. Say something in Chat.');
  }

  /** It tells only changes: where the end is still in view, it must be asked anew. */
  function look() {
    seen.unobserve(end);
    if (next) seen.observe(end);
  }

  /** Begins anew; whoever searched before is forgotten. */
  async function search() {
    loading?.abort();
    const own = loading = new AbortController();
    put(end, 'Looking…');
    try {
      const page = await json(address(null, 50), { signal: own.signal });
      ({ conversations: lines, next } = page);
      draw();
      look();
    } catch (error) {
      if (error.name !== 'AbortError') put(end, error.detail ?? String(error));
    }
  }

  async function more() {
    const own = loading;
    if (!next || own.busy) return;
    own.busy = true;
    try {
      // A page of a search may be short although there is more: the server looks at so many at a time.
      for (let found = 0; next && found < 20 && !own.signal.aborted;) {
        const page = await json(address(next, 50), { signal: own.signal });
        const known = new Set(lines.map(line => line.id));
        lines = [...lines, ...page.conversations.filter(line => !known.has(line.id))];
        next = page.next;
        found += page.conversations.length;
        draw();
      }
    } catch (error) {
      if (error.name !== 'AbortError') put(end, error.detail ?? String(error));
    } finally {
      own.busy = false;
      look();
    }
  }

  /** What is new on the first page, without moving what was fetched behind it. */
  async function refresh() {
    const own = loading;
    const page = await json(address(null, 50), { signal: own.signal }).catch(() => null);
    if (!page || own !== loading) return;
    const fresh = new Set(page.conversations.map(line => line.id));
    const oldest = page.next ? page.conversations.at(-1)?.updatedAt : '';
    lines = [...page.conversations, ...lines.filter(line => !fresh.has(line.id) && line.updatedAt < oldest)];
    if (!page.next) next = null;
    draw();
  }

  const seen = new IntersectionObserver(entries => { if (entries.some(entry => entry.isIntersecting)) more(); }, { rootMargin: '600px' });
  let typing;
  words.oninput = () => { clearTimeout(typing); typing = setTimeout(search, 250); };
  for (const select of [by, route, state, time]) select.onchange = search;
  signal.addEventListener('abort', () => { seen.disconnect(); loading?.abort(); });
  onFleet(news => {
    for (const name of [...news?.devices ?? []].map(device => device.deviceId).concat([...news?.escalations ?? []].map(cloud => cloud.endpoint))) {
      if (![...by.options].some(option => option.value === name)) by.append(el('option', { value: name }, name));
    }
  }, signal);
  await search();
  onFleet(news => {
    if (news && newest !== undefined && news.newest !== newest) refresh();
    newest = news?.newest ?? newest;
    for (const item of list.children) item.tick();
  }, signal);
}

function choice(label, values, any, chosen) {
  return el('select', { 'aria-label': label }, ...values.map(value => el('option', { value, selected: value === chosen }, value || any)));
}

function row(line) {
  const name = el('strong');
  const preview = el('p', { className: 'preview', dir: 'auto' });
  const about = el('p', { className: 'quiet' });
  const time = el('time', { className: 'quiet' });
  const chip = el('span', { className: 'chip' });
  const item = el('li', null, el('a', { href: `#/conversations/${encodeURIComponent(line.id)}` }, el('div', { className: 'head' }, name, time), preview, el('div', { className: 'head' }, about, chip)));
  item.say = now => {
    line = now;
    put(name, nameOf(line));
    put(preview, line.preview ?? '');
    put(about, [plural(line.turns, 'turn'), line.answeredBy && `${line.route ?? ''} ${line.answeredBy}`.trim(), line.title && line.id].filter(Boolean).join(' · '));
    put(chip, line.state && line.state !== 'completed' ? line.state : '');
    chip.className = `chip ${line.state === 'failed' ? 'bad' : line.state === 'running' ? 'good' : 'fair'}`;
    chip.hidden = !line.state || line.state === 'completed';
    time.dateTime = line.updatedAt;
    time.title = clock(line.updatedAt);
    item.tick();
  };
  item.tick = () => put(time, ago(line.updatedAt));
  return item;
}
