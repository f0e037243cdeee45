/** What webpack and Rspack keep on disk is used again by the same plugin alone. */
import { expect, test } from "vitest";
import { version } from "../../src/cli/version.js";
import { markCache } from "../../src/plugins/webpack-cache.js";

test("a cache on disk is of one version of rpcgen, with the same options, and of what its user said", () => {
  const marked = (cache: { type: string; version?: string }, options = {}) => {
    markCache({ cache }, "rpcgen", options);
    return cache.version;
  };
  expect(marked({ type: "filesystem" })).toContain(`rpcgen@${version}`);
  expect(marked({ type: "persistent", version: "mine" })).toContain("mine");
  expect(marked({ type: "filesystem" }, { types: false })).not.toBe(marked({ type: "filesystem" }));
  expect(marked({ type: "memory" })).toBeUndefined();
  for (const cache of [true, false, undefined]) expect(() => markCache({ ...(cache !== undefined && { cache }) }, "rpcgen", {})).not.toThrow();
});
