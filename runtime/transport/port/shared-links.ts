/** Links over memory that two threads share; the port beside it wakes a thread that sleeps in its event loop, and tells its end. */
import { RingLink } from "../links/ring-link.js";
import { RingPoller } from "../links/ring-poller.js";
import { isWord, mayWait, ringBell, ThreadBell } from "../links/thread-bell.js";
import type { Link, Peer } from "../transport.js";
import { hear, type OwnPort } from "./message-port.js";
import type { SharedLinks } from "./port-address.js";
import { endsOf, newRings, obstacle, offerIn, type Offer } from "./shared-memory.js";
import { Fate, tellFate, waiterIn, type Waiter } from "./waiter.js";

/** How long a thread that looks at its rings waits for the next bell, in milliseconds: all else in the thread waits with it. */
const REST_MS = 0.05;

/** Who does not take what it asked for is left, in milliseconds. */
const ANSWER_TIMEOUT_MS = 5_000;

/** What is posted, beside the bell of a thread: that there is something in the ring, or that nobody is there any more. Not all browsers tell the end of a port. */
const Word = { LOOK: 0, GONE: 1 } as const;

export const sharedLinks: SharedLinks = {
  obstacle,
  share(own, { waiter }, peer, maxFrameBytes, accept) {
    const waiting = waiterIn(waiter);
    if (waiting === undefined) offer(own, peer, maxFrameBytes, accept);
    else accept(linkToWaiter(own, waiting, peer, maxFrameBytes));
  },
  take(message, own, peer, maxFrameBytes) {
    const offer = offerIn(message);
    if (offer === undefined) return undefined;
    own.postMessage(thread().bell.word);
    return () => linkOver(own, peer, maxFrameBytes, offer, 0);
  },
};

/** The link to a thread that waits. It must be accepted for the thread to learn of it. */
export function linkToWaiter(own: OwnPort, waiter: Waiter, peer: Peer, maxFrameBytes: number): Link {
  // For who can read it although it waits; who cannot is seen at the next look.
  own.postMessage(thread().bell.word);
  tellFate(waiter, Fate.ACCEPTED);
  return linkOver(own, peer, maxFrameBytes, waiter, 1, () => tellFate(waiter, Fate.GONE));
}

/** Offers memory, and accepts a link over it when it was taken. */
function offer(own: OwnPort, peer: Peer, maxFrameBytes: number, accept: (link: Link) => void): void {
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
    if (!isWord(bell)) return gone();
    settle();
    // After this event, which the link would hear too.
    queueMicrotask(() => accept(linkOver(own, peer, maxFrameBytes, { rings, bell }, 1)));
  };
  const late = setTimeout(gone, ANSWER_TIMEOUT_MS);
  own.addEventListener("message", answered);
  own.addEventListener("close", gone);
  own.start();
  own.postMessage({ rings, bell: thread().bell.word } satisfies Offer);
}

let here: { readonly bell: ThreadBell; readonly poller: RingPoller } | undefined;

/** One for all links of the thread. */
function thread(): NonNullable<typeof here> {
  if (here !== undefined) return here;
  const bell = new ThreadBell();
  const rest = mayWait() ? (): unknown => bell.wait(REST_MS) : (): void => {};
  // Nobody knows here which processor a thread runs on. All are taken to be on one, so that each waits for the other's bell.
  here = { bell, poller: new RingPoller({ processor: () => 0, rest }) };
  return here;
}

/**
 * @param bell of the other thread.
 * @param side 0 for who asked for the link, 1 for who listens.
 * @param gone tells the end to who reads no messages.
 */
function linkOver(port: OwnPort, peer: Peer, maxFrameBytes: number, { rings, bell }: Offer, side: 0 | 1, gone?: () => void): Link {
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
      gone?.();
    },
  });
  const lost = (): void => link.lost(new Error(`${peer.address}: the connection ended without a goodbye; the other thread may have ended`));
  hear(port, (word) => (word === Word.GONE ? lost() : link.rung()), lost);
  return link;
}
