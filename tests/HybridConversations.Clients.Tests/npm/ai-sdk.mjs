import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';

const provider = createOpenAICompatible({ name: 'hybrid', baseURL: process.argv[2] + 'v1', supportsStructuredOutputs: true });
const model = provider('any');
const whole = await generateText({ model, prompt: 'one two' });
let text = '';
for await (const piece of streamText({ model, prompt: 'one two' }).textStream) text += piece;
const tools = { get_weather: tool({ description: 'The weather of a city', inputSchema: z.object({ city: z.string() }), execute: async ({ city }) => `sunny in ${city}` }) };
const called = await generateText({ model, prompt: 'Weather?', tools, stopWhen: stepCountIs(3) });
const streamed = streamText({ model, prompt: 'Weather?', tools, stopWhen: stepCountIs(3) });
const { object } = await generateObject({ model, prompt: 'Answer', schema: z.object({ city: z.string() }) });
console.log(JSON.stringify({ whole: whole.text, text, called: called.text, streamed: await streamed.text, object, steps: called.steps.length }));
