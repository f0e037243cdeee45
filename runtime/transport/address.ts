/** Finds the transport that an address asks for. */
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
  const help = meant === undefined ? "" : `; did you mean "${meant}"?`;
  throw new Error(
    `"${address}": no transport here has the scheme "${scheme}" (there are ${schemes.join(", ")})${help}`,
  );
}

function schemesOf({ scheme, secureScheme }: Schemes): string[] {
  return secureScheme === undefined ? [scheme] : [scheme, secureScheme];
}

function whatIsMeant(address: string, scheme: string, schemes: readonly string[]): string | undefined {
  if (schemes.includes("tcp") && /^(\[[^\]]+\]|[\w.-]+):\d+$/.test(address)) return `tcp://${address}`;
  if (schemes.includes("unix") && /^\.{0,2}\//.test(address)) return `unix:${address}`;
  const near = schemes.find((known) => isNear(scheme.toLowerCase(), known));
  return near === undefined ? undefined : near + address.slice(scheme.length);
}

/** One letter too many, too few, other or swapped with its neighbour; or the one word begins with the other. */
function isNear(written: string, known: string): boolean {
  if (written.length > 2 && (written.startsWith(known) || known.startsWith(written))) return true;
  let from = 0;
  while (from < known.length && written[from] === known[from]) from++;
  const [left, right] = [written.slice(from), known.slice(from)];
  return (
    left.slice(1) === right ||
    left === right.slice(1) ||
    left.slice(1) === right.slice(1) ||
    (left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2))
  );
}
