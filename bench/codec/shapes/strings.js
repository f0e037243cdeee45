// Two long texts: 32 KiB of ASCII and 32 KiB of many scripts.
import { rng } from '../../lib/rand.js';
import { ASCII, MIXED } from './alphabets.js';

export default {
  root: 'Strings',
  data() {
    const r = rng(4), utf8 = new TextEncoder();
    let mixed = '', bytes = 0;
    while (bytes < 32768) { const c = r.pick(MIXED); mixed += c; bytes += utf8.encode(c).length; }
    return { ascii: r.text(32768, ASCII), mixed: new TextDecoder().decode(utf8.encode(mixed)) };
  },
  to: (v, r) => r.make('Strings', { ...v }),
  from: (n) => ({ ascii: n.ascii, mixed: n.mixed }),
};
