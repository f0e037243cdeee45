/** Listens for clients who want to share memory. */
import type { Socket } from "node:net";
import { describeFailure } from "../links/failure.js";
import { bindSocketFile } from "../sockets/socket-file.js";
import { parsePath } from "../sockets/socket-path.js";
import { reportFailures } from "../sockets/socket.js";
import type { Listening, ListenOptions } from "../transport.js";
import { lineOf, type Line } from "./bell.js";
import { linkOver } from "./link.js";
import { ACCEPTED, ASK_BYTES, fileOf, readAsk, REFUSED } from "./rendezvous.js";
import { openSegment, type Segment } from "./segment.js";
import { loadSystem, type System } from "./system.js";

/** Who has not asked by then is left, in milliseconds. */
const ASK_TIMEOUT_MS = 5_000;

const REMEDIES = {
  ENOENT: "the client is in a place whose processes the server does not see, such as another container; use unix: instead",
  EACCES: "the server may not look into the client's process: run both as one user, or use unix: instead",
  EPERM: "the server may not look into the client's process: run both as one user, or use unix: instead",
  ENOMEM: "the server has no memory for a segment",
  EMFILE: "the server has too many files open",
  ENFILE: "the system has too many files open",
};

export async function listen(address: string, options: ListenOptions): Promise<Listening> {
  const path = parsePath("shm", address);
  const bound = `shm:${path}`;
  const system = await loadSystem().catch((error: Error) => {
    throw new Error(`${address}: ${error.message}`, { cause: error });
  });
  const { server, close } = await bindSocketFile(bound, path);
  const asking = new Set<Socket>();
  server.on("connection", (socket) => {
    asking.add(socket);
    hearAsk(socket, (bytes) => {
      asking.delete(socket);
      if (bytes === undefined) return;
      const shared = share(system, socket, bytes);
      if (typeof shared === "string") return refuse(socket, shared);
      socket.write(Buffer.of(ACCEPTED));
      options.accept(linkOver(system, shared.segment, shared.line, path, options.maxFrameBytes));
    });
  });
  reportFailures(server, bound, options);
  return {
    address: bound,
    async close() {
      close();
      for (const socket of asking) socket.destroy();
    },
  };
}

/** Calls back once: with the first bytes, or with nothing if the socket ended before. */
function hearAsk(socket: Socket, heard: (bytes: Buffer | undefined) => void): void {
  let bytes = Buffer.alloc(0);
  const gone = (): void => {
    settle(undefined);
    socket.destroy();
  };
  const take = (more: Buffer): void => {
    bytes = Buffer.concat([bytes, more]);
    if (bytes.length >= ASK_BYTES) settle(bytes);
  };
  const timeout = setTimeout(gone, ASK_TIMEOUT_MS);
  const settle = (asked: Buffer | undefined): void => {
    clearTimeout(timeout);
    socket.off("data", take).off("end", gone).off("error", gone).off("close", gone);
    // An error after this one, of a socket that nobody has taken over, is nobody's business.
    socket.on("error", () => {});
    heard(asked);
  };
  socket.on("data", take).on("end", gone).on("error", gone).on("close", gone);
}

/** The segment and what its bell is made of, or why there is none. */
function share(system: System, socket: Socket, bytes: Buffer): { readonly segment: Segment; readonly line: Line } | string {
  const ask = readAsk(bytes);
  if (ask === undefined) return "what came first was no request for shared memory, or one of another version";
  try {
    const segment = openSegment(system, system.peerOf(fileOf(socket)), ask.file, ask.nonce);
    try {
      return { segment, line: lineOf(system, socket) };
    } catch (error) {
      segment.release();
      throw error;
    }
  } catch (error) {
    return describeFailure("no memory is shared", error as Error, REMEDIES).message;
  }
}

function refuse(socket: Socket, why: string): void {
  socket.end(Buffer.concat([Buffer.of(REFUSED), Buffer.from(why)]));
  socket.resume();
}
