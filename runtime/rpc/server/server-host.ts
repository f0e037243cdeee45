/** What a server lends its sessions and calls. */
import type { Peer } from "../../transport/transport.js";
import type { ByteBudget } from "../byte-budget.js";
import type { Headers } from "../headers.js";
import type { Observe } from "../observer.js";
import type { ServedExchange } from "../protocol/exchange.js";
import type { Timers } from "../timers.js";
import type { Admission } from "./admission.js";
import type { Guards } from "./guard.js";
import type { Locator } from "./locator.js";
import type { ServerLimits } from "./server-limits.js";
import type { ServiceTable } from "./service-table.js";

/**
 * Says who calls, before anything of the call is looked up or run; what it returns is `ctx.principal`. What it throws
 * refuses the call: an RpcError as it is, anything else as UNAUTHENTICATED without its message. Records of guarded calls are
 * kept by principal: a text, an object with an `id` that is text or a number, or data that is the same for all calls of a caller.
 */
export type Authenticate = (headers: Headers, peer: Peer) => unknown;

/** Something that the server's operator should see and its clients should not. */
export interface ServerFault {
  readonly error: unknown;
  /** `package.Service/method`; undefined if no call is to blame. */
  readonly method: string | undefined;
  readonly callId: string | undefined;
  readonly peer: Peer | undefined;
}

export interface ServerHost {
  readonly instanceId: Uint8Array;
  readonly locator: Locator;
  readonly limits: ServerLimits;
  readonly timers: Timers;
  readonly table: ServiceTable;
  readonly admission: Admission;
  /** Of requests. */
  readonly held: ByteBudget;
  /** Of replies that wait for their peers. */
  readonly unsent: ByteBudget;
  readonly authenticate: Authenticate | undefined;
  readonly observe: Observe | undefined;
  readonly report: (fault: ServerFault) => void;
  readonly guards: Guards;
  /** Calls that run on without the connection that they came by. */
  readonly orphans: Set<ServedExchange>;
  /** Streaming calls that are open. */
  openStreams: number;
}
