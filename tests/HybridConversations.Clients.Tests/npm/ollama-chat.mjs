import { Ollama } from 'ollama';

const ollama = new Ollama({ host: process.argv[2] });
const model = (await ollama.list()).models[0].name;
const shown = await ollama.show({ model });
let text = '', last;
for await (const part of await ollama.chat({ model, messages: [{ role: 'user', content: 'one two' }], stream: true, keep_alive: -1, options: { num_ctx: 8192 } })) {
  text += part.message.content;
  last = part;
}

const whole = await ollama.generate({ model, prompt: 'three', stream: false });
let error;
try {
  await ollama.embed({ model, input: 'x' });
} catch (e) {
  error = e.message;
}

console.log(JSON.stringify({ model, capabilities: shown.capabilities, text, done: last.done_reason, whole: whole.response, error, running: (await ollama.ps()).models.length }));
