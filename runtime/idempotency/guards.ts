/** Which guard keeps which promise: the one table. */
import type { MakeGuards } from "../rpc/guard.js";
import type { CompletionStore } from "./completion-store.js";
import { DurableGuard } from "./durable-guard.js";
import { MemoryGuard } from "./memory-guard.js";
import { RecordAccount } from "./record-account.js";

/**
 * @param store where completions of `@exactlyOnce` calls commit.
 * The result throws TypeError if a service has such a method and there is no store, or it keeps them for too short.
 */
export function guards(store?: CompletionStore): MakeGuards {
  return (setting) => {
    const { services, limits, timers } = setting;
    const account = new RecordAccount(limits.maxRecordBytes);
    const memory = new MemoryGuard(limits, timers, account);
    const wants = services.flatMap((service) => Object.values(service.methods)).find(needsStore);
    if (wants !== undefined && store === undefined) {
      throw new TypeError(`${wants.path} is @exactlyOnce: give serve a store, where its completions commit with its effect`);
    }
    const durable = store === undefined ? undefined : new DurableGuard(setting, store, account);
    return {
      of: { atMostOnce: memory, exactlyOnce: durable },
      get recordBytes() {
        return account.used;
      },
      retentionMs: Math.min(limits.recordRetentionMs, store?.retentionMs ?? Infinity),
      storeId: store?.id,
      close: () => {
        memory.close();
        durable?.close();
      },
    };
  };
}

function needsStore({ semantics }: { readonly semantics: string }): boolean {
  return semantics === "exactlyOnce";
}
