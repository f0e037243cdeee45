/** What this package says of itself; the bundler copies it in. */
import manifest from "../../package.json" with { type: "json" };

export { manifest };
export const version: string = manifest.version;
