import { ours } from './rpcgen.js';
const inproc = ours('rpcgen in-process', 'generated stub and codecs, no socket', () => `inproc:bench`);
export default { ...inproc, local: true, async connect() { const { address } = await inproc.serve(); return inproc.connect(address); } };
