// From the edit of a source to its outputs on disk, as `rpcgen generate --watch` reports them: wall time of a process that has run for a while.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { args } from '../lib/args.js';
import { rng } from '../lib/rand.js';
import { median, table } from '../lib/stats.js';
import { LANGS, schema } from '../compile/synth.js';

const o = args({ edits: 15, warm: 5, only: '' });
const root = new URL('..', import.meta.url).pathname, work = path.join(root, 'gen/watch');

/** 100 files of 10 messages and a service each; all of them use messages of the one file that they import. */
function family() {
  const files = { 'shared.idl': `package shared;\n${Array.from({ length: 10 }, (_, m) => `message Shared${m} {\n  id: string = 1;\n  amount: i64 = 2;\n}`).join('\n')}\n` };
  const { msgs } = schema(1000, 0);
  for (let f = 0; f < 100; f++) {
    const own = msgs.slice(10 * f, 10 * f + 10).map((m) => ({ ...m, fields: m.fields.map((field) => ({ ...field, kind: field.kind.startsWith('ref') ? 'i32' : field.kind })) }));
    const text = LANGS.idl({ msgs: own, svcs: [{ name: `Service${f}`, methods: [{ name: 'get', in: own[0].name, out: own[1].name }] }] });
    files[`leaf${f}.idl`] = `${text.replace('package synth;', `package leaf${f};\nimport "./shared.idl";`)}message User {\n  shared?: Shared${f % 10} = 1;\n  more: Shared${(f + 3) % 10}[] = 2;\n}\n`;
  }
  return files;
}
/** A field more in a message: another one each time. */
const grow = (text, message, step) => text.replace(new RegExp(`message ${message} \\{\\n`), (head) => `${head}  extra_${step}: u32 = ${1000 + step};\n`);

const CASES = [
  { name: 'a leaf of 100 files', goal: 100, files: family, edit: (read, r, step) => { const f = r.int(0, 99); return [`leaf${f}.idl`, grow(read(`leaf${f}.idl`), 'User', step)]; } },
  { name: 'the file that all 100 import', goal: 300, files: family, edit: (read, r, step) => ['shared.idl', grow(read('shared.idl'), `Shared${r.int(0, 9)}`, step)] },
  { name: 'one file of 1,000 messages', goal: 300, files: () => ({ 'synth.idl': LANGS.idl(schema()) }), edit: (read, r, step) => ['synth.idl', grow(read('synth.idl'), `Message${r.int(0, 999)}`, step)] },
].filter(({ name }) => name.includes(o.only));

async function measure({ name, files, edit }) {
  const cwd = path.join(work, name.replace(/\W+/g, '-')), r = rng(5);
  fs.rmSync(cwd, { recursive: true, force: true });
  for (const [file, text] of Object.entries(files())) { fs.mkdirSync(path.join(cwd, 'idl'), { recursive: true }); fs.writeFileSync(path.join(cwd, 'idl', file), text); }
  const child = spawn(process.execPath, [path.join(root, '../src/cli/bin.mjs'), 'idl/*.idl', '--watch'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '', wake = () => {};
  child.stdout.resume();
  child.stderr.on('data', (chunk) => { said += chunk; wake(); });
  child.on('exit', (code) => { if (code !== 0) { console.error(said); process.exit(1); } });
  const until = async (pattern) => { while (!pattern.test(said)) await new Promise((resolve) => (wake = resolve)); };
  await until(/watching/);
  const times = [], written = [];
  for (let step = 0; step < o.warm + o.edits; step++) {
    const [file, text] = edit((f) => fs.readFileSync(path.join(cwd, 'idl', f), 'utf8'), r, step);
    said = '';
    const start = performance.now();
    fs.writeFileSync(path.join(cwd, 'idl', file), text);
    await until(/(\d+) files? written.* ms\n/);
    if (step >= o.warm) { times.push(performance.now() - start); written.push(Number(/(\d+) files? written/.exec(said)[1])); }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  child.kill('SIGINT');
  return { times, written };
}

const rows = [];
for (const each of CASES) {
  const { times, written } = await measure(each);
  rows.push([each.name, median(times).toFixed(0), Math.max(...times).toFixed(0), String(each.goal), `${Math.min(...written)} to ${Math.max(...written)}`]);
}
console.log(`${o.edits} edits each, a field more in a message chosen at random; milliseconds from the edit to the last output on disk.`);
console.log(table(['edited', 'median ms', 'worst ms', 'goal ms', 'files written'], rows));
