/** Connects to a server by shared memory. */
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { describeFailure } from "../links/failure.js";
import { connectSocketFile } from "../sockets/socket-file.js";
import { parsePath } from "../sockets/socket-path.js";
import type { DialOptions, Link } from "../transport.js";
import { lineOf } from "./bell.js";
import { linkOver } from "./link.js";
import { ACCEPTED, REFUSED, writeAsk } from "./rendezvous.js";
import { createSegment, NONCE_BYTES, SEGMENT_REMEDIES } from "./segment.js";
import { loadSystem } from "./system.js";

export async function dial(address: string, options: DialOptions): Promise<Link> {
  const path = parsePath("shm", address);
  const system = await loadSystem().catch((error: Error) => {
    throw new Error(`${address}: ${error.message}`, { cause: error });
  });
  const socket = await connectSocketFile(address, path, options);
  const explained = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw describeFailure(address, error as Error, SEGMENT_REMEDIES);
    }
  };
  try {
    const nonce = Uint8Array.from(randomBytes(NONCE_BYTES));
    const { segment, file } = explained(() => createSegment(system, nonce));
    try {
      socket.write(writeAsk({ file, nonce }));
      await accepted(address, socket, options.signal);
      const line = explained(() => lineOf(system, socket));
      return linkOver(system, segment, line, path, options.maxFrameBytes);
    } catch (error) {
      segment.release();
      throw error;
    } finally {
      system.closeFile(file);
    }
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Of the words with which a server refuses, so many bytes are waited for: it may be anybody who took the name. */
const MOST_WORDS = 4_096;

/** Reads the answer; bells that came with it are no loss, for a link looks at its ring when it is opened. @throws Error that says why not. */
function accepted(address: string, socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0);
    const settle = (error?: Error): void => {
      signal.removeEventListener("abort", abandon);
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
      if (error === undefined) resolve();
      else reject(error);
    };
    const abandon = (): void => settle(new Error(`${address}: the attempt to connect was given up`, { cause: signal.reason }));
    const ended = (): void => {
      const why = answer[0] === REFUSED ? answer.subarray(1, MOST_WORDS).toString() : "the server ended the connection; is it one of another version?";
      settle(new Error(`${address}: ${why}`));
    };
    const listeners = {
      data(bytes: Buffer) {
        answer = Buffer.concat([answer, bytes]);
        if (answer[0] === ACCEPTED) settle();
        else if (answer.length > MOST_WORDS) ended();
        else if (answer[0] !== REFUSED) settle(new Error(`${address}: who answers there is no server of shared memory`));
      },
      end: ended,
      error: ended,
      close: ended,
    };
    if (signal.aborted) return abandon();
    signal.addEventListener("abort", abandon, { once: true });
    for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
  });
}
