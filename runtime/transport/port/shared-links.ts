/** Links over memory that two threads share; the port beside it wakes a thread that sleeps in its event loop, and tells its end. */
import { RingLink } from "../ring-link.js";
import { RingPoller } from "../ring-poller.js";
import { mayWait, ringBell, ThreadBell } from "../thread-bell.js";
import type { Link, Peer } from "../transport.js";
import { hear, type OwnPort } from "./message-port.js";
import type { SharedLinks } from "./port-address.js";
import { endsOf, isBell, newRings, obstacle, offerIn, type Offer } from "./shared-memory.js";

/** How long a thread that looks at its rings waits for the next bell, in milliseconds: all else in the thread waits with it. */
const REST_MS = 0.05;

/** Who does not take what it asked for is left, in milliseconds. */
const ANSWER_TIMEOUT_MS = 5_000;

/** What is posted: that there is something in the ring, or that nobody is there any more. Not all browsers tell the end of a port. */
const Word = { LOOK: 0, GONE: 1 } as const;

export const sharedLinks: SharedLinks = {
  obstacle,
  offer(own, peer, maxFrameBytes, accept) {
    const rings = newRings();
    const settle = (): void => {
      clearTimeout(late);
      own.removeEventListener("message", answered);
      own.removeEventListener("close", gone);
    };
    const gone = (): void => {
      settle();
      own.close();
    };
    const answered = ({ data: bell }: { readonly data?: unknown }): void => {
      if (!isBell(bell)) return gone();
      settle();
      // After this event, which the link would hear too.
      queueMicrotask(() => accept(linkOver(own, peer, maxFrameBytes, { rings, bell }, 1)));
    };
    const late = setTimeout(gone, ANSWER_TIMEOUT_MS);
    own.addEventListener("message", answered);
    own.addEventListener("close", gone);
    own.start();
    own.postMessage({ rings, bell: thread().bell.word } satisfies Offer);
  },
  take(message, own, peer, maxFrameBytes) {
    const offer = offerIn(message);
    if (offer === undefined) return undefined;
    own.postMessage(thread().bell.word);
    return () => linkOver(own, peer, maxFrameBytes, offer, 0);
  },
};

let here: { readonly bell: ThreadBell; readonly poller: RingPoller } | undefined;

/** One for all links of the thread. */
function thread(): NonNullable<typeof here> {
  if (here !== undefined) return here;
  const bell = new ThreadBell();
  const rest = mayWait() ? (): unknown => bell.wait(REST_MS) : (): void => {};
  here = { bell, poller: new RingPoller(rest) };
  return here;
}

/**
 * @param bell of the other thread.
 * @param side 0 for who asked for the link, 1 for who listens.
 */
function linkOver(port: OwnPort, peer: Peer, maxFrameBytes: number, { rings, bell }: Offer, side: 0 | 1): Link {
  const link = new RingLink({
    peer,
    maxFrameBytes,
    ...endsOf(rings, side),
    poller: thread().poller,
    ring() {
      ringBell(bell);
      port.postMessage(Word.LOOK);
    },
    nudge: () => ringBell(bell),
    release() {
      port.postMessage(Word.GONE);
      port.close();
      ringBell(bell);
    },
  });
  const lost = (): void => link.lost(new Error(`${peer.address}: the connection ended without a goodbye; the other thread may have ended`));
  hear(port, (word) => (word === Word.GONE ? lost() : link.rung()), lost);
  return link;
}
