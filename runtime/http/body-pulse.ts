/**
 * A body of frames that rests while both ends live: whoever writes it sends a PING now and then, and whoever reads it gives the
 * call up when nothing comes. A connection of HTTP alone tells nothing of a process that stands still, nor of one behind a proxy.
 */
import type { Readable, Writable } from "node:stream";
import { LONGEST_DELAY_MS } from "../rpc/clock.js";
import { FrameWriter } from "../rpc/frame-writer.js";
import type { Limits } from "../rpc/limits.js";
import { Kind, writeNumbers } from "../rpc/protocol/frame.js";
import { prefixed } from "./framed-call.js";

/** Headers of the answer to a greeting: how often a PING is due in a body that rests, and which silence ends its call; in milliseconds. */
const PING_MS = "rpc-ping-ms";
const SILENCE_MS = "rpc-silence-ms";

export interface Pace {
  /** 0: nobody sends PINGs. */
  readonly pingMs: number;
  readonly silenceMs: number;
}

export const NO_PACE: Pace = { pingMs: 0, silenceMs: 0 };

/** The server's, which holds for both ends. */
export function paceOf({ keepaliveMs, keepaliveTimeoutMs }: Limits): Pace {
  return keepaliveMs > 0 ? { pingMs: keepaliveMs, silenceMs: keepaliveMs + keepaliveTimeoutMs } : NO_PACE;
}

export function tellPace({ pingMs, silenceMs }: Pace): Record<string, string> {
  return pingMs > 0 ? { [PING_MS]: String(pingMs), [SILENCE_MS]: String(silenceMs) } : {};
}

/** What the server has told; nothing of what makes no sense. */
export function toldPace(headers: Readonly<Record<string, string | string[] | undefined>>): Pace {
  const pace = { pingMs: Number(headers[PING_MS]), silenceMs: Number(headers[SILENCE_MS]) };
  return pace.pingMs > 0 && pace.silenceMs > pace.pingMs && pace.silenceMs <= LONGEST_DELAY_MS ? pace : NO_PACE;
}

/** At the end that writes. */
export class BodyPulse {
  readonly #timer: NodeJS.Timeout | undefined;

  /** @param body is asked for when a PING is due. */
  constructor({ pingMs }: Pace, body: () => Writable) {
    if (pingMs === 0) return;
    this.#timer = setTimeout(() => {
      const to = body();
      if (to.writableEnded || to.destroyed) return;
      // What waits to be taken is sign enough.
      if (to.writableLength === 0) to.write(prefixed(writeNumbers(new FrameWriter(), Kind.PING, 0)));
      this.#timer?.refresh();
    }, pingMs).unref();
  }

  /** Something was written. */
  beat(): void {
    this.#timer?.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** At the end that reads. */
export class BodyWatch {
  readonly #timer: NodeJS.Timeout | undefined;
  #body: Readable | undefined;

  /** @param silent told once, why the call is given up. */
  constructor({ silenceMs }: Pace, silent: (why: string) => void) {
    if (silenceMs === 0) return;
    this.#timer = setTimeout(() => {
      // What is not read cannot be heard.
      if (this.#body?.isPaused() === true) this.#timer?.refresh();
      else silent(`nothing was heard of the peer for ${silenceMs} ms`);
    }, silenceMs).unref();
  }

  /** It has begun. */
  of(body: Readable): void {
    this.#body = body;
    body.on("data", () => this.#timer?.refresh());
    body.on("resume", () => this.#timer?.refresh());
    for (const event of ["end", "close"]) body.once(event, () => this.stop());
    this.#timer?.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
