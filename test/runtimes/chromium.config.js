/** Runs the suite inside a page of headless Chromium: what needs Node is left out, or stands in by an alias below. */
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { transform } from "esbuild";
import { defineConfig } from "vitest/config";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  // Found before the run, for a page that learns of a dependency while it runs is loaded anew.
  optimizeDeps: { include: ["fast-check", "chevrotain", "fastest-levenshtein", "pathe"] },
  // Of a page that is isolated from other origins, which alone may share memory with others.
  server: { headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" } },
  resolve: {
    alias: [
      { find: "node:path", replacement: "pathe" },
      { find: "node:vm", replacement: path("stands-in-for-vm.ts") },
      { find: "esbuild", replacement: path("stands-in-for-esbuild.js") },
      { find: "../../runtime/index.js", replacement: path("../../runtime/browser.ts") },
      { find: "./all.js", replacement: path("../transport/page-rows.ts") },
      { find: "./child.js", replacement: path("no-children.ts") },
    ],
  },
  test: {
    root: path("../.."),
    setupFiles: [path("page.ts")],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: "/usr/bin/chromium",
          args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        },
      }),
      instances: [{ browser: "chromium" }],
      commands: {
        transform: async (_context, text, options) => transform(text, options),
      },
    },
  },
});
