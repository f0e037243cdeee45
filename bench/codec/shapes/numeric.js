// 4096 f64 and 4096 i32.
import { rng } from '../../lib/rand.js';

export default {
  root: 'Numeric',
  data() {
    const r = rng(3);
    return {
      f: Array.from({ length: 4096 }, () => (r.next() - 0.5) * 1e6),
      i: Array.from({ length: 4096 }, (_, k) => r.int(-1, 1) * r.int(0, [100, 1e4, 1e6, 2 ** 31 - 1][k & 3]) | 0),
    };
  },
  to: (v, r) => r.make('Numeric', { f: r.f64s(v.f), i: r.i32s(v.i) }),
  from: (n) => ({ f: [...n.f], i: [...n.i] }),
};
