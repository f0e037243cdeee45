/** Things in the order in which they came. Each carries its own place, so that any of them is taken out at once, however long the chain is. */

export interface Chained<E> {
  previous: E | undefined;
  next: E | undefined;
}

export class Chain<E extends Chained<E>> {
  first: E | undefined;
  last: E | undefined;

  push(entry: E): void {
    entry.previous = this.last;
    if (this.last === undefined) this.first = entry;
    else this.last.next = entry;
    this.last = entry;
  }

  /** Does nothing if it is not there any more. */
  remove(entry: E): void {
    if (entry.previous !== undefined) entry.previous.next = entry.next;
    else if (this.first === entry) this.first = entry.next;
    if (entry.next !== undefined) entry.next.previous = entry.previous;
    else if (this.last === entry) this.last = entry.previous;
    entry.previous = undefined;
    entry.next = undefined;
  }

  /** Puts another into the place of one. */
  replace(entry: E, by: E): void {
    by.previous = entry.previous;
    by.next = entry.next;
    if (entry.previous === undefined) this.first = by;
    else entry.previous.next = by;
    if (entry.next === undefined) this.last = by;
    else entry.next.previous = by;
    entry.previous = undefined;
    entry.next = undefined;
  }
}
