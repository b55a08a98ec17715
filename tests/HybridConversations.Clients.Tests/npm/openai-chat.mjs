import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.argv[2] + 'v1', apiKey: 'none' });
const model = (await client.models.list()).data[0].id;
const messages = [{ role: 'user', content: 'one two' }];
const whole = await client.chat.completions.create({ model, messages, n: 2 });
let text = '', usage;
for await (const chunk of await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } })) {
  text += chunk.choices[0]?.delta.content ?? '';
  usage = chunk.usage ?? usage;
}

const tools = [{
  type: 'function',
  function: {
    name: 'get_weather', description: 'The weather of a city', parse: JSON.parse, function: ({ city }) => `sunny in ${city}`,
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}];
const called = await client.chat.completions.runTools({ model, messages: [{ role: 'user', content: 'Weather?' }], tools }).finalContent();
const streamed = await client.chat.completions.runTools({ model, messages: [{ role: 'user', content: 'Weather?' }], tools, stream: true }).finalContent();
const completed = await client.completions.create({ model, prompt: 'three', max_tokens: -1 });
let refused, embedded;
try {
  await client.chat.completions.create({ model, messages, functions: [{ name: 'f', parameters: {} }] });
} catch (error) {
  refused = `${error.status} ${error.param}`;
}

try {
  await client.embeddings.create({ model, input: 'x' }, { maxRetries: 0 });
} catch (error) {
  embedded = `${error.status} ${error.code}`;
}

console.log(JSON.stringify({ texts: whole.choices.map(choice => choice.message.content), text, total: usage.total_tokens, called, streamed, completed: completed.choices[0].text, refused, embedded, requestId: whole._request_id }));
