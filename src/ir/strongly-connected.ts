/** Tarjan's algorithm, with the stack of calls kept by hand: schemas may be deeper than the engine's stack. */

/**
 * The strongly connected parts of a directed graph, those that a part leads to before it. Linear in the size of the graph.
 * A node alone is a part too, whether it leads to itself or not.
 */
export function stronglyConnected<Node>(nodes: Iterable<Node>, targets: (node: Node) => Iterable<Node>): Node[][] {
  const order = new Map<Node, number>();
  const lowest = new Map<Node, number>();
  const open: Node[] = [];
  const isOpen = new Set<Node>();
  const parts: Node[][] = [];
  const path: { readonly node: Node; readonly targets: Iterator<Node> }[] = [];

  function enter(node: Node): void {
    lowest.set(node, order.size);
    order.set(node, order.size);
    open.push(node);
    isOpen.add(node);
    path.push({ node, targets: targets(node)[Symbol.iterator]() });
  }

  function lower(node: Node, to: number | undefined): void {
    lowest.set(node, Math.min(lowest.get(node) ?? 0, to ?? 0));
  }

  for (const root of nodes) {
    if (order.has(root)) continue;
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { node } = top;
      const next = top.targets.next();
      if (next.done !== true) {
        if (!order.has(next.value)) enter(next.value);
        else if (isOpen.has(next.value)) lower(node, order.get(next.value));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(parent.node, lowest.get(node));
      if (lowest.get(node) !== order.get(node)) continue;
      const part = open.splice(open.lastIndexOf(node));
      for (const member of part) isOpen.delete(member);
      parts.push(part);
    }
  }
  return parts;
}
