// node run.js codec|rpc|compile|store [options]: one door to the comparisons. `--quick` only sees whether they work.
import { spawnSync } from 'node:child_process';

const SUITES = {
  codec: { script: 'codec/run.js', quick: ['--adapters', 'json,json-again,rpcgen,rpcgen-structs,msgpackr', '--rounds', '1', '--ms', '5', '--sweeps', '1', '--freshRounds', '1', '--freshMs', '5'] },
  rpc: { script: 'rpc/run.js', quick: ['--adapters', 'tcp,tcp-coalesced,rpcgen,rpcgen-uds,rpcgen-inproc', '--rounds', '1', '--ms', '20', '--warm', '50'] },
  compile: { script: 'compile/run.js', quick: ['--only', 'rpcgen', '--rounds', '1'] },
  store: { script: 'store/run.js', quick: ['--rounds', '1', '--ms', '100'] },
};
const [name, ...rest] = process.argv.slice(2);
const suite = SUITES[name];
if (suite === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(SUITES).join('|')} [--quick] [--name value …]`);
  process.exit(2);
}
const quick = rest.includes('--quick');
const script = new URL(suite.script, import.meta.url).pathname;
const { status } = spawnSync(process.execPath, [script, ...(quick ? suite.quick : []), ...rest.filter((word) => word !== '--quick')], { stdio: 'inherit' });
process.exit(status ?? 1);
