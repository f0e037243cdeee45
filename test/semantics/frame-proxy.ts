/** A proxy between a client and its server that breaks the path at a chosen frame. It speaks any transport on both sides. */
import { Kind, KIND_MASK } from "../../runtime/rpc/protocol/frame.js";
import type { Link, Listening, Transport } from "../../runtime/transport/transport.js";

const MAX_FRAME_BYTES = 16 << 20;

/** "GREETING" is the first frame in each direction. */
export type FrameKind = keyof typeof Kind | "GREETING";

export type Verdict =
  | "pass"
  | "drop"
  /** The frame is lost, and both ends see the connection break. */
  | "cut"
  /** The frame arrives, and then both ends see the connection break. */
  | "passThenCut";

export interface ProxiedFrame {
  readonly kind: FrameKind;
  /** Who sent it. */
  readonly from: "client" | "server";
  /** A copy. */
  readonly bytes: Uint8Array;
}

export class FrameProxy {
  /** What becomes of each frame. */
  rule: (frame: ProxiedFrame) => Verdict = () => "pass";
  /** Where new connections lead. */
  target: string;
  /** Everything that came, whatever became of it. */
  readonly seen: ProxiedFrame[] = [];
  readonly #transport: Transport;
  readonly #links = new Set<Link>();
  #listening: Listening | undefined;

  private constructor(transport: Transport, target: string) {
    this.#transport = transport;
    this.target = target;
  }

  static async open(transport: Transport, address: string, target: string): Promise<FrameProxy> {
    const proxy = new FrameProxy(transport, target);
    proxy.#listening = await transport.listen?.(address, {
      maxFrameBytes: MAX_FRAME_BYTES,
      accept: (link) => void proxy.#accept(link),
      failed: () => {},
    });
    return proxy;
  }

  get address(): string {
    return this.#listening?.address ?? "";
  }

  count(kind: FrameKind): number {
    return this.seen.filter((frame) => frame.kind === kind).length;
  }

  /** The first frame of the kind that came. */
  first(kind: FrameKind): Uint8Array {
    const found = this.seen.find((frame) => frame.kind === kind);
    if (found === undefined) throw new Error(`no ${kind} has come`);
    return found.bytes;
  }

  /** Both ends of every connection see it break. */
  cut(): void {
    for (const link of [...this.#links]) link.abort(new Error("the path broke"));
  }

  /** Nobody can connect any more, and who is connected is cut. */
  async close(): Promise<void> {
    await this.#listening?.close();
    this.cut();
  }

  async #accept(client: Link): Promise<void> {
    let server: Link;
    try {
      server = await this.#transport.dial(this.target, { signal: new AbortController().signal, maxFrameBytes: MAX_FRAME_BYTES });
    } catch (error) {
      return client.abort(error as Error);
    }
    this.#links.add(client).add(server);
    this.#pipe(client, server, "client");
    this.#pipe(server, client, "server");
  }

  #pipe(from: Link, to: Link, side: "client" | "server"): void {
    let greeted = false;
    from.open({
      frame: (view) => {
        const bytes = view.slice();
        const kind = greeted ? kindOf(bytes) : "GREETING";
        greeted = true;
        const frame = { kind, from: side, bytes };
        this.seen.push(frame);
        const verdict = this.rule(frame);
        if (verdict === "pass" || verdict === "passThenCut") to.send(bytes.slice());
        if (verdict === "passThenCut") return void setImmediate(() => this.#break(from, to));
        if (verdict === "cut") this.#break(from, to);
      },
      drained: () => {},
      closed: (cause) => {
        this.#links.delete(from);
        if (cause === undefined) to.close();
        else to.abort(cause);
      },
    });
  }

  #break(...links: readonly Link[]): void {
    for (const link of links) link.abort(new Error("the path broke"));
  }
}

export function kindOf(frame: Uint8Array): FrameKind {
  const number = (frame[0] ?? 0) & KIND_MASK;
  return (Object.keys(Kind) as (keyof typeof Kind)[]).find((name) => Kind[name] === number) ?? "PING";
}
