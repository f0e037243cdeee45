/** A registry on the loopback interface, with a folder and a life of its own. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runServer } from "verdaccio";

export class Registry {
  readonly url: string;
  readonly #server: Server;
  readonly #folder: string;

  private constructor(server: Server, folder: string) {
    this.#server = server;
    this.#folder = folder;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  static async start(): Promise<Registry> {
    const folder = mkdtempSync(path.join(tmpdir(), "rpcgen-registry-"));
    const everybody = { access: "$all", publish: "$all" };
    const server = (await runServer({
      self_path: folder,
      storage: path.join(folder, "storage"),
      auth: { htpasswd: { file: path.join(folder, "htpasswd") } },
      // No uplink: what was not published here is not there.
      uplinks: {},
      packages: { "@*/*": everybody, "**": everybody },
      logs: { type: "stdout", format: "pretty", level: "fatal" },
      web: { enable: false },
    } as never)) as Server;
    await new Promise<void>((resolve, reject) => void server.once("error", reject).listen(0, "127.0.0.1", resolve));
    return new Registry(server, folder);
  }

  /** An empty project whose npm asks this registry. */
  project(): string {
    mkdirSync(path.join(this.#folder, "projects"), { recursive: true });
    const folder = mkdtempSync(path.join(this.#folder, "projects/project-"));
    // npm publishes only with a token, whatever it is.
    writeFileSync(path.join(folder, ".npmrc"), `registry=${this.url}\n${this.url.replace("http:", "")}:_authToken=anybody\ncache=${path.join(this.#folder, "cache")}\naudit=false\nfund=false\nupdate-notifier=false\n`);
    writeFileSync(path.join(folder, "package.json"), '{ "name": "project", "private": true, "type": "module" }\n');
    return folder;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => void this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
