/** Gathers the findings of a run. Reporting a code with the wrong arguments does not compile. */
import type { Span } from "../text/span.js";
import { catalog, type ArgsOf, type Code } from "./catalog.js";
import type { Definition } from "./define.js";
import type { Diagnostic, RelatedPlace, TextEdit } from "./diagnostic.js";

export interface ReportExtras {
  readonly related?: readonly RelatedPlace[];
  readonly fix?: readonly TextEdit[];
}

/** Makes one finding from its row in the catalog. */
export function diagnostic<C extends Code>(code: C, span: Span | undefined, args: ArgsOf<C>, extras: ReportExtras = {}): Diagnostic {
  const definition: Definition<ArgsOf<C>> = catalog[code] as unknown as Definition<ArgsOf<C>>;
  const help = definition.help?.(args);
  return {
    code,
    severity: definition.severity,
    message: definition.message(args),
    ...(span !== undefined && { span }),
    ...(help !== undefined && { help }),
    ...(extras.related !== undefined && extras.related.length > 0 && { related: extras.related }),
    ...(extras.fix !== undefined && { fix: extras.fix }),
  };
}

export class Collector {
  readonly #found: Diagnostic[] = [];

  report<C extends Code>(code: C, span: Span | undefined, args: ArgsOf<C>, extras?: ReportExtras): void {
    this.#found.push(diagnostic(code, span, args, extras));
  }

  add(diagnostics: Iterable<Diagnostic>): void {
    for (const found of diagnostics) this.#found.push(found);
  }

  /** What was found since the last time, in the order of its report; the collector has forgotten it. */
  take(): Diagnostic[] {
    return this.#found.splice(0);
  }

  get hasErrors(): boolean {
    return this.#found.some((found) => found.severity === "error");
  }

  /** All findings, by file and place; findings of one place stay in the order of their report. */
  sorted(): Diagnostic[] {
    return [...this.#found].sort((a, b) => {
      const fileA = a.span?.file ?? "";
      const fileB = b.span?.file ?? "";
      if (fileA !== fileB) return fileA < fileB ? -1 : 1;
      return (a.span?.start ?? 0) - (b.span?.start ?? 0);
    });
  }
}
