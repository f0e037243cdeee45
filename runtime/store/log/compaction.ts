/**
 * Replaces the logs by a snapshot of what they add up to. Commits go on meanwhile: they stand in the log that begins with
 * the snapshot, and replaying them over it is harmless, whether the snapshot saw them or not.
 *
 * A crash leaves, after each step: (1) one more log; (2) a partial snapshot, which the next opening removes; (3) the
 * snapshot under its name or not; (4) logs older than the snapshot, which the next opening removes.
 */
import { encodeHeader, fileName, FILE_HEADER, parseFileName } from "./file-header.js";
import type { LogState } from "./log-state.js";
import type { LogPlace, LogWriter } from "./log-writer.js";
import { encodeOperations, type Operation } from "./operation.js";
import { encodeRecord } from "./record.js";

/** Operations gathered for one record of a snapshot; between two, others run. */
const RECORD_OPERATIONS = 1_000;
const RECORD_BYTES = 256 * 1024;

/** Returns the snapshot's size in bytes. */
export async function compact({ fileSystem, folder, storeId }: LogPlace, state: LogState, writer: LogWriter): Promise<number> {
  const base = await writer.rotate(); // 1
  const name = `${folder}/${fileName("snapshot", base)}`;
  const partial = `${name}.partial`;
  const file = await fileSystem.create(partial); // 2
  let size = FILE_HEADER;
  let number = 0;
  const write = async (operations: readonly Operation[]): Promise<void> => {
    const record = encodeRecord(++number, 0, encodeOperations(operations));
    await file.write(size, record);
    size += record.length;
  };
  try {
    await file.write(0, encodeHeader({ kind: "snapshot", storeId, base }));
    let count = 0;
    let gathered: Operation[] = [];
    let bytes = 0;
    for (const operation of state.snapshot()) {
      count += 1;
      bytes += weightOf(operation);
      if (gathered.push(operation) < RECORD_OPERATIONS && bytes < RECORD_BYTES) continue;
      await write(gathered);
      gathered = [];
      bytes = 0;
    }
    await write([...gathered, { kind: "end", count }]);
    await file.sync();
  } catch (error) {
    // Of a disk that is full it would take the room that the log needs.
    await fileSystem.remove(partial).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
  // The snapshot may have seen commits that are not durable yet. It must not be what makes half of one stand.
  await writer.durable(writer.last);
  writer.checkOwned();
  await fileSystem.rename(partial, name); // 3
  await fileSystem.syncFolder(folder);
  for (const entry of await fileSystem.list(folder)) {
    if ((parseFileName(entry)?.base ?? base) < base) await fileSystem.remove(`${folder}/${entry}`); // 4
  }
  return size;
}

function weightOf(operation: Operation): number {
  if (operation.kind === "put") return operation.key.length + operation.value.length;
  return operation.kind === "complete" && "payload" in operation.completion.outcome ? operation.completion.outcome.payload.length : 0;
}
