/** Sends what a command has to say where it belongs: results to stdout, talk to stderr, or all as one document for programs. */
import pc from "picocolors";
import type { Finding, SourceLookup } from "../diagnostics/finding.js";
import type { Host, TextOutput } from "./host.js";
import { renderFinding, summaryOf } from "./render-text.js";
import type { RenderReport } from "./reports.js";

/** Findings shown as text. Nobody reads more, and a file of garbage may have a million. */
const MOST_SHOWN = 200;

export interface Outcome {
  readonly findings: readonly Finding[];
  readonly source: SourceLookup;
  /** What the JSON document has beside `version` and `diagnostics`. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** The results as text, which go to stdout as they are. */
  readonly text?: string;
  /** One line for people, behind the findings. */
  readonly summary?: string;
}

export class Reporter {
  readonly #host: Host;
  readonly #render: RenderReport | undefined;
  readonly #color: boolean | undefined;

  /**
   * Without `render`, findings are text. `color` is what the command line says; undefined leaves it to the environment and the
   * terminal.
   */
  constructor(host: Host, options: { readonly render: RenderReport | undefined; readonly color: boolean | undefined }) {
    this.#host = host;
    this.#render = options.render;
    this.#color = options.color;
  }

  report({ findings, source, json, text = "", summary }: Outcome): void {
    const { stdout, stderr } = this.#host;
    if (this.#render !== undefined) {
      stdout.write(this.#render(findings, json ?? {}, this.#host.cwd));
      return;
    }
    const colors = pc.createColors(this.#colorsOn(stderr));
    for (const finding of findings.slice(0, MOST_SHOWN)) stderr.write(`${renderFinding(finding, { colors, source })}\n`);
    if (findings.length > MOST_SHOWN) stderr.write(`… and ${findings.length - MOST_SHOWN} more; --json has all of them\n\n`);
    stdout.write(text);
    const sum = [summaryOf(findings), summary].filter((part) => part !== undefined).join("; ");
    if (sum !== "") stderr.write(`${sum}\n`);
  }

  /** For text that a command lays out itself and sends to stdout. */
  get colors(): ReturnType<typeof pc.createColors> {
    return pc.createColors(this.#colorsOn(this.#host.stdout));
  }

  #colorsOn(output: TextOutput): boolean {
    const { NO_COLOR, FORCE_COLOR, TERM } = this.#host.env;
    if (this.#color !== undefined) return this.#color;
    if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
    if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
    return output.isTTY && TERM !== "dumb";
  }
}
