/** Texts that are written, as the prettier of the project lays them out. */
import path from "node:path";
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { errorText } from "../diagnostics/error-text.js";
import type { CompiledOutput } from "../emission.js";
import type { Host } from "./host.js";
import type { OutputPlan } from "./plan-outputs.js";
import { portablePath } from "./source-paths.js";

type World = Pick<Host, "cwd" | "layOut">;

/** Prettier is there and cannot be used, or is not there where it was asked for. */
export class NotLaidOut extends Error {
  override readonly name = "NotLaidOut";
  readonly diagnostic: Diagnostic;

  constructor(file: string, reason: string, help: string) {
    super(reason);
    this.diagnostic = diagnostic("RPC7021", { file, start: 0, end: 0 }, { path: file, reason, help });
  }
}

/**
 * Undefined without prettier.
 * @throws NotLaidOut
 */
export async function layOutText(file: string, text: string, host: World): Promise<string | undefined> {
  try {
    return await host.layOut(path.resolve(host.cwd, file), text);
  } catch (error) {
    throw new NotLaidOut(file, firstLine(error), "mend prettier's configuration");
  }
}

/** One output is laid out once, however often a watch compiles: while it is as it was, it is the same object. */
const made = new WeakMap<CompiledOutput, CompiledOutput>();

/** @throws NotLaidOut */
export async function layOutOutputs(outputs: readonly CompiledOutput[], out: string, host: World): Promise<CompiledOutput[]> {
  const laidOut: CompiledOutput[] = [];
  for (const output of outputs) {
    let next = made.get(output);
    if (next === undefined) {
      const file = portablePath(path.join(out, output.path));
      const text = await layOutText(file, output.text, host);
      if (text === undefined) throw new NotLaidOut(file, "the project has none", "npm install --save-dev prettier, or generate without it");
      next = { ...output, text };
      made.set(output, next);
    }
    laidOut.push(next);
  }
  return laidOut;
}

/** The manifest too is a file of the folder. Where prettier cannot, it stays as it is, for it says the same in any layout. */
export async function layOutManifest(plan: OutputPlan, host: World): Promise<OutputPlan> {
  if (plan.manifest === undefined) return plan;
  const { path: file, text } = plan.manifest;
  return { ...plan, manifest: { path: file, text: (await layOutText(file, text, host).catch(() => undefined)) ?? text } };
}

/** Prettier's errors show the source below their first line. */
function firstLine(error: unknown): string {
  return errorText(error).split("\n", 1).join("").replace(/\.$/, "");
}
