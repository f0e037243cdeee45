/** The file of a Unix socket: who may use it, whose it is, and when it goes away. */
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Listening } from "../../runtime/transport/transport.js";
import { describeUnless } from "../left-out.js";
import { rowOf } from "./all.js";
import { children } from "./child.js";
import { session } from "./session.js";

describe("the file of a Unix socket", () => {
  const { listen, dial } = session(rowOf("unix-socket"));
  const startChild = children();
  const freshPath = (): string => {
    const directory = mkdtempSync(join(tmpdir(), "rpcgen-transport-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    return join(directory, "orders.sock");
  };
  const listenAt = (path: string): Promise<Listening> => listen(() => {}, `unix:${path}`);

  it("stands alone in its directory", async () => {
    const path = freshPath();
    await listenAt(path);
    expect(readdirSync(join(path, ".."))).toEqual(["orders.sock"]);
  });

  it("is taken over from a server that was killed", async () => {
    const path = freshPath();
    const child = startChild("peer.child.ts", "listen", `unix:${path}`);
    expect(await child.line(0)).toBe(`unix:${path}`);
    child.signal("SIGKILL");
    await child.gone();
    expect(existsSync(path)).toBe(true);
    await expect(dial(`unix:${path}`)).rejects.toThrow(/left behind by a server that has died/);
    await listenAt(path);
    await dial(`unix:${path}`);
  });

  it("has mode 0600 even under a umask of 0, and goes when the process exits without closing", async () => {
    const path = freshPath();
    const child = startChild("exit-while-listening.child.ts", `unix:${path}`);
    expect(await child.line(0)).toBe("mode 600");
    expect(await child.gone()).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  it("goes when the server closes", async () => {
    const path = freshPath();
    const listening = await listenAt(path);
    await listening.close();
    expect(existsSync(path)).toBe(false);
  });

  it("stays when it is another server's by then", async () => {
    const path = freshPath();
    const old = await listenAt(path);
    renameSync(path, `${path}.old`);
    await listenAt(path);
    await old.close();
    expect(lstatSync(path).isSocket()).toBe(true);
    await dial(`unix:${path}`);
  });

  it("is never put in the place of another kind of file", async () => {
    const path = freshPath();
    writeFileSync(path, "precious");
    await expect(listenAt(path)).rejects.toThrow(/another kind/);
    expect(readFileSync(path, "utf8")).toBe("precious");
    const folder = join(path, "..", "folder");
    mkdirSync(folder);
    await expect(listenAt(folder)).rejects.toThrow(/another kind/);
    expect(readdirSync(join(path, "..")).sort()).toEqual(["folder", "orders.sock"]);
  });

  it("is left to a running server that is not ours", async () => {
    const path = freshPath();
    const other = createServer((socket) => socket.destroy()).listen(path);
    await expect(listenAt(path)).rejects.toThrow(/in use by a running server/);
    other.close();
  });

  it("goes to exactly one of many that want it at once, be it free or left behind", async () => {
    const path = freshPath();
    const child = startChild("peer.child.ts", "listen", `unix:${path}`);
    await child.line(0);
    child.signal("SIGKILL");
    await child.gone();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => listenAt(path)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await dial(`unix:${path}`);
    expect(readdirSync(join(path, ".."))).toEqual(["orders.sock"]);
  });

  it("needs a directory, and says which remedy there is", async () => {
    const path = freshPath();
    await expect(listenAt(join(path, "x.sock"))).rejects.toThrow(/directory does not exist; create it with mode 0700/);
    await expect(listenAt(`/tmp/${"d".repeat(98)}/s`)).rejects.toThrow(/directory's path is too long by \d+ bytes/);
    writeFileSync(path, "");
    await expect(listenAt(join(path, "x.sock"))).rejects.toThrow(/not a directory/);
  });

  describeUnless(process.getuid?.() === 0 ? undefined : "root, to act as another user", "before another user", () => {
    const NOBODY = 65_534;

    async function asNobody<T>(act: () => Promise<T>): Promise<T> {
      process.seteuid?.(NOBODY);
      try {
        return await act();
      } finally {
        process.seteuid?.(0);
      }
    }

    it("is closed, though the directory is open", async () => {
      const path = freshPath();
      chmodSync(join(path, ".."), 0o755);
      await listenAt(path);
      await asNobody(() => expect(dial(`unix:${path}`)).rejects.toThrow(/belongs to the user who runs the server/));
      await dial(`unix:${path}`);
    });

    it("is not taken over, even when it was left behind", async () => {
      const path = freshPath();
      chmodSync(join(path, ".."), 0o777);
      const child = startChild("peer.child.ts", "listen", `unix:${path}`);
      await child.line(0);
      child.signal("SIGKILL");
      await child.gone();
      await asNobody(() => expect(listenAt(path)).rejects.toThrow(/another user's socket is there/));
      expect(lstatSync(path).isSocket()).toBe(true);
    });

    it("needs no directory that this user may write but its own", async () => {
      const outer = join(freshPath(), "..");
      const own = join(outer, "own");
      chmodSync(outer, 0o755);
      mkdirSync(own);
      chownSync(own, NOBODY, NOBODY);
      const listening = await asNobody(() => listenAt(join(own, "x.sock")));
      expect(readdirSync(own)).toEqual(["x.sock"]);
      expect(readdirSync(outer)).toEqual(["own"]);
      await listening.close();
    });

    it("is not made where that user may not write", async () => {
      const path = freshPath();
      chmodSync(join(path, ".."), 0o755);
      await asNobody(() => expect(listenAt(path)).rejects.toThrow(/may not create files/));
    });
  });
});
