/** Which guard keeps which promise: the one table. */
import { ByteBudget } from "../rpc/byte-budget.js";
import type { MakeGuards } from "../rpc/server/guard.js";
import { show } from "../wire/errors.js";
import type { CompletionStore } from "./completion-store.js";
import { DurableGuard } from "./durable-guard.js";
import { FailStopGuard } from "./fail-stop-guard.js";
import { MemoryGuard } from "./memory-guard.js";

/**
 * @param store where completions of `@exactlyOnce` calls commit.
 * @throws TypeError for what is no store.
 * The result throws TypeError if a service has such a method and there is no store, or it keeps them for too short, or if
 * a stream is to be either that or `@failStop`.
 */
export function guards(store?: CompletionStore): MakeGuards {
  if (store !== undefined && typeof store?.transact !== "function") {
    throw new TypeError(`\`store\` is ${show(store)} that is no store: give what openLogStore, openPostgresStore or memoryStore makes`);
  }
  return (setting) => {
    const { services, limits, timers } = setting;
    const account = new ByteBudget(limits.maxRecordBytes);
    const memory = new MemoryGuard(limits, timers, account);
    for (const { semantics, kind, path } of services.flatMap((service) => Object.values(service.methods))) {
      if (semantics !== "exactlyOnce" && semantics !== "failStop") continue;
      if (kind !== "unary") throw new TypeError(`${path} is @${semantics}, which a stream cannot be`);
      if (semantics === "failStop" || store !== undefined) continue;
      throw new TypeError(`${path} is @exactlyOnce: give serve a store, where its completions commit with its effect`);
    }
    const failStop = new FailStopGuard(limits, timers, account);
    const durable = store === undefined ? undefined : new DurableGuard(setting, store, account);
    return {
      of: { atMostOnce: memory, exactlyOnce: durable, failStop },
      get recordBytes() {
        return account.held;
      },
      retentionMs: Math.min(limits.recordRetentionMs, store?.retentionMs ?? Infinity, Number.MAX_SAFE_INTEGER),
      storeId: store?.id,
      close: () => {
        memory.close();
        failStop.close();
        durable?.close();
      },
    };
  };
}
