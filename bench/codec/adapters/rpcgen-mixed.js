import * as messages from '../../gen/codec/rpcgen/bench.js';
import * as mixed from '../../gen/codec/rpcgen/mixed.js';
import * as unseen from '../../gen/codec/rpcgen/unseen.js';
import * as unseenMixed from '../../gen/codec/rpcgen/unseen-mixed.js';
import { ours } from './rpcgen.js';
import { typed } from './rpcgen-structs.js';
export default ours('rpcgen mixed', 'messages; structs and typed arrays where a user would choose them', { ...messages, ...mixed, ...unseen, ...unseenMixed }, typed);
