import { tool } from '@langchain/core/tools';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOllama } from '@langchain/ollama';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';

const weather = tool(async ({ city }) => `sunny in ${city}`, { name: 'get_weather', description: 'The weather of a city', schema: z.object({ city: z.string() }) });
const seen = {};
const models = {
  openai: new ChatOpenAI({ model: 'any', apiKey: 'none', maxRetries: 0, configuration: { baseURL: process.argv[2] + 'v1' } }),
  ollama: new ChatOllama({ model: 'any', baseUrl: process.argv[2] }),
};
for (const [name, model] of Object.entries(models)) {
  const whole = (await model.invoke('one two')).content;
  let text = '';
  for await (const piece of await model.stream('one two')) text += piece.content;
  const asked = [new HumanMessage('Weather?')];
  const call = await model.bindTools([weather]).invoke(asked);
  const result = await weather.invoke(call.tool_calls[0]);
  const answer = await model.bindTools([weather]).invoke([...asked, call, new ToolMessage({ content: result.content, tool_call_id: call.tool_calls[0].id })]);
  const object = await model.withStructuredOutput(z.object({ city: z.string() }), { method: 'jsonSchema' }).invoke('Answer');
  seen[name] = { whole, text, call: call.tool_calls[0].args.city, answer: answer.content, object };
}

console.log(JSON.stringify(seen));
