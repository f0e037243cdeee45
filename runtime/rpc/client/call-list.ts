/**
 * The calls of a channel that are not settled, in the order of their sequence. The first guarded one of them bounds what
 * servers must remember.
 */
import { Chain } from "../chain.js";
import type { RpcError } from "../errors.js";

export interface Listed {
  sequence: number;
  previous: Listed | undefined;
  next: Listed | undefined;
  /** How many later calls it stays for: it is let go of then, whatever it stands for. */
  readonly patience: number;
  abort(error: RpcError): void;
}

export class CallList {
  readonly #guarded = new Chain<Listed>();
  readonly #others = new Chain<Listed>();
  #sequence = 0;

  /** Gives the call its sequence. */
  add(call: Listed, guarded: boolean): void {
    this.#sequence += 1;
    call.sequence = this.#sequence;
    if (!guarded) return this.#others.push(call);
    this.#guarded.push(call);
    for (let first = this.#guarded.first; first !== undefined; first = this.#guarded.first) {
      if (this.#sequence - first.sequence <= first.patience) return;
      this.#guarded.remove(first);
    }
  }

  /** Does nothing if it is not there any more. */
  remove(call: Listed, guarded: boolean): void {
    if (guarded) this.#guarded.remove(call);
    else this.#others.remove(call);
  }

  /** A guarded call is over, and its record on the server is still of use. */
  keep(call: Listed, question: Listed): void {
    question.sequence = call.sequence;
    this.#guarded.replace(call, question);
  }

  /** Of no guarded call with a lower sequence is anything more wanted. */
  get ackBelow(): number {
    return this.#guarded.first?.sequence ?? this.#sequence + 1;
  }

  all(): Listed[] {
    const calls: Listed[] = [];
    for (const chain of [this.#guarded, this.#others]) {
      for (let call = chain.first; call !== undefined; call = call.next) calls.push(call);
    }
    return calls;
  }
}
