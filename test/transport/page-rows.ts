/** The transports that exist in a page at both ends. A page dials WebSockets too; `browser.test.ts` has one do so. */
import { inProcess } from "../../runtime/transport/in-process/transport.js";
import type { TransportRow } from "./all.js";
import { portPairs } from "./port-pairs.js";

let names = 0;

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
];
