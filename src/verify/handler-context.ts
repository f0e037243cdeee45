/** The context of a handler under test: as the runtime would give it, for a call that came from nowhere. */

/** A method that the handler called through `ctx.client`. */
export interface ChildCall {
  /** `package.Service/method`. */
  readonly path: string;
  readonly semantics: string;
}

interface ContextInit {
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly tx?: unknown;
  readonly onChild: (call: ChildCall) => void;
}

type Calls = Readonly<Record<string, (method: ChildCall, ...rest: unknown[]) => unknown>>;

const KINDS = ["unary", "serverStream", "clientStream", "duplex"] as const;

export function handlerContext({ attempt, signal, tx, onChild }: ContextInit): object {
  return {
    signal,
    deadline: undefined,
    headers: Object.create(null) as object,
    peer: { transport: "verify", address: "verify" },
    principal: undefined,
    callId: "00000000000000000000000000000000:1",
    attempt,
    client: <Client>(Client: new (caller: object) => Client, channel: Calls): Client => new Client(observed(channel, onChild)),
    ...(tx !== undefined && { tx }),
  };
}

/** The channel that the handler was made with, which tells what is called through it. */
function observed(channel: Calls, onChild: (call: ChildCall) => void): object {
  return Object.fromEntries(
    KINDS.map((kind) => [
      kind,
      (method: ChildCall, ...rest: unknown[]) => {
        onChild({ path: method.path, semantics: method.semantics });
        return channel[kind]?.(method, ...rest);
      },
    ]),
  );
}
