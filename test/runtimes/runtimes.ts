/** The runtimes on which the suite runs, and what each lacks: to add one is to add a row here, and one in docs/runtimes.md. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Lack {
  /** Files that are not loaded, below `test/`. */
  readonly files?: readonly string[];
  /** Tests by "file > full name" that are not there, or may fail. */
  readonly tests?: RegExp;
  readonly why: string;
}

export interface Runtime {
  readonly name: string;
  /** What it calls itself, or undefined where it is not installed. */
  readonly version: () => string | undefined;
  /** The program and its arguments that stand before those of vitest. */
  readonly command: readonly string[];
  readonly config: string;
  readonly lacks: readonly Lack[];
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const vitest = path("../../node_modules/vitest/vitest.mjs");
const outside = path("../vitest.config.ts");
const bun = path("node_modules/@oven/bun-linux-x64-baseline/bin/bun");
const deno = path("node_modules/@deno/linux-x64-glibc/deno");
const chromium = "/usr/bin/chromium";

/** A page that calls a server is a test of its own, and what runs it is not what is tested here. */
const PAGE: Lack = { files: ["transport/browser.test.ts"], why: "a program outside drives the page" };

const NO_WEBSOCKET_SERVER: Lack = {
  files: ["transport/websocket.test.ts"],
  tests: /transport\/(contract|rpc-over-all|hostile-peer)\.test\.ts > .*websocket|nearest\.test\.ts > .*WebSocket/,
  why: "serves no WebSockets: what answers to the name of ws there lacks what is needed",
};

const MUTE_WEBSOCKETS: Lack = { tests: /misuse\.test\.ts > .*names it once: ws$/, why: "does not tell why a WebSocket did not come about" };

function node(name: string, binary: string): Runtime {
  return { name, version: () => versionOf(binary), command: [binary, vitest], config: outside, lacks: [PAGE] };
}

/** The first is what the others are compared with. */
export const RUNTIMES: readonly Runtime[] = [
  node("node", process.execPath),
  node("node22", path("node_modules/node22/bin/node")),
  node("node24", path("node_modules/node24/bin/node")),
  {
    name: "bun",
    version: () => versionOf(bun),
    command: [bun, "--bun", vitest],
    config: outside,
    lacks: [
      PAGE,
      NO_WEBSOCKET_SERVER,
      MUTE_WEBSOCKETS,
      { tests: /hostile-peer\.test\.ts > (shared memory|memory of threads) keeps no more than its bytes/, why: "counts shared memory as its own, touched or not, in use or not" },
      { tests: /rpc-over-all\.test\.ts > http over tls/, why: "its https server does not tell what certificate a client has" },
    ],
  },
  {
    name: "deno",
    version: () => versionOf(deno),
    command: [deno, "run", "--allow-all", vitest],
    config: outside,
    lacks: [
      PAGE,
      NO_WEBSOCKET_SERVER,
      MUTE_WEBSOCKETS,
      {
        tests: /tls\.test\.ts > .*(certificate is expired|is notYetValid|is invalid|one that has expired)/,
        why: "refuses such a certificate and does not tell what is wrong with it",
      },
      { tests: /(contract|hostile-peer|rpc-over-all)\.test\.ts > (tls (backpressure|stops the sender)|http over tls streams holds a producer back)/, why: "takes what is written to TLS whether the peer reads or not" },
      { tests: /shm-peers\.test\.ts > .*room for a file of that size/, why: "is ended by the signal for a file that is too long" },
      { tests: /port\.test\.ts > .*sends nothing more|hostile-peer\.test\.ts > memory of threads (is told from one that closed|may connect and leave)/, why: "does not tell that the other port was closed" },
    ],
  },
  {
    name: "chromium",
    version: () => versionOf(chromium),
    command: [process.execPath, vitest],
    config: path("chromium.config.js"),
    lacks: [
      PAGE,
      {
        files: ["runtime/long-life", "runtime/many-calls-one-signal", "runtime/misuse", "runtime/otel", "runtime/process-exit", "transport/abort-after-close", "transport/stdio", "wire/limit-agreement", "wire/vectors", "wire/text"].map((name) => `${name}.test.ts`),
        why: "is about processes, files or modules of Node",
      },
      {
        files: ["address", "frame-splitter", "hostile-peer", "http2", "in-process", "many-connections", "nearest", "port", "shm", "shm-peers", "stream-link", "tcp", "tls", "unix-socket", "websocket"].map((name) => `transport/${name}.test.ts`),
        why: "needs a socket, a worker or a stream of Node at one end",
      },
      { tests: /transport\/(contract|rpc-over-all)\.test\.ts > .*(unix-socket|shared memory|tcp|tls|http|websocket|stdio)/, why: "the transport cannot listen in a page" },
      { files: ["transport/ring-link.test.ts"], why: "the page is not isolated from others, and so shares no memory" },
      { tests: /limits\.test\.ts > .*reserves nothing/, why: "does not tell how much memory it uses" },
      { tests: /limits\.test\.ts > .*from a Buffer/, why: "has no Buffer" },
      { tests: /one server on every transport/, why: "the test tries a Unix socket first, which pages do not know" },
    ],
  },
];

/** Why a test is not expected to pass there, if there is a reason. */
export function reasonFor(runtime: Runtime, test: string): string | undefined {
  return runtime.lacks.find(({ files = [], tests }) => files.some((file) => test.startsWith(`test/${file} > `)) || tests?.test(test))?.why;
}

function versionOf(binary: string): string | undefined {
  if (!existsSync(binary)) return undefined;
  const [line = ""] = execFileSync(binary, ["--version"], { encoding: "utf8" }).split("\n");
  return line.trim();
}
