/** A second arrival of a call that was recorded on its way: over a connection of its own, to the same server. */
import { FrameReader } from "../../runtime/rpc/frame-reader.js";
import { Kind, KIND_MASK, readError } from "../../runtime/rpc/protocol/frame.js";
import type { Link, Transport } from "../../runtime/transport/transport.js";
import { kindOf } from "./frame-proxy.js";

const MAX_FRAME_BYTES = 16 << 20;
const PING = Uint8Array.of(Kind.PING, 7);

export interface TwinAnswer {
  /** As in the table of promises. */
  readonly seen: string;
  /** Of a REPLY. */
  readonly payload: Uint8Array | undefined;
}

export interface Twin {
  /** Undefined: the server ended the connection instead. */
  readonly answer: Promise<TwinAnswer | undefined>;
  close(): void;
}

/** Resolves when the server has read the call. */
export async function arriveAgain(transport: Transport, server: string, hello: Uint8Array, call: Uint8Array): Promise<Twin> {
  const link = await transport.dial(server, { signal: new AbortController().signal, maxFrameBytes: MAX_FRAME_BYTES });
  let greeted = false;
  let answered: (answer: TwinAnswer | undefined) => void = () => {};
  const answer = new Promise<TwinAnswer | undefined>((resolve) => (answered = resolve));
  await new Promise<void>((read) => {
    link.open({
      frame: (bytes) => {
        if (!greeted) {
          greeted = true;
          link.send(call.slice());
          link.send(PING.slice());
          return;
        }
        const kind = kindOf(bytes);
        if (kind === "PONG") read();
        if (kind === "REPLY" || kind === "ERROR") answered(answerOf(bytes));
      },
      drained: () => {},
      closed: () => {
        read();
        answered(undefined);
      },
    });
    link.send(hello.slice());
  });
  return { answer, close: () => closeQuietly(link) };
}

function answerOf(bytes: Uint8Array): TwinAnswer {
  const reader = new FrameReader(bytes);
  const kind = reader.u8() & KIND_MASK;
  reader.varint();
  if (kind === Kind.REPLY) return { seen: "OK", payload: reader.rest().slice() };
  const { code, reason, executed, errorName } = readError(reader);
  return { seen: wordsFor(errorName === "" ? code : "DECLARED", reason, executed), payload: undefined };
}

export function wordsFor(code: string, reason: string | undefined, executed: string): string {
  return [code, ...(reason === undefined ? [] : [reason]), executed].join(" ");
}

function closeQuietly(link: Link): void {
  link.abort(new Error("the twin leaves"));
}
