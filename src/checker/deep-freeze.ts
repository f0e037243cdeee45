/** Freezes a tree of plain data. */
export function deepFreeze<T>(root: T): T {
  const pending: unknown[] = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    for (const part of Object.values(next)) if (part !== undefined) pending.push(part);
  }
  return root;
}
