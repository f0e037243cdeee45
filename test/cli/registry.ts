/** A registry of npm packages that has what the checkout has installed, and what was packed: no test needs another. */
import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";

interface Version {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: () => Buffer;
}

export class Registry {
  readonly #root: string;
  /** By name and version. */
  readonly #packages = new Map<string, Map<string, Version>>();
  readonly #server: Server = createServer((request, response) => {
    const [name = "", version] = decodeURIComponent(new URL(request.url ?? "", "http://registry").pathname.slice(1)).split("/-/");
    const versions = this.#packages.get(name);
    const tarball = versions?.get(version ?? "")?.tarball();
    if (versions === undefined) response.writeHead(404).end("{}");
    else response.end(tarball ?? JSON.stringify(this.#described(name, versions)));
  });

  constructor(root: string) {
    this.#root = root;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** `packed` is a folder of tarballs. */
  async start(packed: string): Promise<void> {
    const { packages } = JSON.parse(readFileSync(path.join(this.#root, "package-lock.json"), "utf8")) as { packages: Record<string, { link?: true }> };
    for (const [folder, { link }] of Object.entries(packages)) {
      const from = path.join(this.#root, folder);
      if (!folder.includes("node_modules/") || link || !existsSync(from)) continue;
      this.#add(JSON.parse(readFileSync(path.join(from, "package.json"), "utf8")), () => tar(["-c", "-I", "gzip -1", "--exclude", "./node_modules", "--transform", "s,^\\.,package,", "-C", from, "."]));
    }
    for (const file of readdirSync(packed)) {
      const archive = path.join(packed, file);
      this.#add(JSON.parse(tar(["-xzOf", archive, "package/package.json"]).toString()), () => readFileSync(archive));
    }
    await new Promise<void>((resolve) => void this.#server.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #add(manifest: Version["manifest"], tarball: Version["tarball"]): void {
    const versions = this.#packages.get(manifest.name) ?? new Map<string, Version>();
    this.#packages.set(manifest.name, versions.set(manifest.version, { manifest, tarball }));
  }

  #described(name: string, versions: ReadonlyMap<string, Version>): object {
    const all = [...versions].map(([version, { manifest }]) => [version, { ...manifest, dist: { tarball: `${this.url}/${name}/-/${version}` } }]);
    return { name, "dist-tags": { latest: [...versions.keys()].at(-1) }, versions: Object.fromEntries(all) };
  }
}

function tar(args: readonly string[]): Buffer {
  return execFileSync("tar", args, { maxBuffer: 1 << 28 });
}
