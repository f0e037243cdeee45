/** Closes links to an address of its own and breaks each off a moment later, on either side; should then end by itself, with "closed" for each. */
import { tcp } from "../../runtime/transport/tcp/transport.js";
import type { Link, LinkReceiver } from "../../runtime/transport/transport.js";
import { unixSocket } from "../../runtime/transport/unix-socket/transport.js";

const [address = ""] = process.argv.slice(2);
const transport = address.startsWith("unix:") ? unixSocket() : tcp();
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** When it is broken off, counted from its close. */
const MOMENTS: readonly (() => Promise<void>)[] = [
  () => Promise.resolve(),
  () => new Promise((resolve) => process.nextTick(resolve)),
  turn,
  () => turn().then(turn),
];

function until(link: Link, over: () => void): void {
  const receiver: LinkReceiver = { frame: () => {}, drained: () => {}, closed: over };
  link.open(receiver);
}

const accepted: Link[] = [];
const listening = await transport.listen?.(address, {
  maxFrameBytes: 1024,
  accept: (link) => {
    accepted.push(link);
    until(link, () => console.log("closed"));
  },
  failed: (error) => console.log(error),
});
for (const moment of MOMENTS) {
  for (const ours of [true, false]) {
    const link = await transport.dial(listening?.address ?? "", { maxFrameBytes: 1024, signal: new AbortController().signal });
    until(link, () => console.log("closed"));
    while (accepted.length === 0) await turn();
    const [own, other] = ours ? [link, accepted.pop()] : [accepted.pop(), link];
    own?.send(new Uint8Array(100));
    own?.close();
    await moment();
    own?.abort();
    other?.close();
  }
}
await listening?.close();
