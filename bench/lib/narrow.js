// A network of its own whose loopback takes so many bits a second, both ways together: for what only shows where the path is the narrow place.
// Needs root, `ip` and `tc` (Debian's iproute2).
import { spawnSync } from 'node:child_process';

const run = (command, args, options) => {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0 && stderr !== null) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()} (needs root and iproute2)`);
  return status;
};

/** Runs this program again, with the same options but `--link`, behind a link of that rate, such as "100mbit". @returns its exit code. */
export function againBehind(rate) {
  const name = `bench-${process.pid}`;
  const inside = (...command) => ['netns', 'exec', name, ...command];
  run('ip', ['netns', 'add', name]);
  try {
    // As on a real link: packets of 1500 bytes, and a queue that holds what TCP will put into it.
    run('ip', inside('ip', 'link', 'set', 'lo', 'mtu', '1500', 'up'));
    run('ip', inside('tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'tbf', 'rate', rate, 'burst', '16k', 'latency', '400ms'));
    const options = process.argv.slice(2);
    options.splice(options.indexOf('--link'), 2);
    return run('ip', inside(process.execPath, process.argv[1], ...options), { stdio: 'inherit' });
  } finally {
    run('ip', ['netns', 'delete', name]);
  }
}
