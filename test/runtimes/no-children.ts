/** A page starts no process; no row of its transports asks for one. */
export function children(): () => never {
  return () => {
    throw new Error("a page starts no process");
  };
}
