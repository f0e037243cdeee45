/** What a channel lends its calls. */
import type { Dialler } from "../../transport/blocking.js";
import { routesTo } from "../address.js";
import { ID_BYTES } from "../call-id.js";
import type { Requests } from "../call-options.js";
import { systemClock, type Clock } from "../clock.js";
import { faultOfTime } from "../deadline.js";
import { RpcError, type Outcome, type Question } from "../errors.js";
import { DEFAULT_LIMITS, withDefaults, type Limits } from "../limits.js";
import type { Observe } from "../observer.js";
import type { Pump, PumpOutlet } from "../protocol/item-pump.js";
import { systemRandom, type Random } from "../random.js";
import { Timers } from "../timers.js";
import type { MakeAscent } from "./ascent.js";
import { CallList } from "./call-list.js";
import { Connection } from "./connection.js";
import { KnownMethods } from "./known-method.js";
import { RetryBudget } from "./retry-budget.js";
import { RetryBuffer } from "./retry-buffer.js";
import { Throttle } from "./throttle.js";

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
  /** By their ids, calls that failed without anyone knowing whether they ran, as long as the server may be asked. */
  readonly questions: Map<string, Answerable>;
  readonly observe: Observe | undefined;
  /** The channel's default deadline for unary calls. */
  readonly timeoutMs: number | undefined;
  /** Of a thread that waits, which runs what is to be run itself; undefined where the event loop does. */
  readonly waiting?: Waiting | undefined;
}

/** A question whose answer may be waited for without promises. */
export interface Answerable extends Question {
  run(resolve: (outcome: Outcome<unknown>) => void): void;
}

export interface Waiting {
  /** Runs what is due until that is so. */
  until(met: () => boolean): void;
  /** What takes requests from an iterable there. */
  pump(source: Requests<unknown>, outlet: PumpOutlet): Pump;
}

/** What every channel takes, whether its callers await or block. */
export interface HostOptions {
  /** Sees every call, its attempts and its end; cannot change them. */
  readonly observe?: Observe | undefined;
  /** Address schemes to try before others, best first; a nearer way that a server offers is not taken if its scheme comes later. */
  readonly prefer?: readonly string[] | undefined;
  /** Address schemes outside of which nothing is tried, nor taken where a server offers it. */
  readonly only?: readonly string[] | undefined;
  /** The deadline of unary calls that have none of their own and no `@deadline`, in milliseconds. Default 10 s. */
  readonly timeoutMs?: number | undefined;
  /** For one address to answer, in milliseconds. Default 10 s. */
  readonly connectTimeoutMs?: number | undefined;
  readonly limits?: Partial<Limits> | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

/** @throws RpcError INVALID_ARGUMENT if no address is left to be tried, one has no transport, or a time is none. */
export function makeHost(
  addresses: readonly string[],
  transports: readonly Dialler[],
  options: HostOptions,
  makeAscent?: MakeAscent,
  waiting?: Waiting,
): CallHost {
  const { prefer = [], only } = options;
  const fault = faultOfTime("timeoutMs", options.timeoutMs) ?? faultOfTime("connectTimeoutMs", options.connectTimeoutMs);
  if (fault !== undefined) throw new RpcError({ code: "INVALID_ARGUMENT", executed: "no", message: fault });
  const routes = routesTo(addresses, transports, prefer, only);
  const limits = withDefaults(DEFAULT_LIMITS, options.limits);
  const timers = new Timers(options.clock ?? systemClock);
  const random = options.random ?? systemRandom;
  const clientId = random.bytes(ID_BYTES);
  const connectTimeoutMs = options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
  const ascent = makeAscent?.({ transports, prefer, only, timers, random });
  return {
    clientId,
    limits,
    timers,
    random,
    budget: new RetryBudget(),
    buffer: new RetryBuffer(),
    throttle: new Throttle(timers.clock, random),
    methods: new KnownMethods(),
    connection: new Connection({ routes, clientId, limits, timers, random, connectTimeoutMs, ascent }),
    calls: new CallList(),
    questions: new Map(),
    observe: options.observe,
    timeoutMs: options.timeoutMs,
    waiting,
  };
}
