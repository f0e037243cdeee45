// Seven scalars, as of an audit entry: what a small message costs before its content does.
import { rng } from '../../lib/rand.js';
import { ASCII, TS } from './alphabets.js';

export default {
  root: 'Small',
  data() {
    const r = rng(1);
    return { id: r.text(16, ASCII), ts: TS + r.int(0, 1e9), a: r.int(0, 127), b: r.int(-1000, 100000), c: r.int(1 << 24, 2 ** 31 - 1), flag: true, kind: 2 };
  },
  to: (v, r) => r.make('Small', { ...v, ts: r.i64(v.ts) }),
  from: (n, r) => ({ id: n.id, ts: r.num(n.ts), a: n.a, b: n.b, c: n.c, flag: n.flag, kind: n.kind }),
};
