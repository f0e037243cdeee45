/** `import { compile } from "rpcgen"`: the compiler as a library. */
export { compile, type CompileOptions } from "./compile.js";
export { Compiler, type Changes, type CompilerOptions, type CompileResult, type PhaseStats, type Target } from "./compiler.js";
export type { Severity } from "./diagnostics/diagnostic.js";
export type { Finding, FindingEdit, Place, RelatedFinding } from "./diagnostics/finding.js";
export type { OutputFile } from "./emit/emitter.js";
export type { CompiledOutput } from "./emission.js";
export type * from "./ir/schema.js";
export { breaking, type BreakingOptions, type BreakingResult, type Version } from "./breaking.js";
export type { BreakingConfig } from "./breaking/settings.js";
export type { Category, Step } from "./breaking/rule.js";
export type { Affected } from "./breaking/usage.js";
export { defineConfig, type Config } from "./config.js";
export { format, type FormatOptions, type FormattedSource } from "./format.js";
export { lint, type LintFilesOptions, type LintResult } from "./lint.js";
export type { LintConfig, RuleSetting, RuleSeverity } from "./lint/settings.js";
export type { Person, SdkConfig } from "./sdk/settings.js";
export type { Span } from "./text/span.js";
