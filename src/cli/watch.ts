/** `rpcgen generate --watch`: generates, waits for a change, and generates again, until it is interrupted. */
import { ExitCode } from "./exit-codes.js";
import { Generation } from "./generation.js";
import type { Invocation } from "./verb.js";
import { FilesScope } from "./watch-scope.js";

/** Changes come in swarms: an editor's save is several, a checkout hundreds. This long none may come before they are looked at. */
const QUIET_MS = 15;
/** A swarm without end is looked at all the same. */
const LONGEST_SWARM_MS = 500;
/** A file that is gone or empty is looked at once more after so long: it may be about to be written. */
const SETTLE_MS = 100;

export async function watch(invocation: Invocation): Promise<ExitCode> {
  const { operands, options, host } = invocation;
  if (operands.includes("-")) {
    host.stderr.write("error: --watch reads files; the standard input does not change\n");
    return ExitCode.USAGE;
  }
  const changes = new Changes();
  let isOver = false;
  const end = host.watcher.interrupted().then(() => {
    isOver = true;
    changes.add();
  });
  const scope = new FilesScope(operands, options.out, host.cwd);
  // Watched before anything is read, so that no change falls between.
  const watching = await host.watcher.watch(scope, () => changes.add());
  const generation = new Generation(invocation);
  const text = options.report === "text";
  for (let run = 0; !isOver; run++) {
    const { files, missing } = run === 0 ? await generation.run() : await generation.runAgain(() => host.watcher.sleep(SETTLE_MS));
    const more = scope.addFiles([...files, ...missing]);
    if (more.length > 0) watching.add(more);
    if (run === 0 && text) host.stderr.write("watching; Ctrl-C ends it\n");
    await changes.next();
    for (let waited = 0; !isOver && waited < LONGEST_SWARM_MS && changes.take(); waited += QUIET_MS) await host.watcher.sleep(QUIET_MS);
  }
  await end;
  await watching.close();
  return ExitCode.OK;
}

/** Whether something changed since it was last asked. */
class Changes {
  #pending = false;
  #wake: (() => void) | undefined;

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
