/** The elements that a client sends, as the handler reads them. */
import { CODE_NUMBERS } from "../codes.js";
import type { RpcError } from "../errors.js";
import type { ReceiveCredit } from "../protocol/flow-control.js";
import { ItemQueue } from "../protocol/item-queue.js";
import type { ServingSession } from "./serving-session.js";

export class RequestStream {
  readonly items: ItemQueue<unknown>;
  readonly #credit: ReceiveCredit;
  #closed = false;

  /** @param decode throws what the handler gets for an element that cannot be read. */
  constructor(session: ServingSession, stream: number, decode: (payload: Uint8Array) => unknown) {
    const credit = session.openCredit(stream);
    this.#credit = credit;
    this.items = new ItemQueue(decode, {
      started: () => {},
      read: (cost) => {
        credit.read(cost);
        session.elementRead(cost);
      },
      left: () => {
        if (!this.#closed) session.sendCancel(stream, CODE_NUMBERS.CANCELLED);
      },
    });
  }

  push(payload: Uint8Array, cost: number): void {
    this.#credit.received(cost);
    this.items.push(payload, cost);
  }

  end(): void {
    this.items.end();
  }

  abort(reason: RpcError): void {
    this.items.abort(reason);
  }

  /** The call is over. */
  close(): void {
    this.#closed = true;
    this.items.close();
  }
}
