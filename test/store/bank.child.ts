/**
 * Deposits into the store in FOLDER, many clients at a time, until it is killed. Prints "open", "done CLIENT SEQUENCE" for
 * each commit, and "ack CLIENT BELOW" before it acknowledges. Logs are so short that a compaction is under way most of the time.
 */
import { openLogStore } from "../../runtime/store/log/index.js";
import { deposit } from "./bank.js";
import { call } from "./call.js";
import { say } from "./say.js";

const CLIENTS = 12;
const [folder = "", first = "0", compactBytes = "8000"] = process.argv.slice(2);

const store = await openLogStore(folder, { compactBytes: Number(compactBytes) });
say("open");
await Promise.all(
  Array.from({ length: CLIENTS }, async (_, number) => {
    for (let sequence = 1; ; sequence++) {
      const key = call(Number(first) + number, sequence);
      await deposit(store, key, (sequence * 97) % 3_000);
      say(`done ${key.client} ${sequence}`);
      if (sequence % 7 !== 0) continue;
      say(`ack ${key.client} ${sequence - 3}`);
      await store.acknowledge(key.principal, key.client, sequence - 3);
    }
  }),
);
