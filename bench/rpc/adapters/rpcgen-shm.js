import os from 'node:os';
import path from 'node:path';
import { ours } from './rpcgen.js';
export default ours('rpcgen shm', 'generated stub, memory shared between processes', () => `shm:${path.join(os.tmpdir(), `rpcgen-bench-${process.pid}.shm`)}`);
