/** Every emitter there is: a line to add one. */
import type { Emitter } from "./emitter.js";
import { json } from "./json/index.js";
import { kit } from "./kit/index.js";
import { proto } from "./proto/index.js";
import { declarations } from "./typescript/declarations/index.js";
import { typescript } from "./typescript/index.js";
import { syncClients } from "./typescript/sync-client.js";

export const emitters: readonly Emitter[] = [typescript, syncClients, json, kit, declarations, proto];

/** The emitter behind `--target name`, if there is one. */
export function emitterNamed(name: string): Emitter | undefined {
  return emitters.find((emitter) => emitter.name === name);
}
