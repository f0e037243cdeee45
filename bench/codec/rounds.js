// Measures what check.js has opened, in rounds. Runs in Node and in browsers.
import { rate } from './rate.js';

/** Puts rates into each job's `enc`, `dec` and `lazy`, one a round. The order within a round rotates, so no peer always runs after the same other. */
export function measureAll(jobs, { rounds, ms, warm, clock }) {
  for (const shape of new Set(jobs.map((j) => j.shape))) {
    const set = jobs.filter((j) => j.shape === shape);
    for (const j of set) {
      j.enc = []; j.dec = []; j.lazy = [];
      rate(j.p.encode, j.native, warm, clock);
      rate(j.p.decode, j.input, warm, clock);
      if (j.p.lazy) rate(j.p.lazy, j.input, warm, clock);
    }
    for (let r = 0; r < rounds; r++) for (let k = 0; k < set.length; k++) {
      const j = set[(k + r) % set.length];
      j.enc.push(rate(j.p.encode, j.native, ms, clock));
      j.dec.push(rate(j.p.decode, j.input, ms, clock));
      if (j.p.lazy) j.lazy.push(rate(j.p.lazy, j.input, ms / 2, clock));
    }
  }
}

/** What of a job goes to the program that asked. */
export const figures = ({ p, native, input, ...rest }) => rest;
