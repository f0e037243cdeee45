/**
 * The position automaton (Glushkov) of a pattern: a state for each place where a character is matched, and an edge for each way
 * from one to the next. Where there are two ways between the same two states, the edge says so: a backtracking matcher tries both.
 */
import type { Pattern } from "./pattern-syntax.js";

export interface Edge {
  readonly to: number;
  /** 1, or 2 where there are two ways or more. */
  readonly ways: number;
  /** Whether the edge exists only because a count such as `{1,500}` is too great to be written out. */
  readonly counted: boolean;
}

export interface Automaton {
  /** The set of characters of each state, as the source of an atom. */
  readonly sets: readonly string[];
  /** The states in which a match can begin. */
  readonly first: readonly number[];
  /** The states in which a match can end. */
  readonly last: readonly number[];
  /** By state: the edges that leave it. */
  readonly edges: readonly (readonly Edge[])[];
  /** Whether something that can be empty is repeated: then the same text is repeated in many ways. */
  readonly repeatsEmpty: boolean;
}

/** Counted repeats that come to more states than this are taken as loops. */
const unrollLimit = 64;

/** A part of the automaton: the states where it can begin and end (with the number of ways), and in how many ways it can be empty. */
interface Fragment {
  readonly first: ReadonlyMap<number, number>;
  readonly last: ReadonlyMap<number, number>;
  readonly empty: number;
}

const nothing: Fragment = { first: new Map(), last: new Map(), empty: 1 };

export function buildAutomaton(pattern: Pattern): Automaton {
  const builder = new AutomatonBuilder();
  const { first, last } = builder.add(pattern);
  return {
    sets: builder.sets,
    first: [...first.keys()],
    last: [...last.keys()],
    edges: builder.edges.map((edges) => [...edges.values()]),
    repeatsEmpty: builder.repeatsEmpty,
  };
}

class AutomatonBuilder {
  readonly sets: string[] = [];
  readonly edges: Map<number, Edge>[] = [];
  repeatsEmpty = false;

  add(pattern: Pattern): Fragment {
    switch (pattern.kind) {
      case "empty":
        return nothing;
      case "set": {
        const state = this.sets.push(pattern.source) - 1;
        this.edges.push(new Map());
        return { first: new Map([[state, 1]]), last: new Map([[state, 1]]), empty: 0 };
      }
      case "sequence":
        return pattern.parts.reduce<Fragment>((before, part) => this.#sequence(before, this.add(part)), nothing);
      case "choice": {
        const branches = pattern.branches.map((branch) => this.add(branch));
        return {
          first: new Map(branches.flatMap((branch) => [...branch.first])),
          last: new Map(branches.flatMap((branch) => [...branch.last])),
          empty: atMostTwo(branches.reduce((sum, branch) => sum + branch.empty, 0)),
        };
      }
      case "repeat":
        return this.#repeat(pattern.body, pattern.min, pattern.max);
    }
  }

  #repeat(body: Pattern, min: number, max: number): Fragment {
    if (max === 0) return nothing;
    const before = this.sets.length;
    let all = this.add(body);
    const size = this.sets.length - before;
    if (max === 1) return min === 0 ? { ...all, empty: 1 } : all;
    if (all.empty > 0) this.repeatsEmpty = true;
    const copies = max === Infinity ? Math.max(min, 1) : max;
    if (size * copies > unrollLimit || size === 0) {
      this.#link(all, all, max !== Infinity);
      return { ...all, empty: min === 0 ? 1 : all.empty };
    }
    const parts = [all];
    while (parts.length < copies) parts.push(this.add(body));
    const last = parts.at(-1) ?? all;
    if (max === Infinity) this.#link(last, last, false);
    all = nothing;
    for (const [index, part] of [...parts.entries()].reverse()) {
      all = this.#sequence(part, all);
      if (index >= min) all = { ...all, empty: 1 };
    }
    return all;
  }

  #sequence(a: Fragment, b: Fragment): Fragment {
    this.#link(a, b, false);
    return {
      first: a.empty === 0 ? a.first : new Map([...a.first, ...scaled(b.first, a.empty)]),
      last: b.empty === 0 ? b.last : new Map([...b.last, ...scaled(a.last, b.empty)]),
      empty: atMostTwo(a.empty * b.empty),
    };
  }

  #link(a: Fragment, b: Fragment, counted: boolean): void {
    for (const [from, waysOut] of a.last) {
      const edges = this.edges[from];
      for (const [to, waysIn] of b.first) {
        const known = edges?.get(to);
        const ways = atMostTwo((known?.ways ?? 0) + waysOut * waysIn);
        edges?.set(to, { to, ways, counted: counted && (known?.counted ?? true) });
      }
    }
  }
}

function scaled(states: ReadonlyMap<number, number>, by: number): [number, number][] {
  return [...states].map(([state, ways]) => [state, atMostTwo(ways * by)]);
}

function atMostTwo(ways: number): number {
  return Math.min(ways, 2);
}
