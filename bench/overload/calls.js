// The ways to make a call. Each gives { ok, attempts }, and never rejects.
import { DEADLINE_MS, work } from './service.js';

/** Through the channel, which tries again by its own rules. The server answers with the number of the attempt. */
export const channelCalls = (attempts) => (channel) => {
  const method = attempts === 3 ? work : { ...work, attempts };
  return async () => {
    try {
      return { ok: true, attempts: await channel.unary(method, undefined, { timeoutMs: DEADLINE_MS }) };
    } catch (error) {
      return { ok: false, attempts: error.attempts };
    }
  };
};

const ATTEMPTS = 3, ATTEMPT_MS = 250, BASE_MS = 50, CAP_MS = 2000;
const sleep = (ms) => new Promise((ok) => setTimeout(ok, ms));

/** As a loop around the call would do it: a time limit a try, exponential backoff with full jitter, nothing else. */
export function naiveCalls(channel, random) {
  const once = { ...work, attempts: 1 };
  return async () => {
    const until = performance.now() + DEADLINE_MS;
    for (let attempt = 1; ; attempt++) {
      try {
        await channel.unary(once, undefined, { timeoutMs: Math.min(ATTEMPT_MS, until - performance.now()) });
        return { ok: true, attempts: attempt };
      } catch {
        const delay = random() * Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
        if (attempt === ATTEMPTS || performance.now() + delay >= until) return { ok: false, attempts: attempt };
        await sleep(delay);
      }
    }
  };
}
