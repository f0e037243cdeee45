/** Finds the cycles of a directed graph, in time linear in its size and without recursion. */

export interface Cycle<Node> {
  /** The nodes along it; the last leads back to the first. */
  readonly path: readonly Node[];
  /** Every node of its strongly connected part, which may hold other cycles too. */
  readonly part: readonly Node[];
}

/**
 * One cycle for each strongly connected part of the graph that has any, beginning with a node that
 * satisfies `begin` where the part has one. Tarjan's algorithm, with the stack of calls kept by hand.
 */
export function findCycles<Node>(
  nodes: Iterable<Node>,
  targets: (node: Node) => readonly Node[],
  begin: (node: Node) => boolean = () => true,
): Cycle<Node>[] {
  const order = new Map<Node, number>();
  const lowest = new Map<Node, number>();
  const component: Node[] = [];
  const inComponent = new Set<Node>();
  const cycles: Cycle<Node>[] = [];

  for (const root of nodes) {
    if (order.has(root)) continue;
    const path: { readonly node: Node; readonly targets: readonly Node[]; next: number }[] = [];
    const enter = (node: Node) => {
      order.set(node, order.size);
      lowest.set(node, order.size - 1);
      component.push(node);
      inComponent.add(node);
      path.push({ node, targets: targets(node), next: 0 });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { node } = top;
      if (top.next < top.targets.length) {
        const target = top.targets[top.next++] as Node;
        if (!order.has(target)) enter(target);
        else if (inComponent.has(target)) lower(lowest, node, order.get(target));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(lowest, parent.node, lowest.get(node));
      if (lowest.get(node) !== order.get(node)) continue;
      const members = component.splice(component.lastIndexOf(node));
      for (const member of members) inComponent.delete(member);
      if (members.length === 1 && !top.targets.includes(node)) continue;
      cycles.push({ path: shortestCycle(members.find(begin) ?? node, new Set(members), targets), part: members });
    }
  }
  return cycles;
}

function lower<Node>(lowest: Map<Node, number>, node: Node, to: number | undefined): void {
  lowest.set(node, Math.min(lowest.get(node) ?? 0, to ?? 0));
}

/** Breadth first from `start` back to it, within one strongly connected part. */
function shortestCycle<Node>(start: Node, within: ReadonlySet<Node>, targets: (node: Node) => readonly Node[]): Node[] {
  const cameFrom = new Map<Node, Node>();
  const queue = new Set<Node>([start]);
  for (const node of queue) {
    for (const target of targets(node)) {
      if (target === start) {
        const cycle = [node];
        for (let at = node; at !== start; ) {
          at = cameFrom.get(at) ?? start;
          cycle.push(at);
        }
        return cycle.reverse();
      }
      if (!within.has(target) || queue.has(target)) continue;
      cameFrom.set(target, node);
      queue.add(target);
    }
  }
  return [start];
}
