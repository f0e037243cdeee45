/** Where a real server process is killed, and which row of the table of promises says what its callers see. */
import { CRASH_POINTS, type CrashPoint } from "../simulation/sim-options.js";
import type { PromiseName } from "../../src/semantics/promises.js";

export { CRASH_POINTS, type CrashPoint };

/** The fault that a death at the point is, to a caller. */
export const FAULT_AT: Readonly<Record<CrashPoint, string>> = {
  "before admit": "crash-before-handler",
  "after admit": "crash-mid-handler",
  "mid-handler": "crash-mid-handler",
  "before commit": "crash-mid-handler",
  "after commit": "crash-after-effect",
  "before reply": "crash-after-effect",
  "half reply": "crash-after-effect",
  "during collection": "crash-mid-handler",
};

/** The method of the service that has the promise. */
export const METHOD_OF = { readonly: "read", idempotent: "put", atMostOnce: "add", exactlyOnce: "place", failStop: "step" } as const satisfies Readonly<
  Record<PromiseName, string>
>;
