import OpenAI from 'openai';
import { ResponsesWS } from 'openai/resources/responses/ws';

const socket = new ResponsesWS(new OpenAI({ baseURL: process.argv[2] + 'v1', apiKey: 'none' }));
const texts = [];
let text = '';
socket.send({ type: 'response.create', model: 'any', input: 'one two' });
for await (const { type, message, error } of socket.stream()) {
  if (type === 'error') throw error;
  if (type !== 'message') continue;
  if (message.type === 'response.output_text.delta') text += message.delta;
  if (message.type !== 'response.completed') continue;
  texts.push(text);
  text = '';
  if (texts.length === 2) break;
  socket.send({ type: 'response.create', model: 'any', input: 'three', previous_response_id: message.response.id });
}

socket.close();
console.log(JSON.stringify({ texts }));
