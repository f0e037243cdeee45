/** The cells of the table with one bug planted in the runtime (`PLANTED_BUG`): for `npm run test:planted`, which wants them to fail. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { applyPatch } from "../simulation/bundle.js";
import { patchesOf, PLANTED_BUGS } from "../simulation/planted-bugs.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const wanted = process.env["PLANTED_BUG"];
const bug = PLANTED_BUGS.find(({ name }) => name === wanted);
if (bug === undefined) throw new Error(`no planted bug is called ${wanted}`);
// Fails here, and not by passing, where the patch does not fit any more.
const patched = new Map(patchesOf(bug).map((patch) => [root + patch.file, applyPatch(readFileSync(root + patch.file, "utf8"), patch)]));

export default defineConfig({
  plugins: [
    {
      name: "planted-bug",
      enforce: "pre",
      transform: (_code, id) => patched.get(id.split("?")[0] ?? ""),
    },
  ],
  test: { root, include: ["test/semantics/{cells,identity}.test.ts"], testTimeout: 10_000 },
});
