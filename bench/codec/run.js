// Codec comparison. Phase 1: all adapters in one process, round robin. Phase 2: each (adapter, shape) in its
// own fresh process, the sweep repeated `sweeps` times. Prints tables; raw numbers go to results/codec.json.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { args } from '../lib/args.js';
import { codecPlot } from '../lib/plot.js';
import { geomean, median, spread, si, table } from '../lib/stats.js';
import { SHAPES } from './data.js';
import { ALL } from './measure.js';

const o = args({ adapters: ALL.join(','), shapes: SHAPES.join(','), rounds: 5, ms: 80, sweeps: 3, freshRounds: 3, freshMs: 60, sharedOnly: false, freshOnly: false });
const script = new URL('./measure.js', import.meta.url).pathname;
const measure = (opts) => JSON.parse(execFileSync(process.execPath, [script, ...Object.entries(opts).flatMap(([k, v]) => [`--${k}`, String(v)])], { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] }));

const cell = new Map(); // "phase/shape/file" -> { peer, size, enc: [], dec: [], lazy: [] }
const failures = new Set();
function take(phase, out) {
  out.failures.forEach((f) => failures.add(f));
  for (const r of out.results) {
    const key = `${phase}/${r.shape}/${r.file}`;
    const c = cell.get(key) ?? { peer: r.peer, note: r.note, size: r.size, aliased: r.aliased, enc: [], dec: [], lazy: [] };
    // A fresh process contributes its own median, so one process is one sample.
    if (phase === 'fresh') { c.enc.push(median(r.enc)); c.dec.push(median(r.dec)); if (r.lazy.length) c.lazy.push(median(r.lazy)); }
    else { c.enc.push(...r.enc); c.dec.push(...r.dec); c.lazy.push(...r.lazy); }
    cell.set(key, c);
  }
}
const files = o.adapters.split(','), shapes = o.shapes.split(',');
if (!o.freshOnly) take('shared', measure({ adapters: files, shapes, rounds: o.rounds, ms: o.ms }));
if (!o.sharedOnly) for (let s = 0; s < o.sweeps; s++) for (const shape of shapes) for (const file of files)
  take('fresh', measure({ adapters: file, shapes: shape, rounds: o.freshRounds, ms: o.freshMs }));

for (const phase of ['fresh', 'shared']) for (const shape of shapes) {
  const at = (f) => cell.get(`${phase}/${shape}/${f}`);
  const base = at('json');
  const rows = files.map(at).filter(Boolean).map((c) => {
    const e = median(c.enc), d = median(c.dec);
    return [c.peer, c.size + (c.aliased ? ' *' : ''), si(e), base ? (e / median(base.enc)).toFixed(2) : '-', si(d), base ? (d / median(base.dec)).toFixed(2) : '-',
      c.lazy.length ? si(median(c.lazy)) : '', `${(100 * Math.max(spread(c.enc), spread(c.dec))).toFixed(0)}%`];
  });
  if (rows.length) console.log(`\n### ${shape} (${phase})\n${table(['peer', 'bytes', 'enc/s', 'x JSON', 'dec/s', 'x JSON', 'lazy/s', 'spread'], rows)}`);
}
console.log('\n* the result is a view of a buffer that the next encode overwrites');
if (failures.size) console.log('\nfailures:\n' + [...failures].join('\n'));
fs.mkdirSync(new URL('../results/', import.meta.url), { recursive: true });
fs.writeFileSync(new URL('../results/codec.json', import.meta.url), JSON.stringify([...cell], null, 1));

// Ours over the best peer, in fresh processes: the figures of docs/performance.md. Marks that are no peers do not count.
const OURS = ['rpcgen', 'rpcgen-mixed', 'rpcgen-structs'];
const NOT_PEERS = new Set(['json', 'json-again', 'floor', 'floor-pooled', 'v8', ...OURS]);
const phase = o.sharedOnly ? 'shared' : 'fresh';
for (const mine of OURS.filter((f) => files.includes(f))) {
  const rows = [], all = [];
  for (const shape of shapes) {
    const us = cell.get(`${phase}/${shape}/${mine}`);
    const peers = files.filter((f) => !NOT_PEERS.has(f)).map((f) => cell.get(`${phase}/${shape}/${f}`)).filter(Boolean);
    if (!us || !peers.length) continue;
    const best = (way) => peers.map((c) => [c.peer, median(c[way])]).sort((a, b) => b[1] - a[1])[0];
    const [encPeer, enc] = best('enc'), [decPeer, dec] = best('dec');
    all.push(median(us.enc) / enc, median(us.dec) / dec);
    rows.push([shape, us.size, all.at(-2).toFixed(2), encPeer, all.at(-1).toFixed(2), decPeer]);
  }
  if (rows.length) console.log(`\n### ${mine} over the best peer (${phase}), geometric mean ${geomean(all).toFixed(2)}\n${table(['shape', 'bytes', 'encode x', 'beside', 'decode x', 'beside'], rows)}`);
}
const plotted = [...cell].filter(([key]) => key.startsWith(`${phase}/`)).flatMap(([key, c]) => {
  const shape = key.split('/')[1], base = cell.get(`${phase}/${shape}/json`);
  return base ? [['encode', 'enc'], ['decode', 'dec']].map(([way, k]) => ({ peer: c.peer, shape, way, ratio: median(c[k]) / median(base[k]) })) : [];
});
if (plotted.length) codecPlot(new URL('../results/codec.svg', import.meta.url), plotted, shapes);
