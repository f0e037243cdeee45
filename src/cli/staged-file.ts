/** A text on its way into a file: first whole beside its place, then moved there, which replaces a file in one step. */
import { randomUUID } from "node:crypto";
import path from "node:path";
import { encoded } from "./encode.js";
import type { HostFs } from "./host.js";

export type StagingFs = Pick<HostFs, "chmodSync" | "renameSync" | "rmSync" | "statSync" | "writeFileSync">;

export class StagedFile {
  readonly #target: string;
  readonly #temporary: string;
  readonly #fs: StagingFs;

  /** `target` is absolute, and its folder is there. */
  constructor(target: string, fs: StagingFs) {
    this.#target = target;
    // Nobody can have put a link there for others to write through, and no name of a target is too long for it.
    this.#temporary = path.join(path.dirname(target), `.rpcgen-${randomUUID()}.tmp`);
    this.#fs = fs;
  }

  /** Writes the text beside its place, for those who may read and write what stands there. @throws what the system says. */
  write(text: string): void {
    this.#fs.writeFileSync(this.#temporary, encoded(text), { flag: "wx" });
    const before = this.#fs.statSync(this.#target, { throwIfNoEntry: false });
    if (before !== undefined) this.#fs.chmodSync(this.#temporary, before.mode & 0o7777);
  }

  /** @throws what the system says. */
  move(): void {
    this.#fs.renameSync(this.#temporary, this.#target);
  }

  /** Leaves nothing beside, as far as the system lets it: why there is something to discard is what is told. */
  discard(): void {
    try {
      this.#fs.rmSync(this.#temporary, { force: true });
    } catch {
      // What could not be written cannot always be removed: on a disk that is gone, say.
    }
  }
}
