/**
 * A connection that is cut behind any byte, in either direction, over every path of bytes, with a call of each promise and of each kind under way:
 * what their callers are told, and how often handlers ran, is what the promises say.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryStore } from "../../runtime/idempotency/index.js";
import { connect, serve, type Channel, type ConnectOptions, type RpcError, type ServeOptions, type Server } from "../../runtime/index.js";
import { failStopSession } from "../../runtime/rpc/client/fail-stop-caller.js";
import { RETRIED_BY_OTHERS } from "../../runtime/rpc/client/retry.js";
import { SocketProxy, type Direction, type Place } from "../chaos/socket-proxy.js";
import { descriptor as other, methods as others } from "../runtime/test-service.js";
import { testSides } from "../transport/tls-sides.js";

const methods = {
  readonly: others.echo,
  idempotent: others.put,
  atMostOnce: others.once,
  exactlyOnce: { ...others.once, name: "exactly", path: "test.Test/exactly", semantics: "exactlyOnce" as const },
  failStop: { ...others.once, name: "step", path: "test.Test/step", semantics: "failStop" as const },
  count: others.count,
  sum: others.sum,
};
const descriptor = { ...other, methods: Object.fromEntries(Object.values(methods).map((method) => [method.name, method])) };

interface Row {
  readonly name: string;
  readonly listen: string;
  readonly options?: Partial<ServeOptions> & ConnectOptions;
  readonly client?: ConnectOptions;
  /** Where a path needs many bytes, every so many-th is tried, from another one on in each run; with EVERY_BYTE set, all of them. */
  readonly stride: number;
  /** Without what a request of HTTP cannot be. */
  readonly sessions: boolean;
}

const sides = testSides();
const folder = mkdtempSync(join(tmpdir(), "rpcgen-cut-"));
const ROWS: readonly Row[] = [
  { name: "tcp", listen: "tcp://127.0.0.1:0", stride: 3, sessions: true },
  { name: "unix", listen: `unix:${folder}/s.sock`, stride: 3, sessions: true },
  { name: "ws", listen: "ws://127.0.0.1:0/rpc", stride: 11, sessions: true },
  { name: "h2", listen: "h2://127.0.0.1:0", stride: 11, sessions: true },
  { name: "tls", listen: "tls://127.0.0.1:0", options: { tls: sides.server }, client: { tls: sides.client }, stride: 53, sessions: true },
  { name: "http", listen: "http://127.0.0.1:0", stride: 53, sessions: false },
];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What became of a call. */
interface Seen {
  readonly value?: unknown;
  readonly error?: RpcError;
  /** Of a stream of responses: the elements that came. */
  readonly elements?: readonly unknown[];
}

