/** The forms in which findings are reported: a row each. One is loaded when it is asked for. */
import type { Finding } from "../diagnostics/finding.js";

/**
 * A document for programs, which goes to stdout. `extra` is what a command has beside its findings; only `json` has a place for it.
 * Paths that are not absolute start from `cwd`.
 */
export type RenderReport = (findings: readonly Finding[], extra: Readonly<Record<string, unknown>>, cwd: string) => string;

const loaders = {
  /** For people, on stderr. */
  text: async () => undefined,
  json: async () => (await import("./render-json.js")).renderJson,
  sarif: async () => (await import("./render-sarif.js")).renderSarif,
  junit: async () => (await import("./render-junit.js")).renderJunit,
  github: async () => (await import("./render-github.js")).renderGithub,
} satisfies Readonly<Record<string, () => Promise<RenderReport | undefined>>>;

export type ReportFormat = keyof typeof loaders;

export const reportFormats = Object.keys(loaders) as readonly ReportFormat[];

/** Undefined for text. */
export async function loadReport(format: ReportFormat): Promise<RenderReport | undefined> {
  return loaders[format]();
}
