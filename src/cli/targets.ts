/** The words after `--target`. Named here, for loading the emitters only to list them would slow `--help`. */
import type { Target } from "../compiler.js";

export const targets: readonly Target[] = ["ts", "sync", "json", "kit", "dts", "proto"];
