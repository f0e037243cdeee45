/** Faults of handlers, of records, and of the store. */
import { newIdempotencyKey } from "../../runtime/index.js";
import { deferred } from "../runtime/manual-clock.js";
import { Declared } from "./cell-service.js";
import type { Scenario } from "./scenario.js";
import type { Stage } from "./stage.js";

const NEVER = new Promise<never>(() => {});
const DAY_MS = 86_400_000;

/** The refusal of a promise that has no store: a key must be kept by one. */
async function refusesKey(stage: Stage): Promise<void> {
  const seen = await stage.call({ op: 3 }, { idempotencyKey: newIdempotencyKey() });
  if (seen !== "INVALID_ARGUMENT no") throw new Error(`a key for a @${stage.semantics} call gives ${seen}`);
}

export const handlerScenarios: Readonly<Record<string, Scenario>> = {
  async "store-down"(stage) {
    await stage.set();
    stage.store.down = true;
    const seen = await stage.call();
    if (stage.semantics !== "exactlyOnce") await refusesKey(stage);
    return seen;
  },

  async "store-lost-at-commit"(stage) {
    await stage.set();
    stage.store.loseCommit = "stands";
    const seen = await stage.call({}, { timeoutMs: 2_000 });
    if (stage.semantics !== "exactlyOnce") await refusesKey(stage);
    return seen;
  },

  async "record-expired"(stage) {
    await stage.set();
    if (stage.semantics === "exactlyOnce") return stage.call({}, { idempotencyKey: newIdempotencyKey(Date.now() - 2 * DAY_MS) });
    await stage.call();
    // The next call tells the server that the first was answered.
    await stage.call({ op: 2 });
    if (stage.semantics === "failStop") await stage.channel.close();
    const twin = await stage.arriveAgain();
    return (await twin.answer)?.seen ?? "";
  },

  async "same-id-other-arguments"(stage) {
    await stage.set();
    await stage.call();
    const twin = await stage.arriveAgain((call) => replaceText(call, '"text":"a"', '"text":"b"'));
    const seen = (await twin.answer)?.seen ?? "";
    if (stage.semantics === "readonly" || stage.semantics === "idempotent") await refusesKey(stage);
    return seen;
  },

  async "reply-over-cap"(stage) {
    await stage.set();
    stage.behaviour = { replyBytes: 100_000 };
    // So long a reply goes in pieces, where the path has them.
    stage.once(["REPLY", "PIECE"], "server", "cut");
    return stage.call();
  },

  async deadline(stage) {
    await stage.set();
    stage.behaviour = { after: () => NEVER };
    return stage.call({}, { timeoutMs: 100 });
  },

  async cancel(stage) {
    await stage.set();
    const controller = new AbortController();
    stage.behaviour = {
      after: () => {
        controller.abort();
        return NEVER;
      },
    };
    return stage.call({}, { signal: controller.signal });
  },

  async shed(stage) {
    await stage.set({ limits: { maxRunning: 1, maxQueued: 0, retryAfterMs: 20 } });
    const release = deferred();
    const occupied = deferred();
    stage.behaviour = {
      before: () => {
        occupied.resolve();
        return release.promise;
      },
    };
    const other = await stage.connect(stage.proxy.target);
    const occupant = stage.occupy(other);
    await occupied.promise;
    stage.behaviour = {};
    stage.once("ERROR", "server", "pass", () => release.resolve());
    const seen = await stage.call();
    await occupant;
    // Who was turned away has lost nothing by it.
    const next = await stage.call({ op: 2 });
    if (next !== "OK") throw new Error(`the call behind one that was shed gives ${next}`);
    return seen;
  },

  async "handler-throws"(stage) {
    await stage.set();
    stage.behaviour = {
      after: () => {
        throw new Error("a bug");
      },
    };
    return stage.call();
  },

  async "handler-declares"(stage) {
    await stage.set();
    stage.behaviour = {
      after: (_ctx, run) => {
        throw new Declared({ sku: String(run) });
      },
    };
    stage.once("ERROR", "server", "cut");
    return stage.call();
  },
};

/** In place, of the same length. */
function replaceText(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  if (!text.includes(from)) throw new Error(`the call has no ${from}`);
  return Buffer.from(text.replace(from, to), "latin1");
}
