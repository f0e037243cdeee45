// Ours beside the bare floors of the same path, in turns of a few milliseconds: node rpc/paired.js [--rounds 60] [--ms 60] [--path tcp|uds] [--serverCpu 1]
// One client process and one server process hold a connection of each; whatever else the machine does then hits all of them alike.
// Ratios are taken within a round, then their median; `best` is over rounds. The bare frames stand there twice, for the noise.
import { fork } from 'node:child_process';
import { args } from '../lib/args.js';
import { median, quantile, si, spread, table } from '../lib/stats.js';

const STACKS = {
  tcp: { bare: 'tcp', again: 'tcp-again', coalesced: 'tcp-coalesced', rpcgen: 'rpcgen' },
  uds: { bare: 'uds', coalesced: 'uds-coalesced', rpcgen: 'rpcgen-uds' },
};
const load = async (path) => Object.fromEntries(await Promise.all(Object.entries(STACKS[path]).map(async ([name, file]) => [name, (await import(`./adapters/${file}.js`)).default])));
const now = () => Number(process.hrtime.bigint()) / 1e3; // microseconds

if (process.argv[2] === 'serve') {
  const addresses = {};
  for (const [name, peer] of Object.entries(await load(process.argv[3]))) addresses[name] = (await peer.serve()).address;
  process.on('disconnect', () => process.exit(0));
  process.send(addresses);
} else {
  const o = args({ rounds: 60, ms: 60, path: 'tcp', windows: '1,64,512', large: 4194304, warm: 2000, serverCpu: '' });
  const child = fork(new URL(import.meta.url), ['serve', o.path], o.serverCpu === '' ? {} : { execPath: 'taskset', execArgv: ['-c', String(o.serverCpu), process.execPath] });
  const addresses = await new Promise((ok, no) => child.once('message', ok).once('exit', (code) => no(new Error(`the server exited with ${code}`))));
  const peers = await load(o.path), names = Object.keys(peers), connections = {};
  for (const name of names) connections[name] = await peers[name].connect(addresses[name]);

  /** The median time of a call in microseconds, one after the other. */
  async function latency(call, ms) {
    const times = [], until = now() + ms * 1e3;
    while (now() < until) { const t = now(); await call(); times.push(now() - t); }
    return quantile(times, 0.5);
  }
  /** Calls a second with so many in flight. */
  async function rate(call, window, ms) {
    let done = 0;
    const t0 = now(), until = t0 + ms * 1e3;
    await Promise.all(Array.from({ length: window }, async () => { while (now() < until) { await call(); done++; } }));
    return (done / (now() - t0)) * 1e6;
  }
  // Optimised code comes late on a machine that is busy.
  for (const name of names) for (const window of [64, 1]) await rate(() => connections[name].add(1, 2), window, o.warm / 2);
  const body = new Uint8Array(o.large).fill(7);
  const jobs = String(o.windows).split(',').map(Number).map((window) => (window === 1
    ? { what: 'one call, us', floor: 'bare', less: true, run: (c) => latency(() => c.add(1, 2), o.ms) }
    : { what: `calls/s, ${window} in flight`, floor: 'coalesced', less: false, run: (c) => rate(() => c.add(1, 2), window, o.ms) }));
  if (o.large > 0) jobs.push({ what: `echo of ${o.large >> 20} MiB, us`, floor: 'bare', less: true, run: (c) => latency(() => c.echo(body), o.ms) });

  const rows = [];
  for (const { what, floor, less, run } of jobs) {
    for (let r = 0; r < 3; r++) for (const name of names) await run(connections[name]);
    const rounds = [];
    for (let r = 0; r < o.rounds; r++) {
      const got = {};
      for (let i = 0; i < names.length; i++) { const name = names[(i + r) % names.length]; got[name] = await run(connections[name]); }
      rounds.push(got);
    }
    const best = (name) => quantile(rounds.map((g) => g[name]), less ? 0.05 : 0.95);
    for (const name of names) rows.push([what, name, si(median(rounds.map((g) => g[name]))), si(best(name)), floor,
      median(rounds.map((g) => g[name] / g[floor])).toFixed(2), (best(name) / best(floor)).toFixed(2), `${(100 * spread(rounds.map((g) => g[name]))).toFixed(0)}%`]);
  }
  console.log(table(['what', `over ${o.path}`, 'median', 'best', 'over', 'median ratio', 'ratio of bests', 'spread'], rows));
  for (const name of names) await connections[name].close();
  child.disconnect();
  setTimeout(() => process.exit(0), 50);
}
