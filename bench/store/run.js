// Durable commits of the embedded store beside the floor under them: a loop that appends as many bytes and calls
// fs.fdatasync, one at a time. All in turns within a round; ratios are taken within the round. `loop again` is the A/A control.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openLogStore } from '@rpcgen/runtime/store/log';
import { args } from '../lib/args.js';
import { median, spread, table } from '../lib/stats.js';

// folder: where the files go; it must be on the disk that is meant, and not in memory.
const o = args({ rounds: 5, ms: 2000, value: 200, concurrency: '1,16,64', folder: '' });
const root = fs.mkdtempSync(path.join(o.folder || new URL('..', import.meta.url).pathname, '.store-'));
const concurrency = String(o.concurrency).split(',').map(Number);

/** Appends and syncs, one after the other: what a commit cannot be faster than when nobody shares its sync. */
async function loop(bytes) {
  const fd = fs.openSync(path.join(root, 'loop'), 'w');
  const record = Buffer.alloc(bytes, 7);
  const times = [];
  const end = performance.now() + o.ms;
  let at = 0;
  for (let began = performance.now(); began < end; ) {
    await new Promise((resolve, reject) => fs.write(fd, record, 0, bytes, at, (e) => (e ? reject(e) : fs.fdatasync(fd, (f) => (f ? reject(f) : resolve())))));
    at += bytes;
    const now = performance.now();
    times.push(now - began);
    began = now;
  }
  fs.closeSync(fd);
  return summary(times, o.ms);
}

const value = new Uint8Array(o.value);
const payload = new Uint8Array(100);
const fingerprint = new Uint8Array(16);

/** A call as a server makes it: find, read, write, completion. */
function commit(store, client, sequence) {
  const key = { principal: '', client, sequence };
  return store.transact(async (transaction) => {
    if ((await transaction.find(key)) !== undefined) throw new Error('known already');
    await transaction.watermark('', client);
    await transaction.tx.get(`account/${client}`);
    await transaction.tx.put(`account/${client}`, value);
    await transaction.put(key, { method: 'bank.Accounts/deposit', fingerprint, outcome: { kind: 'reply', payload }, completedAt: Date.now() });
  });
}

/** Clients that each make one call after the other. */
async function commits(store, clients) {
  const times = [];
  const end = performance.now() + o.ms;
  await Promise.all(Array.from({ length: clients }, async (_, number) => {
    const client = number.toString(16).padStart(32, '0');
    for (let sequence = 1, began = performance.now(); began < end; sequence++) {
      await commit(store, client, sequence);
      void store.acknowledge('', client, sequence);
      const now = performance.now();
      times.push(now - began);
      began = now;
    }
  }));
  return summary(times, o.ms);
}

function summary(times, ms) {
  times.sort((a, b) => a - b);
  const at = (p) => times[Math.min(times.length - 1, Math.floor(p * times.length))];
  return { rate: (1000 * times.length) / ms, p50: at(0.5), p99: at(0.99) };
}

const rounds = [];
try {
  const bytes = await recordBytes();
  for (let round = 1; round <= o.rounds; round++) {
    const got = { loop: await loop(bytes) };
    for (const clients of concurrency) {
      const store = await openLogStore(path.join(root, `store-${round}-${clients}`));
      got[clients] = await commits(store, clients);
      await store.close();
    }
    got['loop again'] = await loop(bytes);
    rounds.push(got);
    console.error(`round ${round}/${o.rounds}, load ${os.loadavg()[0].toFixed(1)}`);
  }
  const over = (name, f) => median(rounds.map((got) => f(got[name])));
  const rows = Object.keys(rounds[0]).sort((a, b) => Number(b.startsWith('loop')) - Number(a.startsWith('loop'))).map((name) => [
    name.startsWith('loop') ? `fdatasync ${name}` : `commits, ${name} at a time`,
    over(name, (x) => x.rate).toFixed(0),
    median(rounds.map((got) => got[name].rate / got.loop.rate)).toFixed(2),
    over(name, (x) => x.p50).toFixed(2),
    over(name, (x) => x.p99).toFixed(2),
    `${(100 * spread(rounds.map((got) => got[name].rate))).toFixed(0)}%`,
  ]);
  console.log(`${bytes} bytes a record, medians of ${o.rounds} rounds of ${o.ms} ms, ${os.cpus().length} CPUs, node ${process.version}`);
  console.log(table(['', 'per s', 'x loop', 'p50 ms', 'p99 ms', 'spread'], rows));
  fs.mkdirSync(new URL('../results/', import.meta.url), { recursive: true });
  fs.writeFileSync(new URL('../results/store.json', import.meta.url), JSON.stringify(rounds, null, 1));
} finally {
  fs.rmSync(root, { recursive: true, force: true });
}

/** How long a record is, as the store writes it, so that the loop writes the same. */
async function recordBytes() {
  const folder = path.join(root, 'probe');
  const size = () => fs.statSync(path.join(folder, fs.readdirSync(folder).find((name) => name.endsWith('.log')))).size;
  const probe = await openLogStore(folder);
  const empty = size();
  await commit(probe, '0'.repeat(32), 1);
  const bytes = size() - empty;
  await probe.close();
  return bytes;
}
