/** How high the least value of each type is: which types have a finite value at all, and by which way it ends. */

/** What a value of a type cannot be without: each of some others or, of a union, one of them. Without targets it ends by itself. */
export interface Needs<Node> {
  readonly each: boolean;
  readonly targets: readonly Node[];
}

/** Of what ends by itself: 0. What has no height has no finite value. Linear in the size of the graph, and calls itself nowhere. */
export function valueHeights<Node>(nodes: Iterable<Node>, needs: (node: Node) => Needs<Node>): Map<Node, number> {
  const users = new Map<Node, Node[]>();
  const missing = new Map<Node, number>();
  const heights = new Map<Node, number>();
  for (const node of nodes) {
    const { each, targets } = needs(node);
    const distinct = new Set(targets);
    missing.set(node, each ? distinct.size : Math.min(1, distinct.size));
    if (distinct.size === 0) heights.set(node, 0);
    for (const target of distinct) {
      const known = users.get(target);
      if (known === undefined) users.set(target, [node]);
      else known.push(node);
    }
  }
  // Walked in order of insertion, which is that of height, so that a union is settled by its lowest member.
  for (const [node, height] of heights) {
    for (const user of users.get(node) ?? []) {
      const left = (missing.get(user) ?? 0) - 1;
      missing.set(user, left);
      if (left === 0) heights.set(user, height + 1);
    }
  }
  return heights;
}
