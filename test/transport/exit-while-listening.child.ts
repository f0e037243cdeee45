/** Listens under the most lenient umask, prints the mode of the file, and leaves by `process.exit`, closing nothing. */
import { lstatSync } from "node:fs";
import { unixSocket } from "../../runtime/transport/unix-socket/transport.js";

process.umask(0);
const [address = ""] = process.argv.slice(2);
await unixSocket().listen?.(address, { maxFrameBytes: 1024, accept: () => {}, failed: () => {} });
console.log(`mode ${(lstatSync(address.slice("unix:".length)).mode & 0o777).toString(8)}`);
process.exit(0);
