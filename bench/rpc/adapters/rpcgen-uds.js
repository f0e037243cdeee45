import os from 'node:os';
import path from 'node:path';
import { ours } from './rpcgen.js';
export default ours('rpcgen unix', 'generated stub, Unix socket', () => `unix:${path.join(os.tmpdir(), `rpcgen-bench-${process.pid}.sock`)}`);
