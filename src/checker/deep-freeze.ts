/** Freezes a tree of plain data, and returns it. What is frozen already is taken to be so in depth. */
export function deepFreeze<T>(root: T): T {
  const pending: object[] = [];
  const add = (value: unknown) => {
    if (typeof value === "object" && value !== null && !Object.isFrozen(value)) pending.push(value);
  };
  add(root);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    Object.freeze(next);
    if (Array.isArray(next)) for (const item of next) add(item);
    else for (const key in next) add(next[key as keyof typeof next]);
  }
  return root;
}
