/** A world in memory for the command line: argv and files in; what it said, answered and wrote out. */
import { Volume, createFsFromVolume } from "memfs";
import type { Host, HostFs } from "../../src/cli/host.js";
import { main } from "../../src/cli/main.js";

export interface World {
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
  readonly stdin?: string;
  /** What files export when they are loaded, by name; one that is an Error cannot be. */
  readonly modules?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  /** Takes the place of functions of the file system, to make them fail. */
  readonly faults?: Partial<HostFs>;
  /** Takes the place of the prettier of the project, of which there is none. */
  readonly layOut?: Host["layOut"];
  /** Takes the place of running programs, of which there are none. */
  readonly run?: Host["run"];
  /** Where rpcgen stands, if it is a checkout. */
  readonly checkout?: string;
  /** A volume of an earlier run, for a second command in the same world. */
  readonly volume?: InstanceType<typeof Volume>;
}

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Everything in the working folder afterwards, by relative path. */
  readonly files: Readonly<Record<string, string>>;
  readonly volume: InstanceType<typeof Volume>;
}

const CWD = "/project";

/** Runs `rpcgen ...argv` in `/project`, where the `files` stand. A null is an empty folder. */
export async function run(argv: readonly string[], world: World = {}): Promise<Run> {
  const volume = world.volume ?? new Volume();
  volume.mkdirSync(CWD, { recursive: true });
  for (const [name, content] of Object.entries(world.files ?? {})) {
    const place = `${CWD}/${name}`;
    volume.mkdirSync(content === null ? place : place.slice(0, place.lastIndexOf("/")), { recursive: true });
    if (content !== null) volume.writeFileSync(place, content);
  }
  const said = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr") => ({ isTTY: world.isTTY ?? false, write: (text: string) => void (said[name] += text) });
  const host: Host = {
    cwd: CWD,
    env: world.env ?? {},
    fs: { ...(createFsFromVolume(volume) as unknown as HostFs), ...world.faults },
    stdout: output("stdout"),
    stderr: output("stderr"),
    loadModule: async (file) => {
      const exports = world.modules?.[file.slice(CWD.length + 1)];
      if (exports instanceof Error) throw exports;
      return exports;
    },
    layOut: world.layOut ?? (async (_file, text) => text),
    uninterrupted: (work) => work(),
    run: world.run ?? (() => undefined),
    now: () => performance.now(),
    checkout: () => world.checkout,
    watcher: { watch: async () => Promise.reject(new Error("nothing is watched")), sleep: async () => {}, interrupted: async () => {} },
    readStdin: async () => new TextEncoder().encode(world.stdin ?? ""),
    stdin: async function* () {
      yield new TextEncoder().encode(world.stdin ?? "");
    },
    flushed: async () => true,
  };
  const exitCode = await main(argv, host);
  const entries = Object.entries(volume.toJSON(CWD, undefined, true)).filter((entry): entry is [string, string] => entry[1] !== null);
  return { exitCode, ...said, files: Object.fromEntries(entries), volume };
}
