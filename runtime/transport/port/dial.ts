/** Connects to whoever listens at the other end of a port. */
import type { DialOptions, Link } from "../transport.js";
import { PortLink } from "./link.js";
import { openChannel, type PortLike } from "./message-port.js";
import { Answer, ask } from "./rendezvous.js";

/** Waits, until the signal ends it, for a thread that is still starting. */
export function dial(address: string, port: PortLike, { signal, maxFrameBytes }: DialOptions): Promise<Link> {
  return new Promise((resolve, reject) => {
    const { own, theirs } = openChannel();
    const settle = (): void => {
      signal.removeEventListener("abort", abandon);
      own.removeEventListener("message", answered);
      own.removeEventListener("close", gone);
    };
    const fail = (sentence: string, cause?: unknown): void => {
      settle();
      own.close();
      reject(new Error(`${address}: ${sentence}`, { cause }));
    };
    const abandon = (): void => fail("the attempt to connect was given up", signal.reason);
    const gone = (): void => fail("the other end is gone; its thread may have ended");
    const answered = ({ data }: { readonly data?: unknown }): void => {
      if (data !== Answer.ACCEPTED) return fail("nobody listens there any more; the server has closed");
      settle();
      // After this event, which the link would hear too.
      queueMicrotask(() => resolve(new PortLink(own, { transport: "port", address }, maxFrameBytes)));
    };
    if (signal.aborted) return abandon();
    signal.addEventListener("abort", abandon, { once: true });
    own.addEventListener("message", answered);
    own.addEventListener("close", gone);
    own.start();
    try {
      ask(port, theirs);
    } catch (error) {
      fail("the port takes no message; was it transferred to another thread?", error);
    }
  });
}
