/** Every command there is, a row each, in the order of `--help`. The first is the default. */
import { breaking } from "./commands/breaking.js";
import { call } from "./commands/call.js";
import { check } from "./commands/check.js";
import { completion } from "./commands/completion.js";
import { explain } from "./commands/explain.js";
import { format } from "./commands/format.js";
import { generate } from "./commands/generate.js";
import { importProto } from "./commands/import.js";
import { init } from "./commands/init.js";
import { inspect } from "./commands/inspect.js";
import { lint } from "./commands/lint.js";
import { measure } from "./commands/measure.js";
import { scaffold } from "./commands/scaffold.js";
import { sdk } from "./commands/sdk.js";
import { verify } from "./commands/verify.js";
import type { Verb } from "./verb.js";

export const defaultVerb = generate;
export const verbs: readonly Verb[] = [generate, init, check, format, lint, breaking, scaffold, sdk, importProto, explain, inspect, verify, call, measure, completion];
