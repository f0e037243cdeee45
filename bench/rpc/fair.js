// A small call beside large ones on the same connection: node rpc/fair.js [--stacks rpcgen,rpcgen-uds,tcp,thrift,grpc-js] [--rounds 8] [--ms 1500] [--large 4194304] [--link 100mbit]
// One client process and one server process for each stack. `add` is awaited again and again: alone (twice, for the noise), and while one echo of
// `large` bytes after the other goes both ways. The two take turns; percentiles are over all rounds. With `--link` all of it goes over a link of
// that rate, as root.
import { fork } from 'node:child_process';
import { args } from '../lib/args.js';
import { againBehind } from '../lib/narrow.js';
import { quantile, table } from '../lib/stats.js';

const adapter = async (name) => (await import(`./adapters/${name}.js`)).default;
const now = () => Number(process.hrtime.bigint()) / 1e3; // microseconds

if (process.argv[2] === 'serve') {
  process.on('disconnect', () => process.exit(0));
  process.send((await (await adapter(process.argv[3])).serve()).address);
} else if (process.argv.includes('--link')) {
  process.exitCode = againBehind(process.argv[process.argv.indexOf('--link') + 1]);
} else {
  const o = args({ stacks: 'rpcgen,rpcgen-uds,tcp,thrift,grpc-js', rounds: 8, ms: 1500, large: 4194304, pauseMs: 1 });
  const body = new Uint8Array(o.large).fill(7);
  const rows = [];
  for (const name of String(o.stacks).split(',')) {
    const child = fork(new URL(import.meta.url), ['serve', name]);
    const address = await new Promise((ok, no) => child.once('message', ok).once('exit', (code) => no(new Error(`${name}: the server exited with ${code}`))));
    const connection = await (await adapter(name)).connect(address);
    let echoes = 0;

    /** The times of small calls, a pause after each, in microseconds. */
    async function small(ms) {
      const times = [], until = now() + ms * 1e3;
      while (now() < until) {
        const t = now();
        await connection.add(1, 2);
        times.push(now() - t);
        await new Promise((ok) => setTimeout(ok, o.pauseMs));
      }
      return times;
    }
    async function beside(ms) {
      let running = true;
      const bulk = (async () => { while (running) { await connection.echo(body); echoes++; } })();
      const times = await small(ms);
      running = false;
      await bulk;
      return times;
    }
    await small(o.ms);
    await beside(o.ms);
    echoes = 0;
    const idle = [], again = [], loaded = [];
    for (let round = 0; round < o.rounds; round++) {
      idle.push(...await small(o.ms / 2));
      loaded.push(...await beside(o.ms));
      again.push(...await small(o.ms / 2));
    }
    const us = (times, q) => quantile(times, q).toFixed(0);
    const ratio = (a, b, q) => (quantile(a, q) / quantile(b, q)).toFixed(2);
    rows.push([name, us(idle, 0.5), us(idle, 0.99), ratio(again, idle, 0.99), us(loaded, 0.5), us(loaded, 0.99), ratio(loaded, idle, 0.5), ratio(loaded, idle, 0.99), (echoes / o.rounds / (o.ms / 1e3) * 2 * o.large / 1e6).toFixed(0)]);
    await connection.close();
    child.disconnect();
  }
  console.log(table(['stack', 'alone p50 us', 'p99 us', 'p99, again over alone', 'beside p50 us', 'p99 us', 'p50 beside over alone', 'p99 beside over alone', 'bulk MB/s'], rows));
  setTimeout(() => process.exit(0), 50);
}
