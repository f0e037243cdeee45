/** The sending end of a stream: takes elements from an iterable as fast as the receiver takes them from us. */
import { show } from "../../wire/errors.js";
import { messageOf, RpcError } from "../errors.js";
import { elementCost, type SendWindow } from "./flow-control.js";

/**
 * Where the elements go. Exactly one of `finished`, `failed` and `refused` is called, unless the pump is stopped first.
 */
export interface PumpOutlet {
  readonly window: SendWindow;
  /** @throws RpcError if the element cannot be sent. */
  encode(value: unknown): Uint8Array;
  send(payload: Uint8Array): void;
  finished(): void;
  /** The iterable itself threw. */
  failed(error: unknown): void;
  /** An element could not be sent, or the receiver took none for too long. */
  refused(error: RpcError): void;
}

type Source = AsyncIterable<unknown> | Iterable<unknown>;

/** What moves elements from an iterable to an outlet. */
export interface Pump {
  /** Never rejects. */
  run(): Promise<void> | void;
  /** The iterable gets its `return()`, so that what it holds is released. */
  stop(): Promise<void> | void;
}

export class ItemPump implements Pump {
  readonly #source: Source;
  readonly #outlet: PumpOutlet;
  #iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined;
  #running = true;

  constructor(source: Source, outlet: PumpOutlet) {
    this.#source = source;
    this.#outlet = outlet;
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { window } = this.#outlet;
    try {
      for (;;) {
        const result = await this.#pull();
        if (result === undefined) return;
        const payload = this.#outlet.encode(result.value);
        while (!window.open && this.#running) await window.wait();
        if (!this.#running) return;
        window.spend(elementCost(payload));
        this.#outlet.send(payload);
      }
    } catch (error) {
      if (!this.#running) return;
      void this.stop();
      this.#outlet.refused(
        error instanceof RpcError ? error : new RpcError({ code: "INTERNAL", message: messageOf(error), cause: error }),
      );
    }
  }

  /**
   * The iterable gets its `return()`, so that what it holds is released; what that throws is its own affair. Resolves
   * when it has returned, which a generator does only when what it awaits comes to an end.
   */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#outlet.window.close();
    try {
      await this.#iterator?.return?.();
    } catch {}
  }

  /** The next element, or undefined after the last one, which the outlet is told of here. */
  async #pull(): Promise<{ readonly value: unknown } | undefined> {
    try {
      this.#iterator ??= iteratorOf(this.#source);
      const result = await this.#iterator.next();
      if (!this.#running) return undefined;
      if (result.done !== true) return result;
    } catch (error) {
      if (this.#running) this.#over(() => this.#outlet.failed(error));
      return undefined;
    }
    this.#over(() => this.#outlet.finished());
    return undefined;
  }

  /** The iterable is done by itself and needs no `return()`. */
  #over(tell: () => void): void {
    this.#running = false;
    tell();
  }
}

/** Lets go of an iterable that nobody will read. Resolves when it has returned; never rejects. */
export async function leaveUnread(source: Source): Promise<void> {
  try {
    await iteratorOf(source).return?.();
  } catch {}
}

/** @throws TypeError if it is not iterable at all. */
function iteratorOf(source: Source): AsyncIterator<unknown> | Iterator<unknown> {
  const given = Object(source) as object;
  if (Symbol.asyncIterator in given) return (source as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  if (Symbol.iterator in given) return (source as Iterable<unknown>)[Symbol.iterator]();
  throw new TypeError(`a stream takes an iterable, such as an async generator, got ${show(source)}`);
}
