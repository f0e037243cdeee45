/** A page in headless Chromium calls a live server over a WebSocket, streams included; and what such a client weighs. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { serve, type ServeOptions, type Server } from "../../runtime/index.js";
import { describeUnless } from "../left-out.js";
import { generateInto } from "../e2e/generate-into.js";
import { bundleForBrowsers } from "./browser/bundle.js";

type Handlers = typeof import("./browser/room-handlers.js");
type Room = typeof import("../e2e/gen/room.js");

const CHROMIUM = "/usr/bin/chromium";
const FOLDER = new URL("./browser/", import.meta.url);

/** The client of one small service, the runtime under it and the WebSocket, minified and gzipped, in bytes: it may shrink, and not grow unnoticed. */
const MOST_BYTES = 39_700;

it(`weighs no more than ${MOST_BYTES} bytes in a page`, async () => {
  const bundle = await bundleForBrowsers(
    'import { connect } from "@rpcgen/runtime"; import { RoomClient } from "../../e2e/gen/room.js"; export const open = async (a: string) => new RoomClient(await connect(a));',
  );
  const bytes = gzipSync(bundle, { level: 9 }).length;
  console.log(`a client for browsers: ${bundle.length} bytes minified, ${bytes} gzipped`);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

describeUnless(existsSync(CHROMIUM) ? undefined : `${CHROMIUM} (Debian's chromium)`, "a page in Chromium", () => {
  let browser: Browser;
  let site: string;
  let closeSite: () => void;
  let room: Room;
  let handlersOf: Handlers["roomHandlers"];

  beforeAll(async () => {
    const scripts = new Map<string, Uint8Array>();
    for (const name of ["page", "worker", "sync-page", "sync-worker"]) scripts.set(`/${name}.js`, await bundleForBrowsers(readFileSync(new URL(`${name}.ts`, FOLDER), "utf8")));
    const server = createServer((request, response) => {
      const script = scripts.get(request.url ?? "");
      response.setHeader("Content-Type", script === undefined ? "text/html" : "text/javascript");
      // Only such pages, and their workers, share memory.
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
      // No eval, as strict sites have it.
      response.setHeader("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src ws: wss:");
      response.end(script ?? `<!doctype html><script type="module" src="/${request.url === "/sync" ? "sync-page" : "page"}.js"></script>`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    closeSite = () => void server.close().closeAllConnections();
    browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false, args: ["--disable-gpu", "--disable-dev-shm-usage"] });
    // Inside the checkout, so that `@rpcgen/runtime` is found.
    const folder = mkdtempSync(fileURLToPath(new URL("./browser/.gen-", import.meta.url)));
    generateInto(new URL("../e2e/idl/", import.meta.url), pathToFileURL(`${folder}/`));
    room = (await import(/* @vite-ignore */ `${folder}/room.ts`)) as Room;
    // As for the worker, with the generated code in its place.
    const text = readFileSync(new URL("room-handlers.ts", FOLDER), "utf8").replace("../../e2e/gen/room.js", "./room.js");
    writeFileSync(`${folder}/room-handlers.ts`, text);
    handlersOf = ((await import(/* @vite-ignore */ `${folder}/room-handlers.ts`)) as Handlers).roomHandlers;
    rmSync(folder, { recursive: true, force: true });
  });

  afterAll(async () => {
    await browser?.close();
    closeSite?.();
  });

  async function served(options: Partial<ServeOptions>): Promise<{ server: Server; stopped: () => number }> {
    let stopped = 0;
    const services = [room.roomService(handlersOf(() => (stopped += 1)))];
    const server = await serve({ listen: "ws://127.0.0.1:0/room", services, ...options });
    onTestFinished(() => server.close({ graceMs: 0 }));
    return { server, stopped: () => stopped };
  }

  /** What the page tells in the end. */
  function visit(address: string): Promise<unknown> {
    return storyAt(`?server=${encodeURIComponent(address)}`);
  }

  async function storyAt(path: string): Promise<unknown> {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(`${site}/${path}`);
      await page.waitForFunction("globalThis.story !== undefined");
      return await page.evaluate("globalThis.story");
    } finally {
      await context.close();
    }
  }

  it("calls in every way that there is", async () => {
    const { server, stopped } = await served({ origins: [site] });
    expect(await visit(server.addresses[0] ?? "")).toEqual(told("ws"));
    expect(stopped()).toBe(1);
  });

  it.each(["worker", "shared"])("calls a server in a worker of its own (%s), in every way that there is", async (how) => {
    expect(await visit(how)).toEqual(told("port"));
  });

  it("serves a worker that cannot await", async () => {
    expect(await storyAt("sync")).toEqual({ heard: ["line 1", "line 2", "line 3"], echoes: ["re: a", "re: b"], counted: 3, big: 400_000, full: 7, late: "DEADLINE_EXCEEDED" });
  });

  const told = (transport: string): object => ({
      transport,
      heard: [1, 2, 3].map((number) => ({ text: `line ${number}`, number, at: new Date(0) })),
      echoes: ["re: a", "re: b", "re: c"],
      counted: 3,
      big: 400_000,
      many: true,
      full: 7,
      late: "DEADLINE_EXCEEDED",
      outcome: "yes",
  });

  it("of a foreign origin is refused, and says which that is", async () => {
    const { server } = await served({ origins: ["https://app.example.org"] });
    expect(await visit(server.addresses[0] ?? "")).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining(`does not serve pages of ${site}`) });
  });
});
