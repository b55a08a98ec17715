const $ = id => document.getElementById(id);
let conversation = location.hash.slice(1) || newId();
let running = null;
let turnId = null;

// crypto.randomUUID is there only over https and on localhost.
function randomId() { return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join(''); }
function newId() { return 'web-' + randomId(); }

function add(parent, tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  parent.append(element);
  return element;
}

async function json(path) {
  const response = await fetch(path);
  const body = await response.json();
  if (!response.ok) throw body;
  return body;
}

/** Calls `on(name, data)` for each server-sent event; throws the problem when the turn was refused. */
async function stream(path, body, on, signal) {
  const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal });
  if (!response.ok) throw await response.json();
  let rest = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const event = /^event: (.*)\ndata: (.*)$/.exec(block);
      if (event) on(event[1], JSON.parse(event[2]));
    }
  }
}

function show(user) {
  const item = add($('turns'), 'li', '');
  add(item, 'p', user, 'user');
  const reply = add(item, 'p', '');
  const meta = add(item, 'p', '', 'meta');
  item.scrollIntoView({ block: 'end' });
  return { item, reply, meta };
}

function describe(route, usage, timings) {
  return [route, timings && `first token ${Math.round(timings.firstTokenMs)} ms`, timings && `${Math.round(timings.totalMs)} ms in all`,
    usage && `${usage.completionTokens} tokens, ${usage.readTokens} of ${usage.promptTokens} read`].filter(Boolean).join(' · ');
}

async function say(text) {
  const { item, reply, meta } = show(text);
  let route = '';
  running = new AbortController();
  turnId = randomId();
  $('stop').disabled = false;
  try {
    await stream(`conversations/${encodeURIComponent(conversation)}/turns`, { turnId, text, interrupt: true }, (name, data) => {
      if (name === 'routed') meta.textContent = route = `${data.target}: ${data.reason}`;
      if (name === 'text') reply.textContent += data.text;
      if (name === 'completed') meta.textContent = describe(route, data.usage, data.timings);
      if (name === 'failed') throw data;
      item.scrollIntoView({ block: 'end' });
    }, running.signal);
  } catch (problem) {
    meta.textContent = problem.detail ?? String(problem);
    meta.className = 'problem';
  }
  running = null;
  $('stop').disabled = true;
  await list();
}

async function open(id) {
  running?.abort();
  conversation = id;
  history.replaceState(null, '', '#' + id);
  $('turns').replaceChildren();
  try {
    for (let after = 0; after !== null;) {
      const page = await json(`conversations/${encodeURIComponent(id)}?after=${after}&limit=200`);
      for (const turn of page.turns) {
        const shown = show(turn.user);
        shown.reply.textContent = turn.reply + (turn.state === 'interrupted' ? ' …' : '');
        shown.meta.textContent = turn.problem?.detail ?? describe(turn.route && `${turn.route}: ${turn.routeReason}`, turn.usage, turn.timings);
      }
      after = page.next;
    }
  } catch (problem) {
    if (problem.status !== 404) show('').meta.textContent = problem.detail ?? String(problem);
  }
  await list();
  $('text').focus();
}

async function list() {
  const page = await json('conversations?limit=50').catch(() => null);
  if (!page) return;
  $('conversations').replaceChildren();
  for (const { id, turns } of page.conversations) {
    const button = add(add($('conversations'), 'li', ''), 'button', `${id} (${turns})`);
    button.type = 'button';
    if (id === conversation) button.setAttribute('aria-current', 'true');
    button.onclick = () => open(id);
  }
}

async function watch() {
  try {
    const ready = await fetch('health/ready');
    $('ready').textContent = ready.ok ? 'ready' : (await ready.json()).detail;
    const fleet = await json('fleet');
    $('fleet').replaceChildren();
    for (const device of fleet.devices) {
      add($('fleet'), 'strong', `${device.deviceId}: ${device.state}`);
      const table = add($('fleet'), 'dl', '');
      const { load, model, profile } = device;
      const rows = { model: model.name, running: load.running, waiting: `${load.waiting} of ${load.queueLimit}`, sequences: `${load.sequences} of ${load.maxSequences}`,
        'KV cells': `${load.kvCellsUsed} of ${load.kvCells}`, 'tokens/s': profile ? profile.decodeTokensPerSecond.toFixed(1) : '–' };
      for (const [name, value] of Object.entries(rows)) { add(table, 'dt', name); add(table, 'dd', value); }
    }
    for (const cloud of fleet.escalations) add($('fleet'), 'p', `${cloud.endpoint}: ${cloud.available ? 'available' : cloud.reason}`);
  } catch (problem) {
    $('ready').textContent = problem.detail ?? 'The server does not answer.';
  }
  setTimeout(watch, 2000);
}

$('say').onsubmit = event => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (!text) return;
  $('text').value = '';
  say(text);
};
$('stop').onclick = () => fetch(`conversations/${encodeURIComponent(conversation)}/interrupt`, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ turnId }),
});
$('new').onclick = () => open(newId());
open(conversation);
watch();
