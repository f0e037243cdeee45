/** What really happened: every call with what its caller saw, every run of a handler, every effect. The judge's own book. */
import type { RpcError } from "../../runtime/rpc/errors.js";
import type { Errand, MethodName } from "./sim-service.js";

export type Seen =
  | { readonly kind: "ok"; readonly run: number; readonly items?: number }
  | { readonly kind: "error"; readonly error: RpcError };

export interface Settlement {
  readonly executed: "no" | "yes" | "unknown";
  readonly run: number | undefined;
  /** With a value, not with an error of the handler's. */
  readonly answered: boolean;
  readonly at: number;
}

/** One logical call of one client. */
export interface Op {
  readonly id: number;
  readonly method: MethodName;
  readonly client: string;
  readonly errand: Errand;
  readonly startedAt: number;
  /** Infinity for none. */
  readonly deadlineAt: number;
  readonly key: string | undefined;
  /** Of a @failStop call: the session that it is part of. */
  readonly session: number | undefined;
  /** Another process had made the call before this one. */
  readonly resumed: boolean;
  settledAt: number | undefined;
  seen: Seen | undefined;
  /** Its client died with it. */
  abandoned: boolean;
  readonly settlements: Settlement[];
}

export interface Run {
  readonly run: number;
  readonly op: number;
  /** "front", "middle" or "back". */
  readonly tier: string;
  readonly method: MethodName;
  readonly instance: string;
  readonly startedAt: number;
}

export class Ledger {
  readonly ops: Op[] = [];
  readonly runs: Run[] = [];
  /** Of effects outside the store: `tier/op` to how often. */
  readonly effects = new Map<string, number>();
  #lastOp = 0;

  nextOp(): number {
    this.#lastOp += 1;
    return this.#lastOp;
  }

  begin(op: Omit<Op, "settledAt" | "seen" | "abandoned" | "settlements">): Op {
    const begun: Op = { ...op, settledAt: undefined, seen: undefined, abandoned: false, settlements: [] };
    this.ops.push(begun);
    return begun;
  }

  ran(run: Omit<Run, "run">): number {
    const number = this.runs.length + 1;
    this.runs.push({ run: number, ...run });
    return number;
  }

  effect(tier: string, op: number): void {
    const key = `${tier}/${op}`;
    this.effects.set(key, (this.effects.get(key) ?? 0) + 1);
  }

  effectsOf(tier: string, op: number): number {
    return this.effects.get(`${tier}/${op}`) ?? 0;
  }
}
