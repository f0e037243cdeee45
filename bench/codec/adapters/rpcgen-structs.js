import * as generated from '../../gen/codec/rpcgen/frozen.js';
import { ours } from './rpcgen.js';
const arrays = { Numeric: (v) => ({ f: Float64Array.from(v.f), i: Int32Array.from(v.i) }) };
/** Rules for schemas with `@typedArray`: what the caller holds is a typed array. */
export const typed = { make: (type, v) => (arrays[type] ? arrays[type](v) : v) };
export default ours('rpcgen structs', 'structs; typed arrays', generated, typed);
