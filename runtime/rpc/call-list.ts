/**
 * The calls of a channel that are not settled, in the order of their sequence; the first one bounds what the server
 * must remember.
 */

export interface Listed {
  sequence: number;
  previous: Listed | undefined;
  next: Listed | undefined;
}

export class CallList<Call extends Listed> {
  #first: Listed | undefined;
  #last: Listed | undefined;
  #sequence = 0;

  /** Gives the call its sequence. */
  add(call: Call): void {
    this.#sequence += 1;
    call.sequence = this.#sequence;
    call.previous = this.#last;
    if (this.#last === undefined) this.#first = call;
    else this.#last.next = call;
    this.#last = call;
  }

  remove(call: Call): void {
    if (call.previous === undefined) this.#first = call.next;
    else call.previous.next = call.next;
    if (call.next === undefined) this.#last = call.previous;
    else call.next.previous = call.previous;
    call.previous = undefined;
    call.next = undefined;
  }

  /** Every call with a lower sequence is settled. */
  get ackBelow(): number {
    return this.#first?.sequence ?? this.#sequence + 1;
  }

  all(): Call[] {
    const calls: Call[] = [];
    for (let call = this.#first; call !== undefined; call = call.next) calls.push(call as Call);
    return calls;
  }
}
