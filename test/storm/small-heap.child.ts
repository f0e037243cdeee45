/** A server with handlers that take their time, and bounds that fit a small heap. Prints where it listens. */
import { serve } from "../../runtime/index.js";
import { descriptor } from "../runtime/test-service.js";

const server = await serve({
  listen: "tcp://127.0.0.1:0",
  limits: { maxRequestBytes: 8 << 20, maxConnectionRequestBytes: 4 << 20 },
  services: [
    {
      descriptor,
      handlers: {
        echo: (value: unknown) => value,
        // Until its deadline.
        once: (_: unknown, { signal }: { readonly signal: AbortSignal }) => new Promise((resolve) => signal.addEventListener("abort", resolve)),
      },
    },
  ],
});
console.log(server.addresses[0]);
