/** What a channel lends its calls. */
import type { CallList } from "./call-list.js";
import type { Connection } from "./connection.js";
import type { KnownMethods } from "./known-method.js";
import type { Limits } from "./limits.js";
import type { Random } from "./random.js";
import type { RetryBudget } from "./retry-budget.js";
import type { RetryBuffer } from "./retry-buffer.js";
import type { Throttle } from "./throttle.js";
import type { Timers } from "./timers.js";
import type { Observe } from "./observer.js";
import type { OpenQuestions } from "./open-questions.js";

export interface CallHost {
  readonly clientId: Uint8Array;
  readonly limits: Limits;
  readonly timers: Timers;
  readonly random: Random;
  readonly budget: RetryBudget;
  readonly buffer: RetryBuffer;
  readonly throttle: Throttle;
  readonly methods: KnownMethods;
  readonly connection: Connection;
  readonly calls: CallList;
  /** Calls that failed without anyone knowing whether they ran. */
  readonly questions: OpenQuestions;
  readonly observe: Observe | undefined;
  /** The channel's default deadline for unary calls. */
  readonly timeoutMs: number | undefined;
}
