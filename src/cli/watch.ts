/** `rpcgen generate --watch`: generates, waits for a change, and generates again, until it is interrupted. */
import { ExitCode } from "./exit-codes.js";
import { configCandidates } from "./find-config.js";
import { Generation } from "./generation.js";
import type { Host } from "./host.js";
import type { Invocation } from "./verb.js";
import { FilesScope } from "./watch-scope.js";

/** Changes come in swarms: an editor's save is several, a checkout hundreds. This long none may come before they are looked at. */
const QUIET_MS = 15;
/** A swarm without end is looked at all the same. */
const LONGEST_SWARM_MS = 500;
/** A file that is gone or empty is looked at once more after so long: it may be about to be written. */
const SETTLE_MS = 100;

export async function watch(invocation: Invocation): Promise<ExitCode> {
  const { operands, host } = invocation;
  if (operands.includes("-")) {
    host.stderr.write("error: --watch reads files; the standard input does not change\n");
    return ExitCode.USAGE;
  }
  const changes = new Changes();
  const end = host.watcher.interrupted().then(() => changes.end());
  let next: Invocation | undefined = invocation;
  for (let first = true; next !== undefined; first = false) next = await watchSettled(next, changes, first);
  await end;
  return ExitCode.OK;
}

/** Until the configuration says something else: then what it says. Undefined at the end. */
async function watchSettled(invocation: Invocation, changes: Changes, first: boolean): Promise<Invocation | undefined> {
  const { operands, options, host, reporter } = invocation;
  const config = configCandidates(host, options.config);
  let stamp = stampOf(config, host);
  const scope = new FilesScope(operands, options.out, host.cwd);
  scope.addFiles(config);
  // Watched before anything is read, so that no change falls between.
  const watching = await host.watcher.watch(scope, () => changes.add());
  const generation = new Generation(invocation);
  const settling = (): Promise<void> => host.watcher.sleep(SETTLE_MS);
  let looked = "";
  for (let run = 0; !changes.isOver; run++) {
    const { files, missing } = first && run === 0 ? await generation.run() : await generation.runAgain(settling);
    const more = scope.addFiles([...files, ...missing]);
    if (more.length > 0) watching.add(more);
    // What came just now may have changed again before its own watch began.
    if (looked !== (looked = [...files, ...missing].join("\n"))) void settling().then(() => changes.add());
    if (first && run === 0 && options.report === "text") host.stderr.write("watching; Ctrl-C ends it\n");
    await changes.next();
    for (let waited = 0; !changes.isOver && waited < LONGEST_SWARM_MS && changes.take(); waited += QUIET_MS) await host.watcher.sleep(QUIET_MS);
    if (stamp === stampOf(config, host)) continue;
    stamp = stampOf(config, host);
    const settled = await invocation.settleAgain();
    if ("findings" in settled) reporter.report({ ...settled, summary: "the configuration before it goes on" });
    else if (settled.operands.length === 0) host.stderr.write("error: no files are named any more\n  help: set `sources` in rpcgen.config.ts; the configuration before it goes on\n");
    else {
      await watching.close();
      return { ...invocation, ...settled };
    }
  }
  await watching.close();
  return undefined;
}

/** Another whenever one of the files may be another. */
function stampOf(files: readonly string[], { fs }: Host): string {
  return files.map((file) => {
    const found = fs.statSync(file, { throwIfNoEntry: false });
    return found === undefined ? "" : `${found.mtimeMs} ${found.size}`;
  }).join();
}

/** Whether something changed since it was last asked. */
class Changes {
  #pending = false;
  #wake: (() => void) | undefined;
  /** Nothing more is waited for. */
  isOver = false;

  end(): void {
    this.isOver = true;
    this.add();
  }

  add(): void {
    this.#pending = true;
    this.#wake?.();
  }

  /** Takes what came; whether anything did. */
  take(): boolean {
    const was = this.#pending;
    this.#pending = false;
    return was;
  }

  async next(): Promise<void> {
    if (!this.#pending) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
  }
}
