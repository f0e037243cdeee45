/**
 * Finds what makes a backtracking matcher slow: texts that a pattern can match in many ways. Exponential where a loop can go
 * round in two ways on the same text; polynomial where one text can be shared out between loops that follow one another.
 * After Weber and Seidl, "On the degree of ambiguity of finite automata".
 */
import { type Automaton, buildAutomaton } from "./pattern-automaton.js";
import { findCycles } from "./find-cycles.js";
import { assertsItsEnd, isAnchored, type Pattern } from "./pattern-syntax.js";

/** Steps of search after which a pattern counts as too complex: some tens of milliseconds. */
const stepLimit = 500_000;

/** So many ways to match one short text are too many. */
const wayLimit = 1000;

export class TooComplex extends Error {}

/** What is slow about a pattern, as the end of a sentence; undefined where nothing is. @throws TooComplex */
export function findAmbiguity(automaton: Automaton): string | undefined {
  if (automaton.repeatsEmpty) return "it repeats something that can be empty";
  const search = new AmbiguitySearch(automaton);
  for (const loop of search.loops(true)) {
    if (search.isExponential(loop)) return "a loop in it can match the same text in more than one way";
  }
  return search.polynomial() ?? search.crowded();
}

/** Any one character, before a pattern: a match that fails begins anew behind each. */
const ANY = "[^]";

/**
 * What is slow about looking for a pattern at every place of a text, as the end of a sentence: a run of characters is gone through from each
 * of its places, where a repeat can begin in its middle, and what must follow is not there. @throws TooComplex
 */
export function findRestarts(pattern: Pattern): string | undefined {
  if (isAnchored(pattern)) return undefined;
  const before: Pattern = { kind: "repeat", body: { kind: "set", source: ANY }, min: 0, max: Infinity };
  const automaton = buildAutomaton({ kind: "sequence", parts: [before, pattern] });
  const ends = new Set(assertsItsEnd(pattern) ? [] : automaton.last);
  if (!new AmbiguitySearch(automaton).restarts(ends)) return undefined;
  return "it may begin anywhere, and so goes through the text of a repeat from each place in it; begin it with ^";
}

