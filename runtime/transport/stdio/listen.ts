/** Serves the one client that started this process. */
import { fstatSync } from "node:fs";
import { PairedStream } from "../links/paired-stream.js";
import { StreamLink } from "../links/stream-link.js";
import type { Listening, ListenOptions } from "../transport.js";
import { parseOwn } from "./address.js";
import { openInput, takeOutput } from "./own-pipes.js";

const PEER = { transport: "stdio", address: "stdio:" };

/** A server whose client is gone, and that runs on although it is closed, is asked to end by SIGTERM after this, in milliseconds. */
const END_MS = 2_000;

let taken = false;

/**
 * Takes the standard input and output of this process, once and for good.
 * @throws Error if they lead to no program, or are taken already.
 */
export async function listen(address: string, options: ListenOptions): Promise<Listening> {
  parseOwn(address);
  if (taken) throw new Error("stdio: the standard input and output are in use; a process serves one client there");
  if (![0, 1].every(isPipe)) {
    const why = "the standard input and output are not both pipes; a client starts this program";
    throw new Error(`stdio: ${why}, as in connect("stdio:node server.js")`);
  }
  taken = true;
  const stream = new PairedStream({ readable: openInput(), writable: takeOutput(), closed: () => void options.over?.()?.then(end) });
  const link = new StreamLink(stream, {
    peer: PEER,
    maxFrameBytes: options.maxFrameBytes,
    destroy: () => void stream.destroy(),
    ended: () => "the standard input has ended without a goodbye; the client's process may have died",
  });
  let open = true;
  setImmediate(() => {
    if (open) options.accept(link);
  });
  return {
    address,
    close: async () => {
      open = false;
    },
  };
}

/** @param file its number. Node's pipes between processes are sockets, and its own `process.stdin` of another class on each platform. */
function isPipe(file: number): boolean {
  const status = fstatSync(file);
  return status.isFIFO() || status.isSocket();
}

/** Without its client the process has nothing to do. Whatever else it holds open must not make an orphan of it. */
function end(): void {
  setTimeout(() => process.kill(process.pid, "SIGTERM"), END_MS).unref();
}
