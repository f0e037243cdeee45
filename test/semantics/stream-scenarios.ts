/** Faults of calls with streams. */
import { compile } from "../../src/compile.js";
import { deferred } from "../runtime/manual-clock.js";
import { methodOf, type Question } from "./cell-service.js";
import type { Scenario } from "./scenario.js";
import type { Stage } from "./stage.js";

const MAY_STREAM: ReadonlySet<string> = new Set(["readonly", "idempotent", "atMostOnce"]);

/** Of a promise that cannot be kept for streams: the compiler says so. */
function refusedByCompiler(stage: Stage): string {
  const source = `package cells; service S { @${stage.semantics} list() -> stream u32; }`;
  const { diagnostics } = compile({ sources: { "cells.idl": source } });
  if (!diagnostics.some(({ severity }) => severity === "error")) throw new Error(`@${stage.semantics} on a stream compiles`);
  return "INVALID_ARGUMENT no";
}

export const streamScenarios: Readonly<Record<string, Scenario>> = {
  async "stream-lost-before-element"(stage) {
    if (!MAY_STREAM.has(stage.semantics)) return refusedByCompiler(stage);
    await stage.set();
    stage.once("ITEM", "server", "cut");
    return stage.seen(read(stage));
  },

  async "stream-lost-after-element"(stage) {
    if (!MAY_STREAM.has(stage.semantics)) return refusedByCompiler(stage);
    await stage.set();
    const taken = deferred();
    stage.behaviour = {
      after: async () => {
        await taken.promise;
        stage.once("ITEM", "server", "cut");
      },
    };
    return stage.seen(read(stage, () => taken.resolve()));
  },

  async "request-stream-lost"(stage) {
    if (!MAY_STREAM.has(stage.semantics)) return refusedByCompiler(stage);
    await stage.set();
    async function* questions(): AsyncGenerator<Question> {
      yield { op: 1, text: "a" };
      stage.once("ITEM", "client", "cut");
      yield { op: 1, text: "b" };
    }
    return stage.seen(stage.channel.clientStream(methodOf(stage.semantics, "clientStream"), questions()));
  },

  async "reader-leaves"(stage) {
    if (!MAY_STREAM.has(stage.semantics)) return refusedByCompiler(stage);
    await stage.set();
    const aborted = deferred();
    stage.behaviour = {
      after: (ctx) => new Promise<void>((resolve) => ctx.signal.addEventListener("abort", () => (aborted.resolve(), resolve()))),
    };
    for await (const _ of stage.channel.serverStream(methodOf(stage.semantics, "serverStream"), { op: 1, text: "a" })) break;
    await aborted.promise;
    while (stage.stopped === 0) await new Promise((resolve) => setImmediate(resolve));
    return "OK";
  },
};

/** All elements of one answer. */
async function read(stage: Stage, taken: () => void = () => {}): Promise<undefined> {
  let count = 0;
  for await (const { pad } of stage.channel.serverStream(methodOf(stage.semantics, "serverStream"), { op: 1, text: "a" })) {
    if (pad !== String(count)) throw new Error(`element ${count} is ${pad}`);
    count += 1;
    taken();
  }
  if (count !== 3) throw new Error(`the stream ended after ${count} elements`);
  return undefined;
}
