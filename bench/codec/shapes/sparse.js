// 300 rows of 40 optional fields, of which two to six are there.
import { rng } from '../../lib/rand.js';
import { ASCII } from './alphabets.js';

const FIELDS = Array.from({ length: 40 }, (_, k) => `f${k + 1}`);

export default {
  root: 'Sparse',
  // No value is its type's zero, which pbf cannot tell from absence.
  data() {
    const r = rng(23);
    const value = (k) => [() => r.text(r.int(4, 20), ASCII), () => r.int(1, 1e6) * r.pick([1, -1]), () => (r.next() - 0.5) * 1e3, () => true, () => r.int(1, 2 ** 31)][k % 5]();
    return {
      rows: Array.from({ length: 300 }, () => {
        const row = {}, chosen = new Set(Array.from({ length: r.int(2, 6) }, () => r.int(0, 39)));
        for (const k of [...chosen].sort((a, b) => a - b)) row[FIELDS[k]] = value(k);
        return row;
      }),
    };
  },
  to: (v, r) => r.make('Sparse', { rows: v.rows.map((row) => r.make('Row', { ...row })) }),
  from: (n, r) => ({ rows: n.rows.map((row) => Object.fromEntries(FIELDS.filter((k) => r.has(row, k)).map((k) => [k, row[k]]))) }),
};
