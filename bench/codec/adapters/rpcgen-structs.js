import * as generated from '../../gen/codec/rpcgen/frozen.js';
import { ours } from './rpcgen.js';
const typed = { Numeric: (v) => ({ f: Float64Array.from(v.f), i: Int32Array.from(v.i) }) };
export default ours('rpcgen structs', 'structs; typed arrays', generated, { make: (type, v) => (typed[type] ? typed[type](v) : v) });
