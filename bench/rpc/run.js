// RPC comparison: each adapter in its own client and server process, the whole list repeated `rounds` times.
// Ratios are taken within a round against the raw TCP of that round, then their median is reported.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { args } from '../lib/args.js';
import { latencyPlot } from '../lib/plot.js';
import { fitLine, median, si, spread, table } from '../lib/stats.js';
import { ALL, SIZES, WINDOWS } from './measure.js';

// place: where the two processes may run. A wake-up across cores costs several times one on the same core, and left
// alone the scheduler picks either, run by run; so latency is compared with the placement fixed (needs taskset).
//   free: scheduler's choice; same: both on CPU 0; apart: client on CPU 0, server on CPU 1
const o = args({ adapters: ALL.join(','), rounds: 3, ms: 400, warm: 2000, place: 'free' });
const before = { free: [], same: ['taskset', '-c', '0'], apart: ['taskset', '-c', '0'] }[o.place];
const after = { free: [], same: ['--serverCpu', '0'], apart: ['--serverCpu', '1'] }[o.place];
const script = new URL('./measure.js', import.meta.url).pathname;
const rounds = [], failures = [];
const run = ([file, ...argv], options) => execFileSync(file, argv, options);
for (let r = 0; r < o.rounds; r++) {
  const got = {};
  for (const a of o.adapters.split(',')) {
    try { got[a] = JSON.parse(run([...before, process.execPath, script, '--adapter', a, '--ms', String(o.ms), '--warm', String(o.warm), ...after], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000, maxBuffer: 1 << 26 })); }
    catch (e) { failures.push(`${a}: ${String(e.stderr || e.message).trim().split('\n').slice(-3).join(' ')}`); }
  }
  rounds.push(got);
  console.error(`round ${r + 1}/${o.rounds}, load ${os.loadavg()[0].toFixed(1)}`);
}
const us = (v) => (v >= 1e4 ? `${(v / 1e3).toFixed(1)}ms` : v.toFixed(v < 10 ? 2 : 0));
const over = (a, f) => median(rounds.filter((g) => g[a]).map((g) => f(g[a])));
const ratio = (a, f) => median(rounds.filter((g) => g[a] && g.tcp).map((g) => f(g[a]) / f(g.tcp)));
const rows = [], sizes = [], plotted = [];
for (const a of o.adapters.split(',')) {
  const runs = rounds.filter((g) => g[a]).map((g) => g[a]);
  if (!runs.length) continue;
  const fit = runs.map((x) => fitLine(SIZES.map((n) => [n, x.latency[n].p50])));
  const gbps = 1 / median(fit.map((f) => f.beta)) / 1e3; // bytes per us -> GB/s, there and back
  rows.push([runs[0].name, us(over(a, (x) => x.add.p50)), us(over(a, (x) => x.add.p99)), ratio(a, (x) => x.add.p50).toFixed(2),
    us(median(fit.map((f) => f.alpha))), Number.isFinite(gbps) && gbps > 0 && gbps < 1e3 ? gbps.toFixed(2) : '-',
    ...WINDOWS.map((w) => si(over(a, (x) => x.rate[w]))), ratio(a, (x) => x.rate[64]).toFixed(2), ratio(a, (x) => x.rate[512]).toFixed(2),
    `${(100 * spread(runs.map((x) => x.add.p50))).toFixed(0)}%`, `${(100 * (spread(runs.map((x) => x.rate[512])) || 0)).toFixed(0)}%`]);
  for (const n of SIZES) plotted.push({ peer: runs[0].name, bytes: n, us: over(a, (x) => x.latency[n].p50) });
  sizes.push([runs[0].name, ...SIZES.map((n) => `${us(over(a, (x) => x.latency[n].p50))} / ${us(over(a, (x) => x.latency[n].p99))}`)]);
}
console.log(table(['peer', 'add p50 us', 'p99', 'x TCP', 'alpha us', '1/beta GB/s', ...WINDOWS.map((w) => `calls/s ${w}`), 'x TCP 64', 'x TCP 512', 'spread lat', 'spread rate'], rows));
console.log('\necho p50 / p99 (us) by payload\n' + table(['peer', ...SIZES.map(String)], sizes));
if (failures.length) { console.log('\nfailures:\n' + failures.join('\n')); process.exitCode = 1; }
fs.mkdirSync(new URL('../results/', import.meta.url), { recursive: true });
fs.writeFileSync(new URL(`../results/rpc-${o.place}.json`, import.meta.url), JSON.stringify(rounds, null, 1));
if (plotted.length) latencyPlot(new URL(`../results/rpc-${o.place}.svg`, import.meta.url), plotted);
