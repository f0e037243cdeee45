/** A client of shared memory that does nothing good: `flood ADDRESS` sends without a pause until it is killed. */
import { shm } from "../../runtime/transport/shm/transport.js";

const [address = ""] = process.argv.slice(2);
const link = await shm().dial(address, { signal: new AbortController().signal, maxFrameBytes: 1024 });
link.open({ frame: () => {}, drained: () => flood(), closed: () => {} });
flood();

/** Frames of one byte repeated, so that a torn one shows. */
function flood(): void {
  for (let n = 1; !link.congested; n += 1) link.send(new Uint8Array(1000 + ((n * 37) % 7000)).fill(n));
}
