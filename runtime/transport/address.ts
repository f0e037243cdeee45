/** Finds the transport that an address asks for. */
import { nearName, remedyOf } from "../wire/known-names.js";
import type { Transport } from "./transport.js";

type Schemes = Pick<Transport, "scheme" | "secureScheme">;

/**
 * The transport whose scheme is the address's word before the colon.
 * @throws Error that names the address, what was probably meant, and the schemes that there are.
 */
export function transportFor<T extends Schemes>(address: string, transports: readonly T[]): T {
  const scheme = /^[^:/]*(?=:)/.exec(address)?.[0] ?? "";
  const found = transports.find((transport) => schemesOf(transport).includes(scheme));
  if (found !== undefined) return found;
  const schemes = transports.flatMap(schemesOf);
  const meant = whatIsMeant(address, scheme, schemes);
  throw new Error(`"${address}": no transport here has the scheme "${scheme}"${remedyOf(schemes, meant)}`);
}

function schemesOf({ scheme, secureScheme }: Schemes): string[] {
  return secureScheme === undefined ? [scheme] : [scheme, secureScheme];
}

function whatIsMeant(address: string, scheme: string, schemes: readonly string[]): string | undefined {
  if (schemes.includes("tcp") && /^(\[[^\]]+\]|[\w.-]+):\d+$/.test(address)) return `tcp://${address}`;
  if (schemes.includes("unix") && /^\.{0,2}\//.test(address)) return `unix:${address}`;
  const near = nearName(scheme, schemes);
  return near === undefined ? undefined : near + address.slice(scheme.length);
}
