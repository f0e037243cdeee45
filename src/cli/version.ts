/** What this package says of itself; the bundler copies it in. */
import manifest from "../../package.json" with { type: "json" };

export { manifest };
export const version: string = manifest.version;

/** The versions of the runtime that generated code runs with. */
export const runtimeRange: string = manifest.peerDependencies["@rpcgen/runtime"];
