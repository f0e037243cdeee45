/** Finds the cycles of a directed graph. */
import { stronglyConnected } from "../ir/strongly-connected.js";

export interface Cycle<Node> {
  /** The nodes along it; the last leads back to the first. */
  readonly path: readonly Node[];
  /** Every node of its strongly connected part, which may hold other cycles too. */
  readonly part: readonly Node[];
}

/**
 * One cycle for each strongly connected part of the graph that has any, a short one, beginning with a node that satisfies
 * `begin` where the part has one.
 */
export function findCycles<Node>(
  nodes: Iterable<Node>,
  targets: (node: Node) => readonly Node[],
  begin: (node: Node) => boolean = () => true,
): Cycle<Node>[] {
  const cycles: Cycle<Node>[] = [];
  for (const part of stronglyConnected(nodes, targets)) {
    const [first] = part;
    if (first === undefined || (part.length === 1 && !targets(first).includes(first))) continue;
    cycles.push({ path: shortestCycle(part.find(begin) ?? first, new Set(part), targets), part });
  }
  return cycles;
}

/** Breadth first from `start` back to it, within one strongly connected part. */
function shortestCycle<Node>(start: Node, within: ReadonlySet<Node>, targets: (node: Node) => readonly Node[]): Node[] {
  const cameFrom = new Map<Node, Node>();
  const queue = new Set<Node>([start]);
  for (const node of queue) {
    for (const target of targets(node)) {
      if (target === start) {
        const cycle = [node];
        for (let at = node; at !== start;) {
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
