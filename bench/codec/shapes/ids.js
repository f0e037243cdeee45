// Keys of 1,000 things: 64-bit numbers beyond 2^53, 32-bit numbers, and 16 random bytes each.
import { rng } from '../../lib/rand.js';

export default {
  root: 'Ids',
  data() {
    const r = rng(24);
    return {
      // As in Twitter's scheme: milliseconds above 22 bits of machine and sequence. Below 2^63, so that signed types hold them.
      users: Array.from({ length: 1000 }, (_, k) => (BigInt(487_000_000_000 + k * 977) << 22n) | BigInt(r.int(0, 2 ** 22 - 1))),
      shards: Array.from({ length: 1000 }, () => r.int(-(2 ** 31), 2 ** 31 - 1)),
      keys: Array.from({ length: 1000 }, () => Uint8Array.from({ length: 16 }, () => r.int(0, 255))),
    };
  },
  to: (v, r) => r.make('Ids', { users: r.u64s(v.users), shards: r.i32s(v.shards), keys: v.keys.map(r.bytes) }),
  from: (n, r) => ({ users: Array.from(n.users, r.unu64), shards: [...n.shards], keys: Array.from(n.keys, r.unbytes) }),
};
