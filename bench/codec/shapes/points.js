// 10,000 samples of a series.
import { rng } from '../../lib/rand.js';
import { TS } from './alphabets.js';

export default {
  root: 'Points',
  data() {
    const r = rng(6);
    return { points: Array.from({ length: 10000 }, (_, k) => ({ ts: TS + k * 1000 + r.int(0, 999), value: (r.next() - 0.5) * 1e4, tag: r.int(0, 5000) })) };
  },
  to: (v, r) => r.make('Points', { points: v.points.map((p) => r.make('Point', { ts: r.i64(p.ts), value: p.value, tag: p.tag })) }),
  from: (n, r) => ({ points: n.points.map((p) => ({ ts: r.num(p.ts), value: p.value, tag: p.tag })) }),
};
