/** Starts a server and connects to its standard input and output. Each connection has a process of its own. */
import { PairedStream } from "../links/paired-stream.js";
import { StreamLink } from "../links/stream-link.js";
import type { DialOptions, Link } from "../transport.js";
import { Child } from "./child.js";
import type { StdioCommand } from "./command.js";

export async function dial(address: string, command: StdioCommand, options: DialOptions): Promise<Link> {
  const { signal, maxFrameBytes } = options;
  const givenUp = (): Error => new Error(`${address}: the attempt to connect was given up`, { cause: signal.reason });
  if (signal.aborted) throw givenUp();
  const child = await Child.start(address, command);
  const stream = new PairedStream({
    readable: child.output,
    writable: child.input,
    atEnd: () => child.whenEnded(),
    closed: () => child.letGo(),
  });
  if (signal.aborted) {
    stream.destroy();
    throw givenUp();
  }
  return new StreamLink(stream, {
    peer: { transport: "stdio", address },
    maxFrameBytes,
    destroy: () => void stream.destroy(),
    ended: () =>
      child.ended === undefined ? "the server has closed its standard output" : `the server's process ${child.ended}`,
  });
}
