/** `import { compile } from "rpcgen"`: the compiler as a library. */
export { compile, type CompileOptions, type CompileResult, type Target } from "./compile.js";
export type { Severity, TextEdit } from "./diagnostics/diagnostic.js";
export type { Finding, Place, RelatedFinding } from "./diagnostics/finding.js";
export type { OutputFile } from "./emit/emitter.js";
export type * from "./ir/schema.js";
export type { Span } from "./text/span.js";
