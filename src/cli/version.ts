/** The version of this package, which the bundler copies in. */
import manifest from "../../package.json" with { type: "json" };

export const version: string = manifest.version;

/** The versions of the runtime that generated code runs with. */
export const runtimeRange: string = manifest.peerDependencies["@rpcgen/runtime"];
