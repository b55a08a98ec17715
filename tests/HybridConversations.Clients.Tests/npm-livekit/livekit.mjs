import { initializeLogger, llm } from '@livekit/agents';
import { LLM } from '@livekit/agents-plugin-openai';
import { z } from 'zod';

initializeLogger({ pretty: false, level: 'silent' });
const model = new LLM({ model: 'any', apiKey: 'none', baseURL: process.argv[2] + 'v1' });
const weather = llm.tool({ description: 'The weather of a city', parameters: z.object({ city: z.string() }), execute: async ({ city }) => `sunny in ${city}` });
async function say(chatCtx, toolCtx) {
  const seen = { text: '', calls: [] };
  for await (const chunk of model.chat({ chatCtx, toolCtx })) {
    seen.text += chunk.delta?.content ?? '';
    for (const call of chunk.delta?.toolCalls ?? []) seen.calls.push(`${call.name} ${call.args}`);
    if (chunk.usage) seen.total = chunk.usage.totalTokens;
  }

  return seen;
}

const greeting = llm.ChatContext.empty();
greeting.addMessage({ role: 'system', content: 'Greet the caller.' });
const chat = llm.ChatContext.empty();
chat.addMessage({ role: 'user', content: 'one two' });
const asked = llm.ChatContext.empty();
asked.addMessage({ role: 'user', content: 'Weather?' });
console.log(JSON.stringify({ greeting: await say(greeting), chat: await say(chat), call: await say(asked, { get_weather: weather }) }));
process.exit(0);
