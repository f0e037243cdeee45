/** Watches folders of this machine, by chokidar: `fs.watch` differs by platform in what it tells, and what it misses. */
import path from "node:path";
import { watch } from "chokidar";
import type { Watching, WatchScope } from "./host.js";

/** Resolves when all of the folders are watched. */
export async function watchFolders({ folders, ignores }: WatchScope, onChange: () => void): Promise<Watching> {
  const watcher = watch([...folders], { ignored: (file) => ignores(file), ignoreInitial: true });
  watcher.on("all", onChange);
  // Of the changes of a file within 50 ms, chokidar tells the first alone: the last is known only from what the system says.
  watcher.on("raw", (_event, name, details: unknown) => {
    const watched = watchedPathOf(details);
    // A watched file is told of by its own name, what stands in a watched folder by its name in it.
    if (typeof name !== "string" || name === path.basename(watched) || !ignores(path.resolve(watched, name))) onChange();
  });
  // A folder that goes while it is looked at, or that may not be read: what it held is missed when it is read for itself.
  watcher.on("error", onChange);
  await new Promise<void>((resolve) => void watcher.once("ready", resolve));
  return {
    add: (more) => void watcher.add([...more]),
    close: () => watcher.close(),
  };
}

/** The folder or file whose watch told of a change. */
function watchedPathOf(details: unknown): string {
  return typeof details === "object" && details !== null && "watchedPath" in details ? String(details.watchedPath) : "";
}
