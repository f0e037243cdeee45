import * as generated from '../../gen/codec/rpcgen/frozen.js';
import * as unseen from '../../gen/codec/rpcgen/unseen-frozen.js';
import { ours } from './rpcgen.js';
/** Rules for schemas with `@typedArray`: what the caller holds is a typed array. */
export const typed = { f64s: (l) => Float64Array.from(l), i32s: (l) => Int32Array.from(l), u64s: (l) => BigUint64Array.from(l) };
export default ours('rpcgen structs', 'structs; typed arrays', { ...generated, ...unseen }, typed);
