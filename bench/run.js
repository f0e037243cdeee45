// node run.js codec|size|runtimes|rpc|shm|overload|compile|watch|store|start [options]: one door to the comparisons. `--quick` only sees whether they work.
import { spawnSync } from 'node:child_process';

const SHORT = ['--brief', '--warm', '5', '--clock', 'wall'];
// Of each the script, and the runs that make its quick form.
const SUITES = {
  codec: {
    script: 'codec/run.js',
    quick: [
      [...SHORT, '--sharedOnly', '--rounds', '1', '--ms', '3'],
      [...SHORT, '--freshOnly', '--adapters', 'json,rpcgen,msgpackr', '--shapes', 'small', '--sweeps', '1', '--freshRounds', '1', '--freshMs', '3'],
    ],
  },
  size: { script: 'codec/size.js', quick: [['--messages', '20', '--only', 'rpcgen,protobuf-es,pbf']] },
  // A peer that runs everywhere beside ours: what is to be seen is that our code runs in each, and without `unsafe-eval`.
  runtimes: { script: 'codec/runtimes.js', quick: [['--brief', '--adapters', 'json,rpcgen-mixed,pbf', '--shapes', 'tree,log', '--rounds', '1', '--ms', '3', '--warm', '5']] },
  rpc: { script: 'rpc/run.js', quick: [['--adapters', 'tcp,tcp-coalesced,rpcgen,rpcgen-uds,rpcgen-shm,rpcgen-inproc', '--rounds', '1', '--ms', '20', '--warm', '50']] },
  shm: { script: 'rpc/shm.js', quick: [['--rounds', '1', '--ms', '5', '--waitS', '0', '--kills', '2']] },
  overload: { script: 'overload/run.js', quick: [['--loads', '85', '--policies', '0,2', '--warm', '2', '--trigger', '2', '--after', '5', '--tries', '1']] },
  compile: { script: 'compile/run.js', quick: [['--only', 'rpcgen,thrift,flatc', '--rounds', '1']] },
  watch: { script: 'watch/run.js', quick: [['--edits', '2', '--warm', '1']] },
  store: { script: 'store/run.js', quick: [['--rounds', '1', '--ms', '100']] },
  start: { script: 'start/run.js', quick: [['--rounds', '1']] },
};
const [name, ...rest] = process.argv.slice(2);
const suite = SUITES[name];
if (suite === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(SUITES).join('|')} [--quick] [--name value …]`);
  process.exit(2);
}
const quick = rest.includes('--quick'), options = rest.filter((word) => word !== '--quick');
const script = new URL(suite.script, import.meta.url).pathname;
if (quick) console.log('Quick: whether everything runs and gives back what it was given. The figures mean nothing.');
for (const run of quick ? suite.quick : [[]]) {
  const { status } = spawnSync(process.execPath, [script, ...run, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
