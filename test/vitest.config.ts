/** How `npm test` runs: everything from the root of the checkout, with a closing account of what was left out. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LeftOutReporter } from "./left-out-reporter.js";

export default defineConfig({
  test: {
    root: fileURLToPath(new URL("..", import.meta.url)),
    include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "test/bundlers/**", "test/sdk-publish/**", "test/runtimes/**"],
    // Real processes on a loaded machine take their time; no test asserts how long anything takes.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ["default", new LeftOutReporter()],
  },
});
