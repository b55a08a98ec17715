import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.argv[2] + 'v1', apiKey: 'none' });
const types = [];
let id, text = '';
for await (const event of await client.responses.create({ model: 'any', input: 'one two', stream: true })) {
  types.push(event.type);
  if (event.type === 'response.output_text.delta') text += event.delta;
  if (event.type === 'response.completed') id = event.response.id;
}

const next = await client.responses.create({ model: 'any', input: 'three', previous_response_id: id });
const read = await client.responses.retrieve(next.id);
const items = await client.responses.inputItems.list(next.id);
let code;
try {
  await client.responses.create({ model: 'any', input: 'x', previous_response_id: 'resp_gone' });
} catch (error) {
  code = `${error.status} ${error.code}`;
}

await client.responses.delete(next.id);
console.log(JSON.stringify({ types, text, next: next.output_text, read: read.output_text, input: items.data[0].content[0].text, code }));
