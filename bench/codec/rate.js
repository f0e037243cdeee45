// Calls per second of f(x), by a clock that gives milliseconds.
export let sink; // keeps results alive, so nothing is optimised away

export function rate(f, x, ms, clock) {
  let batch = 1, calls = 0;
  const start = clock();
  let now = start;
  while (now < start + ms) {
    for (let i = 0; i < batch; i++) sink = f(x);
    calls += batch;
    const t = clock();
    if (t - now < 1 && batch < 1 << 16) batch *= 2; // clock reads stay rare
    now = t;
  }
  return calls / ((now - start) / 1e3);
}

export const wall = () => performance.now();
/** What the process used, all of its threads: a collector that works on the other core is paid for, a neighbour is not. */
export const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e3; };
