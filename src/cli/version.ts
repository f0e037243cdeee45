/** The version of this package, which the bundler copies in. */
import manifest from "../../package.json" with { type: "json" };

export const version: string = manifest.version;
