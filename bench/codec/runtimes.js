// The codec comparison in other engines beside each other: the Node that runs this, Node 22 and 24 from npm, and headless Chromium under a
// policy without `unsafe-eval`. Each adapter and shape in a fresh process (in Chromium: a fresh browser context). Raw numbers go to
// results/runtimes.json. Exits 1 if an adapter fails its round trip in any of them.
//   node codec/runtimes.js [--runtimes node,node22,node24,chromium] [--adapters …] [--shapes seen|unseen|all]
// Needs `npm ci --prefix runtimes` and, for Chromium, /usr/bin/chromium (or --chromium PATH).
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { args } from '../lib/args.js';
import { geomean, median, table } from '../lib/stats.js';
import { openChromium } from './browser/chromium.js';
import { matrix, OURS, overPeers } from './report.js';
import { shapeNames } from './shapes.js';

const o = args({
  runtimes: 'node,node22,node24,chromium', shapes: 'all', rounds: 3, ms: 60, warm: 600, sweeps: 1, chromium: '/usr/bin/chromium', brief: false,
  adapters: 'json,json-again,rpcgen,rpcgen-mixed,rpcgen-structs,protobufjs,protobuf-es,ts-proto-bigint,pbf,bebop,msgpackr,cbor-x,avsc',
});
/** Why an adapter is not measured in Chromium. */
const NOT_IN_BROWSERS = new Map([
  ['avsc', 'needs Buffer, and new Function for every type'],
  ['v8', 'is part of Node'],
  ['floor', 'needs Buffer'],
  ['floor-pooled', 'needs Buffer'],
]);
const script = new URL('./measure.js', import.meta.url).pathname;
const files = o.adapters.split(','), shapes = shapeNames(o.shapes);

/** A runtime is { version, measure(file, shape, options) } and may have close(). */
function node(binary) {
  return {
    version: execFileSync(binary, ['-p', '"Node " + process.version'], { encoding: 'utf8' }).trim(),
    measure: (file, shape, options) => JSON.parse(execFileSync(binary, [script, ...Object.entries({ adapters: file, shapes: shape, ...options }).flatMap(([k, v]) => [`--${k}`, String(v)])],
      { maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'inherit'] })),
  };
}
const fromNpm = (name) => node(new URL(`../runtimes/node_modules/${name}/bin/node`, import.meta.url).pathname);
const OPEN = {
  node: () => node(process.execPath), node22: () => fromNpm('node22'), node24: () => fromNpm('node24'),
  chromium: async () => { const c = await openChromium(o.chromium); return { ...c, version: `Chromium ${c.version}` }; },
};

const cells = new Map(), failures = new Set(), versions = [];
for (const name of o.runtimes.split(',')) {
  const runtime = await OPEN[name]();
  versions.push(runtime.version);
  for (let s = 0; s < o.sweeps; s++) for (const shape of shapes) for (const file of files) {
    if (name === 'chromium' && NOT_IN_BROWSERS.has(file)) continue;
    try {
      const out = await runtime.measure(file, shape, { rounds: o.rounds, ms: o.ms, warm: o.warm });
      for (const f of out.failures) failures.add(`${runtime.version}: ${f}`);
      for (const r of out.results) {
        const key = `${runtime.version}/${shape}/${file}`;
        const c = cells.get(key) ?? { peer: r.peer, size: r.size, aliased: r.aliased, enc: [], dec: [], lazy: [] };
        c.enc.push(median(r.enc)); c.dec.push(median(r.dec));
        cells.set(key, c);
      }
    } catch (e) { failures.add(`${runtime.version}: ${file}/${shape}: ${e.message.split('\n')[0]}`); }
  }
  await runtime.close?.();
}
const at = (version) => (file, shape) => cells.get(`${version}/${shape}/${file}`);
const pair = (enc, dec) => (enc.length ? `${geomean(enc).toFixed(2)} / ${geomean(dec).toFixed(2)}` : '-');
if (!o.brief) for (const v of versions) console.log(`\n## ${v}\n\n${matrix(files, shapes, at(v))}`);

// Of each runtime, over the shapes that the adapter has.
const rows = files.map((file) => {
  const peer = versions.flatMap((v) => shapes.map((s) => at(v)(file, s)?.peer)).find(Boolean) ?? file;
  return [peer, ...versions.map((v) => {
    const both = shapes.map((s) => [at(v)(file, s), at(v)('json', s)]).filter(([c, base]) => c && base);
    return pair(both.map(([c, base]) => median(c.enc) / median(base.enc)), both.map(([c, base]) => median(c.dec) / median(base.dec)));
  })];
});
console.log(`\n## Times JSON of the same runtime, encode / decode, geometric mean over ${shapes.length} shapes\n\n${table(['codec', ...versions], rows)}`);
for (const mine of OURS.filter((f) => files.includes(f))) {
  const found = versions.map((v) => overPeers(mine, files, shapes, at(v)));
  const line = (shape) => [shape, ...found.map((list) => { const f = list.find((x) => x.shape === shape); return f ? `${f.enc.toFixed(2)} / ${f.dec.toFixed(2)}` : '-'; })];
  console.log(`\n## ${mine} over the best peer of the same runtime, encode / decode\n\n${table(['shape', ...versions], [...shapes.map(line), ['geometric mean', ...found.map((list) => pair(list.map((f) => f.enc), list.map((f) => f.dec)))]])}`);
}
const out = files.filter((f) => NOT_IN_BROWSERS.has(f)).map((f) => `${f} (${NOT_IN_BROWSERS.get(f)})`);
if (o.runtimes.split(',').includes('chromium') && out.length) console.log(`\nNot in Chromium: ${out.join(', ')}`);
const results = new URL('../results/', import.meta.url);
fs.mkdirSync(results, { recursive: true });
fs.writeFileSync(new URL('runtimes.json', results), JSON.stringify([...cells], null, 1));
if (failures.size) { console.log('\nfailures:\n' + [...failures].join('\n')); process.exitCode = 1; }
