/** Faults of the path, and of the processes at its ends. */
import { newIdempotencyKey } from "../../runtime/index.js";
import { noGuards } from "../../runtime/rpc/server/guard.js";
import { deferred } from "../runtime/manual-clock.js";
import { CellStore, openMemory } from "./cell-store.js";
import type { Scenario } from "./scenario.js";
import type { Stage } from "./stage.js";

const NEVER = new Promise<never>(() => {});

export const connectionScenarios: Readonly<Record<string, Scenario>> = {
  async "connect-fails"(stage) {
    await stage.set();
    await stage.proxy.close();
    // Before the client has noticed, a call would leave all the same.
    while (stage.channel.path.peer !== undefined) await new Promise((resolve) => setImmediate(resolve));
    return stage.call({}, { timeoutMs: 300 });
  },

  async "request-lost"(stage) {
    await stage.set();
    stage.once("CALL", "client", "cut");
    return stage.call();
  },

  async "reply-lost"(stage) {
    await stage.set();
    stage.once("REPLY", "server", "cut");
    return stage.call();
  },

  async "duplicate-delivery"(stage) {
    await stage.set();
    const begun = deferred();
    const release = deferred();
    stage.behaviour = {
      before: () => {
        begun.resolve();
        return release.promise;
      },
    };
    const call = stage.call();
    await begun.promise;
    const twin = await stage.arriveAgain();
    release.resolve();
    const seen = await call;
    if (seen === "OK") await sameReply(stage, twin.answer);
    return seen;
  },

  async "late-duplicate"(stage) {
    await stage.set();
    await stage.call();
    await stage.call({ op: 2 });
    const twin = await stage.arriveAgain();
    return (await twin.answer)?.seen ?? "";
  },

  async reorder(stage) {
    await stage.set();
    if (stage.semantics !== "failStop") stage.once("CALL", "client", "cut");
    const [first, second] = [stage.call(), stage.call({ op: 2 })];
    await second;
    return first;
  },

  async "crash-before-handler"(stage) {
    let arrived = false;
    await stage.set({
      authenticate: () => {
        if (arrived) return "someone";
        arrived = true;
        void stage.replaceServer({ authenticate: () => "someone" });
        return NEVER;
      },
    });
    return stage.call();
  },

  async "crash-mid-handler"(stage) {
    await stage.set();
    stage.behaviour = {
      after: (_ctx, run) => {
        if (run > 1) return undefined;
        void stage.replaceServer();
        return NEVER;
      },
    };
    return stage.call();
  },

  async "crash-after-effect"(stage) {
    await stage.set();
    stage.once("REPLY", "server", "drop", () => void stage.replaceServer());
    return stage.call();
  },

  async "client-crash"(stage) {
    await stage.set();
    const key = stage.semantics === "exactlyOnce" ? { idempotencyKey: newIdempotencyKey() } : {};
    const dead = stage.channel;
    const gone = deferred();
    stage.once("REPLY", "server", "drop", () => gone.resolve());
    void stage.call({}, key, dead);
    await gone.promise;
    await dead.close();
    stage.answers.length = 0;
    return stage.call({}, key, await stage.connect(stage.proxy.address));
  },

  async "restart-empty-memory"(stage) {
    await stage.set();
    stage.once("REPLY", "server", "drop", () => void stage.replaceServer());
    return stage.call();
  },

  failover: (stage) => failOver(stage, stage.store),

  "failover-to-a-stranger": (stage) => failOver(stage, new CellStore(openMemory("another"))),

  async "peer-keeps-nothing"(stage) {
    await stage.set({}, noGuards);
    stage.once("REPLY", "server", "cut");
    return stage.call();
  },
};

async function failOver(stage: Stage, store: CellStore): Promise<string> {
  await stage.set();
  const { address } = await stage.serve({ store });
  const other = await stage.proxyTo(address);
  const channel = await stage.connect([stage.proxy.address, other.address]);
  stage.once("REPLY", "server", "drop", () => void stage.proxy.close());
  return stage.call({}, {}, channel);
}

/** Whoever asked for a guarded call gets the bytes that the other got. */
async function sameReply(stage: Stage, answer: Promise<{ readonly payload: Uint8Array | undefined } | undefined>): Promise<void> {
  if (stage.semantics !== "atMostOnce" && stage.semantics !== "exactlyOnce") return;
  const payload = (await answer)?.payload;
  stage.answers.push(JSON.parse(new TextDecoder().decode(payload)) as never);
}
