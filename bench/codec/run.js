// Codec comparison. Phase 1: all adapters in one process, round robin. Phase 2: each (adapter, shape) in its own fresh
// process, the sweep repeated `sweeps` times. Prints tables; raw numbers go to results/codec.json. Exits 1 if an adapter
// could not be loaded or did not give back what it was given.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { args } from '../lib/args.js';
import { codecPlot } from '../lib/plot.js';
import { median } from '../lib/stats.js';
import { ALL } from './measure.js';
import { matrix, OURS, overBest, shapeTable, sizes } from './report.js';
import { shapeNames } from './shapes.js';

const o = args({ adapters: ALL.join(','), shapes: 'all', rounds: 5, ms: 80, warm: 600, sweeps: 3, freshRounds: 3, freshMs: 60, clock: 'cpu', sharedOnly: false, freshOnly: false, brief: false, malloc: 'keeping' });
const script = new URL('./measure.js', import.meta.url).pathname;
// Left to itself, glibc gives freed memory back and takes it anew, and the kernel's faults of pages outweigh what is to be measured.
const keeping = { MALLOC_TRIM_THRESHOLD_: String(1 << 30), MALLOC_MMAP_THRESHOLD_: String(32 << 20) };
const env = { ...process.env, ...{ keeping, default: {} }[o.malloc] };
const measure = (opts) => JSON.parse(execFileSync(process.execPath, [script, ...Object.entries({ ...opts, warm: o.warm, clock: o.clock }).flatMap(([k, v]) => [`--${k}`, String(v)])], { env, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] }));

const cell = new Map(); // "phase/shape/file" -> cell
const failures = new Set();
function take(phase, out) {
  out.failures.forEach((f) => failures.add(f));
  for (const r of out.results) {
    const key = `${phase}/${r.shape}/${r.file}`;
    const c = cell.get(key) ?? { peer: r.peer, size: r.size, aliased: r.aliased, enc: [], dec: [], lazy: [] };
    // A fresh process contributes its own median, so one process is one sample.
    if (phase === 'fresh') { c.enc.push(median(r.enc)); c.dec.push(median(r.dec)); if (r.lazy.length) c.lazy.push(median(r.lazy)); }
    else { c.enc.push(...r.enc); c.dec.push(...r.dec); c.lazy.push(...r.lazy); }
    cell.set(key, c);
  }
}
const files = o.adapters.split(','), shapes = shapeNames(o.shapes);
if (!o.freshOnly) take('shared', measure({ adapters: files, shapes, rounds: o.rounds, ms: o.ms }));
if (!o.sharedOnly) for (let s = 0; s < o.sweeps; s++) for (const shape of shapes) for (const file of files)
  take('fresh', measure({ adapters: file, shapes: shape, rounds: o.freshRounds, ms: o.freshMs }));

const phases = { fresh: 'each in a fresh process', shared: 'all in one process' };
const clock = { cpu: 'by CPU time', wall: 'by wall time' }[o.clock];
for (const [phase, where] of Object.entries(phases)) {
  const at = (file, shape) => cell.get(`${phase}/${shape}/${file}`);
  if (![...cell.keys()].some((key) => key.startsWith(`${phase}/`))) continue;
  if (!o.brief) for (const shape of shapes) console.log(`\n### ${shape}, ${where}, ${clock}\n${shapeTable(files, (file) => at(file, shape))}`);
  console.log(`\n## ${where}, ${clock}\n\n${matrix(files, shapes, at)}\n\n${sizes(files, shapes, at)}`);
  for (const mine of OURS.filter((f) => files.includes(f))) {
    const over = overBest(mine, files, shapes, at);
    if (over) console.log(`\n### ${mine} over the best peer, ${where}: geometric mean ${over.mean.toFixed(2)}\n${over.text}`);
  }
}
console.log('\n- no schema, or cannot hold the values   * the result is a view of a buffer that the next encode overwrites');
const results = new URL('../results/', import.meta.url);
fs.mkdirSync(results, { recursive: true });
fs.writeFileSync(new URL('codec.json', results), JSON.stringify([...cell], null, 1));

const plotPhase = o.sharedOnly ? 'shared' : 'fresh';
const plotted = [...cell].filter(([key]) => key.startsWith(`${plotPhase}/`)).flatMap(([key, c]) => {
  const shape = key.split('/')[1], base = cell.get(`${plotPhase}/${shape}/json`);
  return base ? [['encode', 'enc'], ['decode', 'dec']].map(([way, k]) => ({ peer: c.peer, shape, way, ratio: median(c[k]) / median(base[k]) })) : [];
});
if (plotted.length) codecPlot(new URL('codec.svg', results), plotted, shapes);
if (failures.size) { console.log('\nfailures:\n' + [...failures].join('\n')); process.exitCode = 1; }
