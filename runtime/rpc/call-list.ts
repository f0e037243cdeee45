/**
 * The calls of a channel that are not settled, in the order of their sequence. The first guarded one of them bounds what
 * servers must remember.
 */
import type { RpcError } from "./errors.js";

export interface Listed {
  sequence: number;
  previous: Listed | undefined;
  next: Listed | undefined;
  /** How many later calls it stays for: it is let go of then, whatever it stands for. */
  readonly patience: number;
  abort(error: RpcError): void;
}

class Chain {
  first: Listed | undefined;
  #last: Listed | undefined;

  push(entry: Listed): void {
    entry.previous = this.#last;
    if (this.#last === undefined) this.first = entry;
    else this.#last.next = entry;
    this.#last = entry;
  }

  remove(entry: Listed): void {
    if (entry.previous !== undefined) entry.previous.next = entry.next;
    else if (this.first === entry) this.first = entry.next;
    if (entry.next !== undefined) entry.next.previous = entry.previous;
    else if (this.#last === entry) this.#last = entry.previous;
    entry.previous = undefined;
    entry.next = undefined;
  }

  /** Puts another into the place of one. */
  replace(entry: Listed, by: Listed): void {
    by.previous = entry.previous;
    by.next = entry.next;
    if (entry.previous === undefined) this.first = by;
    else entry.previous.next = by;
    if (entry.next === undefined) this.#last = by;
    else entry.next.previous = by;
    entry.previous = undefined;
    entry.next = undefined;
  }
}

export class CallList {
  readonly #guarded = new Chain();
  readonly #others = new Chain();
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
