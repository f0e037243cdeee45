/**
 * Serves nothing but the measuring service, at the address that it is given: as a process, until its standard input ends; or
 * in a worker, at its port and over memory that is shared.
 */
import { readFileSync } from "node:fs";
import { isMainThread, parentPort } from "node:worker_threads";

const [listen = "", certificate] = process.argv.slice(2);
const tell = (word: { readonly address?: string | undefined; readonly failure?: string }): void => {
  if (isMainThread) process.stdout.write(`${JSON.stringify(word)}\n`);
};
// Whoever started it is gone.
process.stdout.on("error", () => process.exit(1));
try {
  const [{ serve }, { measureService }, { sharedMemory }] = await Promise.all([
    import("@rpcgen/runtime"),
    import("@rpcgen/runtime/measure"),
    import("@rpcgen/runtime/threads"),
  ]);
  const pem = certificate === undefined ? undefined : readFileSync(certificate, "utf8");
  const server = await serve({ listen: parentPort === null ? listen : sharedMemory(parentPort), services: [measureService()], tls: pem === undefined ? undefined : { cert: pem, key: pem } });
  tell({ address: server.addresses[0] });
  if (isMainThread) process.stdin.resume().on("end", () => void server.close({ graceMs: 0 }).then(() => process.exit(0)));
} catch (error) {
  tell({ failure: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
