import * as generated from '../../gen/codec/rpcgen/bench.js';
import * as unseen from '../../gen/codec/rpcgen/unseen.js';
import { adapter, asMap, only } from '../convert.js';

/** Ours: a union is { kind, value }, a map a Map, i64 a number by `@number`. */
export const ours = (name, note, g, rules = {}) => adapter({
  name, note,
  type: (root) => g[`${root}Codec`],
  rules: {
    ...asMap,
    union: (u) => ({ value: { kind: only(u), value: u[only(u)] } }),
    ununion: (n) => ({ [n.value.kind]: n.value.value }),
    ...rules,
  },
  encode: (T) => T.encode,
  decode: (T) => T.decode,
});
export default ours('rpcgen', 'messages; i64 is number', { ...generated, ...unseen });
