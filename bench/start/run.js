// How long the command line takes to start: whole processes in turns, beside a Node that does nothing.
import { spawnSync } from 'node:child_process';
import { args } from '../lib/args.js';
import { median, spread, table } from '../lib/stats.js';

const o = args({ rounds: 40 });
const rpcgen = new URL('../../src/cli/bin.mjs', import.meta.url).pathname;
const JOBS = [
  ['node -e 0 (floor)', ['-e', '0']],
  ['rpcgen --version', [rpcgen, '--version']],
  ['rpcgen --help', [rpcgen, '--help']],
  ['rpcgen completion, a word', [rpcgen, 'completion', 'bash', '--', 'gen']],
  ['rpcgen explain RPC2001', [rpcgen, 'explain', 'RPC2001']],
];
const got = new Map(JOBS.map(([name]) => [name, []]));
for (let r = 0; r < o.rounds; r++) for (const [name, command] of JOBS) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  got.get(name).push(performance.now() - start);
}
const floor = median(got.get(JOBS[0][0]));
console.log(table(['command', 'wall ms', 'x node', 'spread'], [...got].map(([name, ms]) => [name, median(ms).toFixed(1), (median(ms) / floor).toFixed(2), `${(100 * spread(ms)).toFixed(0)}%`])));
