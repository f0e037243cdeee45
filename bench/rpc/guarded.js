// What a guarded call costs over an unguarded one: node rpc/guarded.js [--rounds 15] [--ms 300] [--bytes 32] [--listen tcp://127.0.0.1:0]
// One client process and one server process; the same handler and codec under @idempotent (twice, for the noise) and
// @atMostOnce. The kinds take turns within a round, in changing order; ratios are taken within a round, then their median.
import { fork } from 'node:child_process';
import { connect, serve } from '@rpcgen/runtime';
import { args } from '../lib/args.js';
import { median, spread, table } from '../lib/stats.js';

const bytes = { encode: (value) => value, decode: (payload) => payload.slice() };
const method = (name, semantics) => ({ name, path: `bench.Guarded/${name}`, kind: 'unary', semantics, request: bytes, response: bytes, errors: [] });
const methods = { plain: method('plain', 'idempotent'), again: method('again', 'idempotent'), guarded: method('guarded', 'atMostOnce') };
const descriptor = { name: 'bench.Guarded', fingerprint: '00', methods };
const now = () => Number(process.hrtime.bigint()) / 1e3; // microseconds
const cpu = () => { const { user, system } = process.cpuUsage(); return user + system; };

if (process.argv[2] === 'serve') {
  const answer = (body) => body;
  const server = await serve({ listen: process.argv[3], services: [{ descriptor, handlers: { plain: answer, again: answer, guarded: answer } }] });
  process.on('message', () => process.send({ cpu: cpu() }));
  process.on('disconnect', () => process.exit(0));
  process.send({ address: server.addresses[0] });
} else {
  const o = args({ rounds: 15, ms: 300, warm: 1500, bytes: 32, listen: 'tcp://127.0.0.1:0' });
  const child = fork(new URL(import.meta.url), ['serve', o.listen]);
  const next = () => new Promise((ok) => child.once('message', ok));
  const { address } = await next();
  const served = async () => { const answer = next(); child.send('cpu'); return (await answer).cpu; };
  const channel = await connect(address);
  const body = new Uint8Array(o.bytes).fill(7);

  async function run(kind, window, ms) {
    const call = () => channel.unary(methods[kind], body);
    const times = [];
    let done = 0, running = true;
    const c0 = cpu(), s0 = await served(), t0 = now();
    const loop = async () => { while (running) { const t = now(); await call(); if (window === 1) times.push(now() - t); if ((++done & 255) === 0 && now() - t0 > ms * 1e3) running = false; } };
    await Promise.all(Array.from({ length: window }, loop));
    const wall = now() - t0;
    return { us: window === 1 ? median(times) : wall / done, client: (cpu() - c0) / done, server: (await served() - s0) / done };
  }

  const kinds = Object.keys(methods);
  const rows = [];
  for (const window of [1, 64]) {
    for (const kind of kinds) await run(kind, window, o.warm / 3);
    const rounds = [];
    for (let r = 0; r < o.rounds; r++) {
      const got = {};
      for (let i = 0; i < kinds.length; i++) { const kind = kinds[(i + r) % kinds.length]; got[kind] = await run(kind, window, o.ms); }
      rounds.push(got);
    }
    for (const kind of kinds) {
      const ratio = (f) => median(rounds.map((g) => f(g[kind]) / f(g.plain)));
      const mean = (f) => median(rounds.map((g) => f(g[kind])));
      rows.push([`${kind} (${methods[kind].semantics})`, String(window), mean((x) => x.us).toFixed(2), ratio((x) => x.us).toFixed(3),
        mean((x) => x.client).toFixed(2), mean((x) => x.server).toFixed(2), ratio((x) => x.client + x.server).toFixed(3),
        `${(100 * spread(rounds.map((g) => g[kind].us))).toFixed(0)}%`]);
    }
  }
  console.log(table(['method', 'in flight', 'us a call', 'x plain', 'client cpu us', 'server cpu us', 'x plain', 'spread'], rows));
  await channel.close();
  child.disconnect();
}
