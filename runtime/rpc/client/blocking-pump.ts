/** The sending end of a stream whose sender waits: takes an element from an iterable when the thread has nothing to read. */
import { messageOf, RpcError } from "../errors.js";
import { elementCost } from "../protocol/flow-control.js";
import type { Pump, PumpOutlet } from "../protocol/item-pump.js";

export class BlockingPump implements Pump {
  readonly #source: Iterable<unknown>;
  readonly #outlet: PumpOutlet;
  readonly #ready: (pump: BlockingPump) => void;
  #iterator: Iterator<unknown> | undefined;
  /** Taken, and not yet sent. */
  #payload: Uint8Array | undefined;
  #running = true;

  /** @param ready called when it can go on: it wants a `step`. */
  constructor(source: Iterable<unknown>, outlet: PumpOutlet, ready: (pump: BlockingPump) => void) {
    this.#source = source;
    this.#outlet = outlet;
    this.#ready = ready;
  }

  run(): void {
    this.#ready(this);
  }

  /** One element further. */
  step(): void {
    if (!this.#running) return;
    const { window } = this.#outlet;
    try {
      this.#payload ??= this.#next();
      if (this.#payload === undefined || !this.#running) return;
      if (window.open) {
        window.spend(elementCost(this.#payload));
        this.#outlet.send(this.#payload);
        this.#payload = undefined;
        return this.#ready(this);
      }
    } catch (error) {
      return this.#refuse(error);
    }
    window.await(
      () => this.#ready(this),
      (error) => this.#refuse(error),
    );
  }

  /** What `return()` of the iterable throws is its own affair. */
  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#outlet.window.close();
    try {
      this.#iterator?.return?.();
    } catch {}
  }

  /** Undefined after the last one, which the outlet is told of here. */
  #next(): Uint8Array | undefined {
    let result: IteratorResult<unknown>;
    try {
      this.#iterator ??= iteratorOf(this.#source);
      result = this.#iterator.next();
    } catch (error) {
      if (this.#running) this.#over(() => this.#outlet.failed(error));
      return undefined;
    }
    if (!this.#running) return undefined;
    if (result.done !== true) return this.#outlet.encode(result.value);
    this.#over(() => this.#outlet.finished());
    return undefined;
  }

  #refuse(error: unknown): void {
    if (!this.#running) return;
    this.stop();
    this.#outlet.refused(
      error instanceof RpcError ? error : new RpcError({ code: "INTERNAL", message: messageOf(error), cause: error }),
    );
  }

  /** The iterable is done by itself and needs no `return()`. */
  #over(tell: () => void): void {
    this.#running = false;
    tell();
  }
}

/** @throws TypeError for what only an awaiting caller could read. */
function iteratorOf(source: Iterable<unknown>): Iterator<unknown> {
  if (Symbol.iterator in source) return source[Symbol.iterator]();
  throw new TypeError("the requests of a blocking call are an iterable, and not an async one: nobody could await it");
}
