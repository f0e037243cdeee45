// In the browser: opens one adapter for one shape, and calls it as often as chromium.js asks for, which times that from outside.
import { open } from '../check.js';
import { figures } from '../rounds.js';

export function run(file, peer) {
  let job, sink;
  globalThis.bench = {
    /** What is known of the job, or a failure; null if the adapter does not have the shape. */
    open(shape) {
      try {
        if (mayEval) throw new Error('new Function works here: the policy does not hold');
        job = open(peer, shape);
        return job ? { file, ...figures(job) } : null;
      } catch (e) { return { failure: `${file}/${shape}: ${e.message}` }; }
    },
    enc(calls) { for (let i = 0; i < calls; i++) sink = job.p.encode(job.native); return sink === undefined; },
    dec(calls) { for (let i = 0; i < calls; i++) sink = job.p.decode(job.input); return sink === undefined; },
  };
}

const mayEval = (() => { try { return new Function('return true')(); } catch { return false; } })();
