/**
 * The other process of the suite. `listen ADDRESS` serves an echo and prints where; `echo ADDRESS` and `leave ADDRESS` dial, the one to
 * echo until it is killed, the other to say "hello", close and run out of things to do.
 */
import { nodeTransports } from "../../runtime/transport/node-transports.js";
import { transportFor } from "../../runtime/transport/address.js";
import type { Link } from "../../runtime/transport/transport.js";
import { testSides } from "./tls-sides.js";

const [role = "", address = ""] = process.argv.slice(2);
const transport = transportFor(address, nodeTransports({ tls: testSides() }));
const maxFrameBytes = 8 * 1024 * 1024;

function echo(link: Link): void {
  link.open({ frame: (bytes) => link.send(bytes.slice()), drained: () => {}, closed: () => {} });
}

if (role === "listen") {
  const listening = await transport.listen?.(address, {
    maxFrameBytes,
    accept: echo,
    failed: (cause) => console.error(cause),
  });
  console.log(listening?.address);
} else {
  const link = await transport.dial(address, { signal: new AbortController().signal, maxFrameBytes });
  if (role === "echo") echo(link);
  else {
    link.open({
      frame: () => {},
      drained: () => {},
      closed: (cause) => console.log(`closed ${cause?.message ?? "in order"}`),
    });
    link.send(new TextEncoder().encode("hello"));
    link.close();
  }
}
