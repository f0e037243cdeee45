/** Addresses within a process: `inproc:NAME`. */

/** @throws Error that names the address and how it should look. */
export function parseAddress(address: string): string {
  const name = /^inproc:(?!\/\/)([^\s\p{Cc}]+)$/u.exec(address)?.[1];
  if (name === undefined) throw new Error(`"${address}": an address within the process looks like inproc:orders`);
  return name;
}
