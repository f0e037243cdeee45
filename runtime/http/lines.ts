/**
 * Calls that came by one connection of HTTP, on their way to the server behind the same door: as frames, over a connection
 * within the process. So nothing is let in here that is not let in elsewhere, and who is gone is gone there too.
 */
import { openChannel, type Channel } from "../rpc/client/channel.js";
import { RpcError } from "../rpc/errors.js";
import { maxFrameBytes } from "../rpc/limits.js";
import type { ServerLimits } from "../rpc/server/server-limits.js";
import { InProcessLink } from "../transport/in-process/link.js";
import type { Link, Peer } from "../transport/transport.js";

/** For one call at a time. */
export class Line {
  readonly peer: Peer;
  readonly channel: Channel;
  readonly #link: Link;
  #callId: string;

  private constructor(peer: Peer, channel: Channel, link: Link) {
    this.peer = peer;
    this.channel = channel;
    this.#link = link;
    this.#callId = "";
  }

  /** @throws RpcError if the server takes no connections, or no more. */
  static async open(peer: Peer, accept: (link: Link) => void, limits: ServerLimits): Promise<Line> {
    const [ours, theirs] = [new InProcessLink(peer, maxFrameBytes(limits)), new InProcessLink(peer, maxFrameBytes(limits))];
    ours.join(theirs);
    theirs.join(ours);
    let line: Line | undefined;
    const attempt = ({ callId }: { readonly callId: string }): void => {
      if (line !== undefined) line.#callId = callId;
    };
    let dialled = false;
    const dial = async (): Promise<Link> => {
      // A line that has ended is another's turn, whose caller is to be told now and not after attempts.
      if (dialled) throw new Error("the line is over");
      dialled = true;
      accept(theirs);
      return ours;
    };
    try {
      const channel = await openChannel("request:", [{ scheme: "request", dial }], { limits, observe: () => ({ attempt }) });
      line = new Line(peer, channel, ours);
      return line;
    } catch (error) {
      // The server's own words, instead of what they mean for who looks for one that can be reached.
      throw error instanceof RpcError && error.cause instanceof RpcError ? error.cause : error;
    }
  }

  /** Of the call that was made last. */
  get callId(): string {
    return this.#callId;
  }

  /** Whether the server still takes calls by it. */
  get usable(): boolean {
    return this.channel.path.peer !== undefined;
  }

  /** Its caller is gone. That is no wish to cancel: a guarded call runs on, for whoever has its key may come back. */
  cut(): void {
    this.#link.abort(new Error(`${this.peer.address}: the connection of the request is gone`));
    void this.channel.close();
  }
}

/** Of one connection of HTTP, whose requests come one after the other, as a rule. */
export class Lines {
  readonly #open: (origin: string | undefined) => Promise<Line>;
  #free: Line[] = [];
  readonly #taken = new Set<Line>();
  #over = false;

  constructor(open: (origin: string | undefined) => Promise<Line>) {
    this.#open = open;
  }

  /** @throws RpcError as `Line.open`. */
  async take(origin: string | undefined): Promise<Line> {
    const found = this.#free.find(({ peer }) => peer.origin === origin);
    this.#free = this.#free.filter((line) => line !== found);
    if (found !== undefined && !found.usable) found.cut();
    const line = found?.usable === true ? found : await this.#open(origin);
    this.#taken.add(line);
    if (this.#over) line.cut();
    return line;
  }

  /** The call is over. */
  give(line: Line): void {
    this.#taken.delete(line);
    if (!this.#over) this.#free.push(line);
  }

  /** The connection is gone. */
  close(): void {
    this.#over = true;
    for (const line of [...this.#free, ...this.#taken]) line.cut();
    this.#free = [];
  }
}
