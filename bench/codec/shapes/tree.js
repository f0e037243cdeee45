// 200 nodes, rather deep than bushy, each with a union and few of seven optionals.
import { rng } from '../../lib/rand.js';
import { ASCII } from './alphabets.js';

const OPTIONAL = ['name', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6'];
const to = (v, r) => {
  const { value, children, ...rest } = v;
  return r.make('Tree', { ...rest, ...r.union(value), children: children.map((c) => to(c, r)) });
};
const from = (n, r) => {
  const out = { id: n.id };
  for (const k of OPTIONAL) if (r.has(n, k)) out[k] = n[k];
  out.value = r.ununion(n);
  out.children = n.children.map((c) => from(c, r));
  return out;
};

export default {
  root: 'Tree',
  to,
  from,
  /** value is a union: exactly one of num, real, text, flag. */
  data() {
    const r = rng(5);
    let left = 200, id = 0;
    const node = () => {
      left--;
      const n = { id: id++ };
      if (r.chance(0.5)) n.name = r.text(r.int(3, 14), ASCII);
      const k = r.int(0, 3);
      n.value = k === 0 ? { num: r.int(0, 1e12) } : k === 1 ? { real: r.next() } : k === 2 ? { text: r.text(10, ASCII) } : { flag: r.chance(0.5) };
      if (r.chance(0.1)) n.o1 = r.int(1, 1e6);
      if (r.chance(0.1)) n.o2 = r.next();
      if (r.chance(0.1)) n.o3 = r.text(8, ASCII);
      if (r.chance(0.05)) n.o4 = true;
      if (r.chance(0.05)) n.o5 = r.int(-1e6, 1e6);
      if (r.chance(0.05)) n.o6 = r.text(20, ASCII);
      n.children = [];
      return n;
    };
    const root = node();
    const open = [root];
    while (left > 0) {
      const at = open[r.int(Math.max(0, open.length - 6), open.length - 1)];
      const child = node();
      at.children.push(child);
      open.push(child);
    }
    return root;
  },
};
