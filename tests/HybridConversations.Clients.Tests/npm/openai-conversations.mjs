import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.argv[2] + 'v1', apiKey: 'none' });
const conversation = await client.conversations.create({ metadata: { topic: 'demo' }, items: [{ type: 'message', role: 'user', content: 'one' }, { type: 'message', role: 'assistant', content: 'uno' }] });
const answer = await client.responses.create({ model: 'any', input: 'two', conversation: conversation.id });
const items = [];
for await (const item of client.conversations.items.list(conversation.id, { order: 'asc', limit: 2 })) items.push(item.content[0].text);
const updated = await client.conversations.update(conversation.id, { metadata: { topic: 'other' } });
const added = await client.conversations.items.create(conversation.id, { items: [{ type: 'message', role: 'user', content: 'three' }] });
const item = await client.conversations.items.retrieve(added.data[0].id, { conversation_id: conversation.id });
await client.conversations.items.delete(item.id, { conversation_id: conversation.id });
const deleted = await client.conversations.delete(conversation.id);
let gone;
try {
  await client.conversations.retrieve(conversation.id);
} catch (error) {
  gone = error.status;
}

console.log(JSON.stringify({ answer: answer.output_text, items, topic: updated.metadata.topic, item: item.content[0].text, deleted: deleted.deleted, gone }));
