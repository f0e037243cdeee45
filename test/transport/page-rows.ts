/** The transports that exist at both ends in a page, which is isolated from other origins. A page dials WebSockets too; `browser.test.ts` has one do so. */
import { inProcess } from "../../runtime/transport/in-process/transport.js";
import { RING_SPACE } from "../../runtime/transport/links/ring.js";
import type { TransportRow } from "./all.js";
import { portPairs } from "./port-pairs.js";

let names = 0;

export const THREAD_MEMORY: TransportRow = {
  name: "memory of threads",
  ownNames: true,
  transport: portPairs(),
  freshAddress: () => `port:shared-${++names}`,
  betweenProcesses: false,
  connectOptions: { transports: [portPairs()] },
  serveOptions: { transports: [portPairs()] },
  linkBytes: 2 * RING_SPACE,
};

export const ALL: readonly TransportRow[] = [
  {
    name: "in-process",
    transport: inProcess(),
    freshAddress: () => `inproc:test-${++names}`,
    betweenProcesses: false,
  },
  {
    name: "port",
    ownNames: true,
    transport: portPairs(),
    freshAddress: () => `port:${++names}`,
    betweenProcesses: false,
    connectOptions: { transports: [portPairs()] },
    serveOptions: { transports: [portPairs()] },
  },
  THREAD_MEMORY,
];

/** A page has no transport that carries nothing but calls. */
export const rowsOfCalls = (): readonly TransportRow[] => ALL;
