/** What is particular to the transport within a process: it reaches other copies of the runtime, and browsers. */
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import type { inProcess as InProcess } from "../../runtime/transport/in-process/transport.js";
import { inProcess } from "../../runtime/transport/in-process/transport.js";
import type { Link } from "../../runtime/transport/transport.js";
import { Recorder } from "./recorder.js";

const RUNTIME = new URL("../../runtime/transport/", import.meta.url).pathname;

/** Fails if anything that is reached has a `node:` import: the platform "browser" has none. */
async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [RUNTIME + entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

describe("in-process", () => {
  it("joins two copies of the runtime", async () => {
    const code = await bundled("in-process/transport.ts");
    const copy = (await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`)) as { inProcess: typeof InProcess };
    const accepted: Link[] = [];
    const listening = await copy.inProcess().listen?.("inproc:copies", {
      maxFrameBytes: 1000,
      accept: (link) => accepted.push(link),
      failed: () => {},
    });
    const client = await inProcess().dial("inproc:copies", {
      signal: new AbortController().signal,
      maxFrameBytes: 1000,
    });
    const [server] = accepted;
    if (server === undefined) throw new Error("nothing was accepted");
    const atServer = new Recorder(server);
    const atClient = new Recorder(client);
    client.send(Uint8Array.of(1, 2));
    server.send(Uint8Array.of(3));
    client.close();
    expect(await atServer.end()).toBeUndefined();
    expect(atServer.frames).toEqual([Uint8Array.of(1, 2)]);
    expect(await atClient.end()).toBeUndefined();
    await listening?.close();
  });

  it("is all that a browser's entry reaches", async () => {
    expect(await bundled("browser-transports.ts")).toContain("inproc");
    await expect(bundled("node-transports.ts")).rejects.toThrow(/node:/);
  });
});
