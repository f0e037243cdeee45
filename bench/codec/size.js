// Bytes of generated code for each message, types excluded: minified by esbuild, and gzipped. On bench.idl and its likes (9 messages) and on
// the synthetic schema (1,000 messages of 10 fields). What the generated code imports from its runtime is counted apart.
//   node codec/size.js [--messages 1000] [--only rpcgen,pbf]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { LANGS, schema } from '../compile/synth.js';
import { args } from '../lib/args.js';
import { table } from '../lib/stats.js';
import { GENERATORS } from './generators.js';

const o = args({ messages: 1000, only: '' });
const root = new URL('..', import.meta.url).pathname, work = path.join(root, 'gen/size');
const BENCH_MESSAGES = 9; // Small, Seller, Item, Product, Numeric, Strings, Tree, Point, Points
fs.rmSync(work, { recursive: true, force: true });

/** Minified and gzipped bytes of a module with this text. `apart` leaves imported packages out. */
async function bundled(contents, apart) {
  const { outputFiles, warnings } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' }, bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', write: false, logLevel: 'silent',
    packages: apart ? 'external' : 'bundle',
    // Older flatc leaves relative imports with .js where the file is .ts; esbuild finds those. Of `long` there is a build for browsers.
  });
  if (warnings.some((w) => w.id === 'import-is-undefined')) throw new Error(warnings[0].text);
  const code = outputFiles[0].contents;
  return { min: code.length, gzip: gzipSync(code, { level: 9 }).length };
}

/** Generated code in all; with the runtime; and with the runtime when one message is used. */
async function sizes(g, file) {
  const from = JSON.stringify(`./${path.relative(root, file)}`), uses = g.uses ?? '';
  const code = await bundled(`export * from ${from};`, true);
  const all = await bundled(`export * from ${from};\n${uses}`, false);
  return { code, runtime: { min: all.min - code.min, gzip: all.gzip - code.gzip }, from, uses };
}

function generate(g, lang, name, text, done) {
  const dir = path.join(work, done), out = path.join(dir, 'out');
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(path.join(dir, `${name}.${lang}`), text);
  const p = spawnSync('bash', ['-o', 'pipefail', '-c', g.command(dir, name, out)], { encoding: 'utf8', cwd: dir, maxBuffer: 1 << 28 });
  if (p.status !== 0) throw new Error((p.stderr || p.stdout).trim().split('\n').slice(0, 2).join(' '));
  return out;
}

const rows = [], synthRows = [], failures = [], raw = {};
for (const g of GENERATORS.filter(({ name }) => !o.only || o.only.split(',').some((part) => name.includes(part)))) {
  const folder = g.name.replace(/\W+/g, '-');
  try {
    let file = g.bench && path.join(root, 'gen/codec', g.bench);
    if (!file) {
      const schemaFile = path.join(root, `codec/schemas/bench.${g.lang}`);
      const out = generate(g, g.lang, 'bench', fs.readFileSync(schemaFile, 'utf8'), `bench-${folder}`);
      file = path.join(out, g.synth.replace('synth', 'bench'));
    }
    const { code, runtime, from, uses } = await sizes(g, file);
    const one = await bundled(`export { ${g.one.join(', ')} } from ${from};\n${uses}`, false);
    rows.push([g.name, code.min, code.gzip, Math.round(code.min / BENCH_MESSAGES), Math.round(code.gzip / BENCH_MESSAGES), runtime.min, runtime.gzip, one.min, one.gzip]);
    raw[g.name] = { bench: { code, runtime, one } };
  } catch (e) { failures.push(`${g.name}, bench: ${e.message}`); }
  try {
    const messages = Math.min(o.messages, g.most ?? Infinity);
    const out = generate(g, g.lang, 'synth', LANGS[g.lang](schema(messages, 0)), `synth-${folder}`);
    const { code } = await sizes(g, path.join(out, g.synth));
    synthRows.push([g.name, messages, Math.round(code.min / messages), Math.round(code.gzip / messages)]);
    raw[g.name] = { ...raw[g.name], synth: { messages, code } };
  } catch (e) { failures.push(`${g.name}, synth: ${e.message}`); }
}
console.log(`\n## bench.*, ${BENCH_MESSAGES} messages: bytes\n\n${table(['generator', 'min', 'gzip', 'min a message', 'gzip a message', 'runtime min', 'gzip', 'one message and runtime min', 'gzip'], rows)}`);
console.log(`\n## synthetic schema, messages of 10 fields: bytes\n\n${table(['generator', 'messages', 'min a message', 'gzip a message'], synthRows)}`);
const results = new URL('../results/', import.meta.url);
fs.mkdirSync(results, { recursive: true });
fs.writeFileSync(new URL('size.json', results), JSON.stringify(raw, null, 1));
if (failures.length) { console.log('\nfailures:\n' + failures.join('\n')); process.exitCode = 1; }
