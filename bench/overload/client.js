// Child process: open-loop clients. They call at the rate that they are told, at random times, however the calls before are doing.
import { connect } from '@rpcgen/runtime';
import { rng } from '../lib/rand.js';
import { watchPauses } from './pauses.js';
import { POLICIES } from './policies.js';

const TICK_MS = 2;

/** Calls from `from` on for `bins` bins of `binMs`: { calls, sent, ok, attempts } of those that began in each. */
async function openLoop({ address, policy, channels, rate, seed, from, bins, binMs }) {
  const random = rng(seed).next;
  const opened = await Promise.all(Array.from({ length: channels }, () => connect(address)));
  const callers = opened.map((channel) => POLICIES[policy].calls(channel, random));
  const out = Array.from({ length: bins }, () => ({ calls: 0, sent: 0, ok: 0, attempts: 0 }));
  const pending = new Set();
  const one = async (bin, caller) => {
    bin.calls++;
    const { ok, attempts } = await caller();
    bin.attempts += attempts;
    if (attempts > 0) bin.sent++;
    if (ok) bin.ok++;
  };
  const until = from + bins * binMs, pause = watchPauses();
  let next = from, turn = 0;
  await new Promise((done) => {
    const timer = setInterval(() => {
      const now = Date.now();
      for (; next <= now && next < until; next += (-Math.log(1 - random()) * 1000) / rate) {
        const call = one(out[Math.floor((next - from) / binMs)], callers[turn++ % callers.length]);
        pending.add(call);
        void call.finally(() => pending.delete(call));
      }
      if (next >= until) { clearInterval(timer); done(); }
    }, TICK_MS);
  });
  const longest = pause();
  await Promise.all(pending);
  await Promise.all(opened.map((channel) => channel.close()));
  return { out, pause: longest };
}

/** As many calls at a time as fill the server: what it does a second. */
async function saturate({ address, window, ms }) {
  const channel = await connect(address);
  const call = POLICIES[1].calls(channel);
  let done = 0;
  const until = performance.now() + ms;
  await Promise.all(Array.from({ length: window }, async () => { while (performance.now() < until) if ((await call()).ok) done++; }));
  await channel.close();
  return (done / ms) * 1000;
}

process.on('message', async (job) => {
  process.send(await (job.window ? saturate(job) : openLoop(job)));
  process.disconnect();
});
process.on('disconnect', () => process.exit());
process.send('ready');
