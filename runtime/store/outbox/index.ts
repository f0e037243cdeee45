/** `@rpcgen/runtime/store/outbox`: delivers what handlers enqueued in an outbox of their store. */
export { deliverOutbox, type Deliver, type Deliverer, type DelivererOptions } from "./deliverer.js";
export type { Outbox, OutboxEntry } from "./outbox.js";
