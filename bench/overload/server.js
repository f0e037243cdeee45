// Child process: node overload/server.js bounded|unbounded. Serves at its pace, which the parent slows down for a time.
import { serve } from '@rpcgen/runtime';
import { watchPauses } from './pauses.js';
import { descriptor, PLACES, SERVICE_MS } from './service.js';

const bounded = process.argv[2] === 'bounded';
let slowFrom = Infinity, slowUntil = Infinity, factor = 1;
const serviceMs = () => { const now = Date.now(); return now >= slowFrom && now < slowUntil ? SERVICE_MS * factor : SERVICE_MS; };
const service = () => new Promise((done) => setTimeout(done, serviceMs()));

// The places of a server that nobody protects: who comes waits, however long the line is, and whoever is served is served to the end.
let free = PLACES;
const line = [];
async function inLine(run) {
  if (free > 0) free--;
  else await new Promise((next) => line.push(next));
  try { return await run(); } finally { const next = line.shift(); if (next) next(); else free++; }
}

async function work(_params, { attempt }) {
  if (bounded) await service();
  else await inLine(service);
  return attempt;
}
const unlimited = { maxRunning: 1e9, maxCallsPerConnection: 1e9 };
const server = await serve({ listen: 'tcp://127.0.0.1:0', services: [{ descriptor, handlers: { work } }], limits: bounded ? { maxRunning: PLACES } : unlimited });
let pause = () => 0;
process.on('message', (job) => {
  if (job === 'pause') return process.send(pause());
  pause = watchPauses();
  ({ slowFrom, slowUntil, factor } = job);
});
process.on('disconnect', () => process.exit(0));
process.send({ address: server.addresses[0] });
