/** Measures paths to servers, one after the other. */
import { measurePath, type Echo, type Plan } from "./measure-path.js";
import type { LeftOut, Measurement, PathReport } from "./measurement.js";
import { OWN_PATHS, type Serving } from "./servers.js";

export { DEFAULT_PLAN, type Plan } from "./measure-path.js";
export { thisMachine, type Machine } from "./machine.js";
export { htmlReport } from "./html-report.js";
export { textReport } from "./text-report.js";

/** Told of each thing that is measured next: which path, what of it, and how many such things a path has. */
export type Progress = (path: string, what: string, of: number) => void;

/** @throws Error that says why the server at the address cannot be measured. */
export async function measureAddress(address: string, plan: Plan, progress: Progress, ca?: string): Promise<Measurement> {
  return { paths: [await measured(address, { address, ...(ca !== undefined && { ca }) }, plan, progress)], leftOut: [] };
}

/** Leaves nothing behind, also if it is to stop: no process, no file, no network. @throws Error if it was stopped. */
export async function measureAll(plan: Plan, progress: Progress, until: AbortSignal): Promise<Measurement> {
  const [paths, leftOut]: [PathReport[], LeftOut[]] = [[], []];
  for (const { name, open } of OWN_PATHS) {
    let serving: Serving | undefined;
    try {
      serving = await open();
      paths.push(await measured(name, serving, plan, progress, until));
    } catch (error) {
      leftOut.push({ name, why: error instanceof Error ? error.message : String(error) });
    } finally {
      await serving?.close();
    }
    if (until.aborted) throw new Error("it was interrupted");
  }
  return { paths, leftOut };
}

async function measured(name: string, { address, ca }: Omit<Serving, "close">, plan: Plan, progress: Progress, until?: AbortSignal): Promise<PathReport> {
  const [{ connect }, { MeasureClient }] = await Promise.all([import("@rpcgen/runtime"), import("@rpcgen/runtime/measure")]);
  const channel = await connect(address, ca === undefined ? {} : { tls: { ca } });
  until?.addEventListener("abort", () => void channel.close(), { once: true });
  try {
    until?.throwIfAborted();
    const client: Echo = new MeasureClient(channel);
    await client.echo(new Uint8Array(1));
    const figures = await measurePath(client, plan, (what, of) => progress(name, what, of));
    return { name, address: channel.path.address, transport: channel.path.transport, ...figures };
  } catch (error) {
    if ((error as { readonly code?: string }).code !== "UNIMPLEMENTED") throw error;
    throw new Error(`${channel.path.address} does not have the measuring service; add measureService() of "@rpcgen/runtime/measure" to the services of its server`);
  } finally {
    await channel.close();
  }
}
