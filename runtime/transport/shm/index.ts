/** `@rpcgen/runtime/shm`: the transport by itself, to be passed as `{ transports: [shm()] }` where the runtime's own table is not used. */
export { shm } from "./transport.js";
