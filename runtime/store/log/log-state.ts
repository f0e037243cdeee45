/** What a store holds, in memory: the sum of its operations. The log is the truth of which this is the picture. */
import { CompletionTable } from "./completion-table.js";
import type { Operation } from "./operation.js";
import { SortedKeys } from "./sorted-keys.js";

export class LogState {
  readonly values = new Map<string, Uint8Array>();
  readonly keys = new SortedKeys();
  readonly completions = new CompletionTable();

  apply(operation: Operation): void {
    switch (operation.kind) {
      case "put":
        if (!this.values.has(operation.key)) this.keys.add(operation.key);
        this.values.set(operation.key, operation.value);
        break;
      case "delete":
        if (this.values.delete(operation.key)) this.keys.delete(operation.key);
        break;
      case "complete":
        this.completions.set(operation.key, operation.completion);
        break;
      case "expire":
        this.completions.delete(operation.key);
        break;
      case "client":
        this.completions.raise(operation);
        break;
      case "acknowledge":
        this.completions.acknowledge(operation);
        break;
      case "forget":
        this.completions.forget(operation.principal, operation.client);
        break;
      case "end":
        break;
    }
  }

  /**
   * Everything, as operations that set it. The state may change while they are iterated: what changes then may be seen
   * as it was or as it is.
   */
  *snapshot(): IterableIterator<Operation> {
    for (let key = this.keys.next("", false); key !== undefined; key = this.keys.next(key, true)) {
      const value = this.values.get(key);
      if (value !== undefined) yield { kind: "put", key, value };
    }
    yield* this.completions.snapshot();
  }
}
