/** How deep messages and structs always hold one another, from file to file. */
import type { Collector } from "../diagnostics/collector.js";
import { stronglyConnected } from "../ir/strongly-connected.js";
import type { Declared } from "./symbols.js";

/** Beyond what any reader takes, and so few that whatever walks along types may call itself for each. */
const MOST_HELD = 256;

export class HeldDepths {
  readonly #depths = new Map<Declared, number>();

  /** Of what holds nothing: 1. Undefined for what is neither a message nor a struct. */
  of(declared: Declared): number | undefined {
    return this.#depths.get(declared);
  }

  restore(declared: Declared, depth: number): void {
    this.#depths.set(declared, depth);
  }

  /** Reports where a chain gets too long, and not what stands above in the same chain. `targets` of other files must be known. */
  check(holders: Iterable<Declared>, targets: (declared: Declared) => readonly Declared[], found: Collector): void {
    const own = new Set(holders);
    const ownTargets = (declared: Declared) => targets(declared).filter((each) => own.has(each));
    // Parts come behind those that they lead to. In a cycle, which is reported as such, the depth is that of what it leads out to.
    for (const part of stronglyConnected(own, ownTargets)) {
      for (const declared of part) {
        const depth = targets(declared).reduce((most, each) => Math.max(most, 1 + (this.#depths.get(each) ?? 0)), 1);
        this.#depths.set(declared, depth);
        const { name } = declared.node;
        if (depth === MOST_HELD + 2) found.report("RPC2049", name.span, { name: name.text, limit: MOST_HELD });
      }
    }
  }
}