class AmbiguitySearch {
  readonly #automaton: Automaton;
  /** By state: the characters that it matches, as numbers of classes of characters that no state tells apart. */
  readonly #classes: readonly ReadonlySet<number>[];
  #steps = 0;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#classes = characterClasses(automaton.sets);
  }

  /** The sets of states that can go round for ever; without loops that a count bounds, unless `counted`. */
  loops(counted: boolean): ReadonlySet<number>[] {
    const states = this.#automaton.sets.keys();
    const targets = (state: number) =>
      this.#next(state)
        .filter((edge) => counted || !edge.counted)
        .map((edge) => edge.to);
    return findCycles(states, targets).map(({ part }) => new Set(part));
  }

  /** Whether two different ways lead from a state of the loop back to it on one text. */
  isExponential(loop: ReadonlySet<number>): boolean {
    for (const state of loop) if (this.#next(state).some((edge) => edge.ways > 1 && loop.has(edge.to))) return true;
    const size = this.#automaton.sets.length;
    const backwards = new Map<number, number[]>();
    const reached = new Set<number>();
    for (const state of loop) reached.add(state * size + state);
    for (const pair of reached) {
      for (const next of this.#pairs(Math.floor(pair / size), pair % size, loop, loop)) {
        const to = next[0] * size + next[1];
        reached.add(to);
        const from = backwards.get(to);
        if (from === undefined) backwards.set(to, [pair]);
        else from.push(pair);
      }
    }
    const returning = new Set<number>();
    for (const state of loop) returning.add(state * size + state);
    for (const pair of returning) for (const from of backwards.get(pair) ?? []) returning.add(from);
    for (const pair of returning) if (Math.floor(pair / size) !== pair % size) return true;
    return false;
  }

  /** Loops that follow one another directly and share a text, or three of them in a row however far apart. */
  polynomial(): string | undefined {
    const loops = this.loops(false);
    const chain = new Map<ReadonlySet<number>, number>();
    const everywhere = new Set(this.#automaton.sets.keys());
    const after = new Map(loops.map((loop) => [loop, this.#reachable(loop)]));
    const inOrder = [...loops].sort((a, b) => (after.get(b)?.size ?? 0) - (after.get(a)?.size ?? 0));
    for (const [index, second] of inOrder.entries()) {
      let longest = 1;
      for (const first of inOrder.slice(0, index)) {
        if (![...second].some((state) => after.get(first)?.has(state))) continue;
        if (this.#share(first, second, new Set([...first, ...second])))
          return "two repeats that follow one another can match the same text";
        if (this.#share(first, second, everywhere)) longest = Math.max(longest, 1 + (chain.get(first) ?? 1));
      }
      if (longest >= 3) return "three repeats in a row can match the same text";
      chain.set(second, longest);
    }
    return undefined;
  }

  /**
   * Of a pattern behind a loop over anything, which is state 0: whether some text leads round another loop, and from the first to it as well.
   * @param ends who comes to one of these has matched.
   */
  restarts(ends: ReadonlySet<number>): boolean {
    const everywhere = new Set(this.#automaton.sets.keys());
    const start = new Set([0]);
    return this.loops(false).some((loop) => !loop.has(0) && ![...loop].some((state) => ends.has(state)) && this.#share(start, loop, everywhere));
  }

  /** Optional parts in such number that a run of one character can be shared out among them in a great many ways. */
  crowded(): string | undefined {
    const { sets, first } = this.#automaton;
    const classes = new Set(this.#classes.flatMap((held) => [...held]));
    for (const each of classes) {
      let ways = new Map(first.filter((state) => this.#classes[state]?.has(each)).map((state) => [state, 1]));
      for (let length = 1; length < sets.length && ways.size > 0; length++) {
        const longer = new Map<number, number>();
        for (const [state, count] of ways) {
          for (const edge of this.#next(state)) {
            this.#step();
            if (this.#classes[edge.to]?.has(each)) longer.set(edge.to, (longer.get(edge.to) ?? 0) + count * edge.ways);
          }
        }
        ways = longer;
        if (Math.max(0, ...ways.values()) > wayLimit)
          return "its optional parts can share out the same text in many ways";
      }
    }
    return undefined;
  }

  /** Whether one text leads round `first`, from it to `second` by way of `between`, and round `second`. */
  #share(first: ReadonlySet<number>, second: ReadonlySet<number>, between: ReadonlySet<number>): boolean {
    const size = this.#automaton.sets.length;
    for (const p of first) {
      for (const q of second) {
        const goal = (p * size + q) * size + q;
        const reached = new Set([(p * size + p) * size + q]);
        for (const triple of reached) {
          const c = triple % size;
          const b = Math.floor(triple / size) % size;
          const a = Math.floor(triple / size / size);
          for (const [nextA, nextB, shared] of this.#pairs(a, b, first, between)) {
            for (const { to } of this.#next(c)) {
              this.#step();
              if (second.has(to) && this.#overlap(to, shared)) reached.add((nextA * size + nextB) * size + to);
            }
          }
          if (reached.has(goal)) return true;
        }
      }
    }
    return false;
  }

  /** The pairs of states to which one character leads from two states, each within its bounds, and the classes of such characters. */
  *#pairs(
    a: number,
    b: number,
    withinA: ReadonlySet<number>,
    withinB: ReadonlySet<number>,
  ): Generator<[number, number, ReadonlySet<number>]> {
    for (const { to: nextA } of this.#next(a)) {
      if (!withinA.has(nextA)) continue;
      for (const { to: nextB } of this.#next(b)) {
        this.#step();
        if (!withinB.has(nextB)) continue;
        const shared = this.#shared(nextA, nextB);
        if (shared.size > 0) yield [nextA, nextB, shared];
      }
    }
  }

  #shared(a: number, b: number): ReadonlySet<number> {
    const classesA = this.#classes[a] ?? new Set<number>();
    const classesB = this.#classes[b] ?? new Set<number>();
    if (a === b) return classesA;
    return new Set([...classesA].filter((each) => classesB.has(each)));
  }

  #overlap(state: number, classes: ReadonlySet<number>): boolean {
    for (const each of this.#classes[state] ?? []) if (classes.has(each)) return true;
    return false;
  }

  #reachable(from: ReadonlySet<number>): ReadonlySet<number> {
    const reached = new Set(from);
    for (const state of reached) for (const { to } of this.#next(state)) reached.add(to);
    return reached;
  }

  #next(state: number) {
    return this.#automaton.edges[state] ?? [];
  }

  #step(): void {
    this.#steps += 1;
    if (this.#steps > stepLimit) throw new TooComplex();
  }
}

/** Characters outside of Latin-1 of all sorts, so that each property that a set may ask for has one that has it. */
const foreign = "ıſK€ŁżΩλЖяאبहあア漢字ﬁ１٣Ⅷ①̀\u200d\u2028\u2003\ue000\uffff😀𝒜𐍈🏽";

/** For each set, which classes of characters it holds. Two characters are of one class where every set holds both or neither. */
function characterClasses(sets: readonly string[]): ReadonlySet<number>[] {
  const distinct = [...new Set(sets)];
  const samples = new Set<string>(foreign);
  for (let code = 0; code < 256; code++) samples.add(String.fromCodePoint(code));
  for (const source of distinct) {
    const escapes = [...source.matchAll(/\\u\{?([\da-fA-F]+)\}?/g)].map((match) =>
      Number.parseInt(match[1] ?? "0", 16),
    );
    for (const code of [...source].map((character) => character.codePointAt(0) ?? 0).concat(escapes)) {
      for (const near of [code - 1, code, code + 1])
        if (near >= 0 && near <= 0x10ffff) samples.add(String.fromCodePoint(near));
    }
  }
  const expressions = distinct.map((source) => new RegExp(`^${source}$`, "u"));
  const classOf = new Map<string, number>();
  const held = new Map<string, Set<number>>(distinct.map((source) => [source, new Set()]));
  for (const sample of samples) {
    const members = distinct.filter((_, index) => expressions[index]?.test(sample));
    const key = members.join("\0");
    const number = classOf.get(key) ?? classOf.size;
    classOf.set(key, number);
    for (const source of members) held.get(source)?.add(number);
  }
  return sets.map((source) => held.get(source) ?? new Set());
}