describe.each(ROWS)("over $name, a connection cut anywhere", ({ listen, options, client, stride: usual, sessions }) => {
  const stride = process.env["EVERY_BYTE"] === undefined ? usual : 1;
  /** By what calls say that they are. */
  const runs = new Map<string, number>();
  const ran = <T>(id: unknown, answer: T): T => {
    runs.set(String(id), (runs.get(String(id)) ?? 0) + 1);
    return answer;
  };
  const runsOf = (id: string): number => runs.get(id) ?? 0;
  const answer = (id: unknown): string => ran(id, `re: ${String(id)}`);
  let server: Server;
  let proxy: SocketProxy;
  let address = "";
  const phase = Math.floor(Math.random() * stride);

  beforeAll(async () => {
    server = await serve({
      listen,
      store: memoryStore(),
      services: [
        {
          descriptor,
          handlers: {
            echo: answer,
            put: answer,
            once: answer,
            exactly: answer,
            step: answer,
            async *count({ to, text }: { to: number; text?: string }) {
              for (let n = 1; n <= to; n += 1) yield ran(n === 1 ? text : "rest", { n });
            },
            async sum(requests: AsyncIterable<unknown>) {
              let sum = 0;
              for await (const request of requests) sum += request as number;
              return sum;
            },
          },
        },
      ],
      onError: () => {},
      ...options,
    });
    const bound = server.addresses[0] ?? "";
    const unix = bound.startsWith("unix:") ? bound.slice("unix:".length) : undefined;
    const port = Number(/:(\d+)/.exec(bound.replace(/^\w+:/, ""))?.[1]);
    const [near, far]: [Place, Place] = unix === undefined ? [{ host: "127.0.0.1", port: 0 }, { host: "127.0.0.1", port }] : [{ path: `${unix}.proxy` }, { path: unix }];
    proxy = await SocketProxy.open(near, far);
    address = unix === undefined ? bound.replace(`:${port}`, `:${proxy.port}`) : `unix:${unix}.proxy`;
  });

  afterAll(async () => {
    await proxy.close();
    await server.close({ graceMs: 0 });
  });

  /** One call of each, at once. Undefined: there was no connection to begin with. */
  async function scene(id: string, timeoutMs: number): Promise<Record<string, Seen> | undefined> {
    const opened: Channel | RpcError = await connect(address, { only: [listen.slice(0, listen.indexOf(":"))], ...client }).catch((error: RpcError) => error);
    if ("code" in opened) {
      expect(opened.executed).toBe("no");
      return undefined;
    }
    await using channel = opened;
    const told = (call: Promise<unknown>): Promise<Seen> => call.then((value) => ({ value }), (error: RpcError) => ({ error }));
    const elements: unknown[] = [];
    const calls = {
      readonly: told(channel.unary(methods.readonly, `${id} readonly`, { timeoutMs })),
      idempotent: told(channel.unary(methods.idempotent, `${id} idempotent`, { timeoutMs })),
      atMostOnce: told(channel.unary(methods.atMostOnce, `${id} atMostOnce`, { timeoutMs })),
      exactlyOnce: told(channel.unary(methods.exactlyOnce, `${id} exactlyOnce`, { timeoutMs })),
      ...(sessions && { failStop: told(failStopSession(channel).unary(methods.failStop, `${id} failStop`, { timeoutMs }) as Promise<unknown>) }),
      sum: told(channel.clientStream(methods.sum, [1, 2, 3], { timeoutMs })),
      count: told(
        (async () => {
          for await (const { n } of channel.serverStream(methods.count, { to: 3, text: `${id} count` }, { timeoutMs })) elements.push(n);
        })(),
      ).then((seen) => ({ ...seen, elements })),
    };
    const entries = await Promise.all(Object.entries(calls).map(async ([name, call]) => [name, await call] as const));
    return Object.fromEntries(entries);
  }

  /** What holds whatever happened. */
  function judge(id: string, seen: Record<string, Seen>): void {
    for (const [name, { value, error, elements }] of Object.entries(seen)) {
      const of = `${id} ${name}`;
      const count = runsOf(of);
      if (name === "sum") {
        if (error === undefined) expect([of, value]).toEqual([of, 6]);
        else expect([of, error.executed]).not.toEqual([of, "yes"]);
        continue;
      }
      if (name === "count") {
        expect([of, elements]).toEqual([of, [1, 2, 3].slice(0, error === undefined ? 3 : elements?.length)]);
        if (error !== undefined) expect([of, error.executed, count > 0]).toEqual([of, elements?.length === 0 && count === 0 ? error.executed : "unknown", count > 0]);
        continue;
      }
      if (error === undefined) expect([of, value, count >= 1]).toEqual([of, `re: ${of}`, true]);
      else {
        expect([of, error.code, error.executed !== "no" || count === 0]).toEqual([of, error.code, true]);
        expect([of, error.executed]).not.toEqual([of, "yes"]);
      }
      if (name === "readonly" || name === "idempotent") continue;
      expect([of, count <= 1]).toEqual([of, true]);
      if (error?.executed === "unknown") expect([of, RETRIED_BY_OTHERS.has(error.code)]).toEqual([of, false]);
    }
  }

  /** How many bytes a scene takes that nothing happens to. */
  async function bytesOf(direction: Direction): Promise<number> {
    proxy.toxicsFor = () => ({});
    const first = proxy.connections;
    const seen = await scene(`whole ${direction}`, 5_000);
    expect(Object.values(seen ?? {}).filter(({ error }) => error !== undefined)).toEqual([]);
    return proxy.passed[first]?.[direction] ?? 0;
  }

  it.each(["up", "down"] as const)("%s, and made anew: all but streams and sessions are answered", { timeout: 600_000 }, async (direction) => {
    const bytes = await bytesOf(direction);
    let answered = 0;
    for (let at = phase; at <= bytes; at += stride) {
      const first = proxy.connections;
      proxy.toxicsFor = (connection) => (connection === first ? { [direction]: { limitBytes: at } } : {});
      const id = `${direction} ${at} of ${bytes}`;
      const seen = await scene(id, 5_000);
      if (seen === undefined) continue;
      answered += 1;
      judge(id, seen);
      for (const name of ["readonly", "idempotent", "atMostOnce", "exactlyOnce"]) expect([id, name, seen[name]?.error?.message]).toEqual([id, name, undefined]);
      const failStop = seen["failStop"]?.error;
      if (failStop !== undefined) expect([id, failStop.reason]).toEqual([id, "SESSION_REVOKED"]);
    }
    expect(answered).toBeGreaterThan(0);
  });

  it.each(["up", "down"] as const)("%s, and never made again: nobody is told what is not known", { timeout: 600_000 }, async (direction) => {
    const bytes = await bytesOf(direction);
    for (let at = phase; at <= bytes; at += 7 * stride) {
      const first = proxy.connections;
      proxy.toxicsFor = (connection) => (connection === first ? { [direction]: { limitBytes: at } } : { up: { limitBytes: 0 }, down: { limitBytes: 0 } });
      const id = `gone ${direction} ${at} of ${bytes}`;
      const seen = await scene(id, 150);
      if (seen !== undefined) judge(id, seen);
    }
  });
});
