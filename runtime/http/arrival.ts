/** A request as it comes to the gateway, and what that is given to answer it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerLimits } from "../rpc/server/server-limits.js";
import type { ServiceBinding } from "../rpc/server/service-table.js";
import type { Origins } from "../transport/sockets/origin.js";
import type { Link, Peer } from "../transport/transport.js";
import type { HttpConnection } from "./connection.js";
import type { Route } from "./routes.js";

export interface GatewayOptions {
  /** Gives a link to the server behind the same door. */
  readonly accept: (link: Link) => void;
  readonly services: readonly ServiceBinding[];
  readonly limits: ServerLimits;
  readonly origins: Origins;
  /** "" or what stands before the path of a call. */
  readonly prefix: string;
}

/** A request with what is known of who sends it. */
export interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: HttpConnection;
  readonly peer: Peer;
  /** What is wrong with the certificate that it was sent under. */
  readonly distrust: string | undefined;
}

/** A request whose method may be called by it. */
export interface Admitted extends Arrival {
  readonly route: Route;
  /** What stands behind the `?`. */
  readonly query: string | undefined;
}
