// Whole-process wall time and peak memory of each schema compiler over the synthetic schema.
// Needs GNU time. Peak is the largest single process of the tree, not the sum.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { args } from '../lib/args.js';
import { wallPlot } from '../lib/plot.js';
import { median, spread, table } from '../lib/stats.js';
import { writeAll } from './synth.js';

const o = args({ rounds: 3, only: '' });
const root = new URL('..', import.meta.url).pathname, work = path.join(root, 'gen/compile'), bin = path.join(root, 'node_modules/.bin');
fs.rmSync(work, { recursive: true, force: true });
writeAll(work);
fs.writeFileSync(path.join(work, 'proto/buf.yaml'), 'version: v2\n');
fs.writeFileSync(path.join(work, 'proto/buf.gen.yaml'), `version: v2\nplugins:\n  - local: ${bin}/protoc-gen-es\n    out: out-buf\n    opt: target=ts\n`);
fs.symlinkSync(path.join(root, 'node_modules'), path.join(work, 'node_modules'));

// [name, folder, command, output folder or file whose size is reported]
const JOBS = [
  ['node -e 0 (floor)', '.', 'node -e 0'],
  ['rpcgen check', 'idl', `node ${root}/../src/cli/bin.mjs check synth.idl`],
  ['rpcgen generate', 'idl', `rm -rf out && node ${root}/../src/cli/bin.mjs generate synth.idl --out out`, 'out'],
  ['protoc, descriptors only', 'proto', 'protoc -I . --descriptor_set_out=out.bin synth.proto', 'out.bin'],
  ['buf build, descriptors only', 'proto', `${bin}/buf build -o out-buf.binpb`, 'out-buf.binpb'],
  ['protoc + protoc-gen-es', 'proto', `protoc -I . --plugin=${bin}/protoc-gen-es --es_out=out-es --es_opt=target=ts synth.proto`, 'out-es'],
  ['buf generate + protoc-gen-es', 'proto', `${bin}/buf generate`, 'out-buf'],
  ['protoc + ts-proto', 'proto', `protoc -I . --plugin=${bin}/protoc-gen-ts_proto --ts_proto_out=out-tsp synth.proto`, 'out-tsp'],
  ['pbjs static-module', 'proto', `${bin}/pbjs -t static-module -w esm -o out-pbjs/synth.js synth.proto`, 'out-pbjs'],
  ['pbjs --dts', 'proto', `${bin}/pbjs -t static-module -w esm --dts -o out-pbjs2/synth.js synth.proto`, 'out-pbjs2'],
  ['pbts, after pbjs', 'proto', `${bin}/pbts -o out-pbjs/synth.d.ts out-pbjs/synth.js`, 'out-pbjs/synth.d.ts'],
  ['pbf', 'proto', `${bin}/pbf synth.proto > out-pbf/synth.js`, 'out-pbf'],
  ['thrift js:ts', 'thrift', 'thrift -gen js:ts -out out synth.thrift', 'out'],
  ['thrift js:node,ts,es6', 'thrift', 'thrift -gen js:node,ts,es6 -out out2 synth.thrift', 'out2'],
  ['bebopc ts (node launcher)', 'bop', `${bin}/bebopc -i synth.bop build -g ts:out/synth.ts`, 'out'],
  ['bebopc ts (native binary)', 'bop', `${root}/node_modules/bebop-tools/tools/linux/x64/bebopc -i synth.bop build -g ts:out2/synth.ts`, 'out2'],
  ['flatc --ts', 'fbs', 'flatc --ts --gen-object-api -o out synth.fbs', 'out'],
  ['capnp + capnpc-ts', 'capnp', `capnp compile -o- synth.capnp > out.req && cd out && ${bin}/capnpc-ts < ../out.req`, 'out'],
  ['tsp compile --no-emit', 'tsp', `${bin}/tsp compile main.tsp --no-emit`],
  ['tsp + json-schema', 'tsp', `${bin}/tsp compile main.tsp --emit @typespec/json-schema --option @typespec/json-schema.bundleId=all.json`, 'tsp-output'],
].filter(([n]) => !o.only || o.only.split(',').some((part) => n.includes(part)));
// capnpc-ts meets its traversal limit on a schema of this size.
const KNOWN_TO_FAIL = new Set(['capnp + capnpc-ts']);

const size = (p) => (!fs.existsSync(p) ? 0 : fs.statSync(p).isDirectory() ? fs.readdirSync(p).reduce((s, f) => s + size(path.join(p, f)), 0) : fs.statSync(p).size);
const got = new Map(JOBS.map(([n]) => [n, { wall: [], rss: [] }])), failures = new Map();
for (let r = 0; r < o.rounds; r++) for (const [name, folder, command, out] of JOBS) {
  const cwd = path.join(work, folder);
  if (out && !/\.\w+$/.test(out)) fs.mkdirSync(path.join(cwd, out), { recursive: true });
  const p = spawnSync('/usr/bin/time', ['-v', '-o', path.join(work, 'time.txt'), 'bash', '-c', command], { cwd, encoding: 'utf8', timeout: 400_000, maxBuffer: 1 << 28 });
  if (p.status !== 0) { failures.set(name, (p.stderr || p.stdout || String(p.error)).trim().split('\n').slice(0, 3).join(' ')); continue; }
  const t = fs.readFileSync(path.join(work, 'time.txt'), 'utf8');
  const clock = /Elapsed.*?: ([\d:.]+)$/m.exec(t)[1].split(':').reduce((s, x) => s * 60 + Number(x), 0);
  const g = got.get(name);
  g.wall.push(clock); g.rss.push(Number(/Maximum resident.*?: (\d+)/.exec(t)[1]) / 1024);
  if (out) g.out = size(path.join(cwd, out)) / 1e6;
}
console.log(table(['compiler', 'wall s', 'peak MiB', 'output MB', 'spread'], [...got].filter(([, g]) => g.wall.length).map(([n, g]) => [n, median(g.wall).toFixed(2), median(g.rss).toFixed(0), g.out?.toFixed(2) ?? '', `${(100 * spread(g.wall)).toFixed(0)}%`])));
if (failures.size) console.log('\nfailures:\n' + [...failures].map(([n, why]) => `${n}: ${why}`).join('\n'));
if ([...failures.keys()].some((n) => !KNOWN_TO_FAIL.has(n))) process.exitCode = 1;
const results = new URL('../results/', import.meta.url);
fs.mkdirSync(results, { recursive: true });
fs.writeFileSync(new URL('compile.json', results), JSON.stringify([...got], null, 1));
const plotted = [...got].filter(([, g]) => g.wall.length).map(([peer, g]) => ({ peer, seconds: median(g.wall) }));
if (plotted.length) wallPlot(new URL('compile.svg', results), plotted);
