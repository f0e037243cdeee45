/** Feeds damaged values to generated decoders, and looks at what they make of them. */
import { isDeepStrictEqual } from "node:util";
import { type Generated, loadGenerated, type Subject } from "../load-generated.js";
import { sourcesOf } from "../random/model.js";
import { mutated, mutatedBytes, treeOf } from "../random/mutate.js";
import { randomProgram } from "../random/program.js";
import { Random } from "../random/random.js";
import { randomValue } from "../random/value.js";
import { type Payload, payloadsIn, printTree } from "../random/wire-tree.js";
import { hasSecondForm, hex, verdictOf } from "../reference/agreement.js";
import { Wire } from "../reference/layout.js";
import { zooSources } from "./zoo-sources.js";

interface Target {
  readonly subject: Subject;
  /** Whether some values may be accepted in two encodings. */
  readonly hasSecondForm: boolean;
  /** Values to begin with, and what was accepted since. */
  readonly corpus: Uint8Array[];
}

const MAX_CORPUS = 64;
const MAX_CORPUS_BYTES = 2048;
const LARGE_BYTES = 1 << 20;

export interface FuzzReport {
  readonly executions: number;
  readonly accepted: number;
  /** Of all large inputs, in milliseconds of CPU time for a MiB. */
  readonly slowestPerMiB: number;
}

export class DecoderFuzzer {
  readonly #random: Random;
  readonly #targets: readonly Target[];
  #executions = 0;
  #accepted = 0;
  #slowestPerMiB = 0;

  constructor(seed: number, generated: readonly Generated[]) {
    this.#random = new Random(seed);
    this.#targets = generated.flatMap(({ index, subjects }) =>
      subjects.map((subject) => ({
        subject,
        hasSecondForm: hasSecondForm(index, subject.root),
        corpus: Array.from({ length: 8 }, () => subject.codec.encode(randomValue(this.#random, index, subject.root))),
      })),
    );
  }

  get report(): FuzzReport {
    return { executions: this.#executions, accepted: this.#accepted, slowestPerMiB: this.#slowestPerMiB };
  }

  /** @throws Error with the type and the bytes, at the first that decoding does not answer as it must. */
  run(executions: number): void {
    for (const end = this.#executions + executions; this.#executions < end; this.#executions++) {
      const target = this.#random.pick(this.#targets);
      const bytes = this.#input(target.corpus);
      try {
        this.#execute(target, bytes);
      } catch (error) {
        const shown = bytes.length > 20_000 ? `${bytes.length} bytes` : hex(bytes);
        throw new Error(`${target.subject.name}, ${shown}: ${String(error)}`, { cause: error });
      }
    }
  }

  #input(corpus: readonly Uint8Array[]): Uint8Array {
    const seed = this.#random.pick(corpus);
    const kind = this.#random.below(10_000);
    if (kind === 0) return this.#large(seed);
    return kind < 800 ? mutated(this.#random, seed, corpus) : mutatedBytes(this.#random, seed, corpus);
  }

  /** A list of the seed with the same element again and again, up to a MiB; the seed where it has no list. */
  #large(seed: Uint8Array): Uint8Array {
    const tree = treeOf(seed);
    const lists = tree === undefined ? [] : [...payloadsIn(tree)].filter(hasItems);
    if (tree === undefined || lists.length === 0) return seed;
    const list = this.#random.pick(lists);
    const step = list.types.length;
    const at = step * this.#random.below(list.items.length / step);
    const again = list.items.slice(at, at + step);
    const size = Math.max(
      1,
      printTree({ wireType: Wire.MESSAGE, fields: again.map((payload) => ({ number: 1, payload })) }).length - 3,
    );
    list.items.splice(at, step, ...Array.from({ length: Math.min(LARGE_BYTES / size, 50_000) }, () => again).flat());
    return printTree(tree);
  }

  #execute(target: Target, bytes: Uint8Array): void {
    const { subject, corpus } = target;
    const isLarge = bytes.length > LARGE_BYTES / 16;
    const begin = isLarge ? cpuMs() : 0;
    const verdict = verdictOf(subject, bytes);
    if (isLarge) this.#slowestPerMiB = Math.max(this.#slowestPerMiB, ((cpuMs() - begin) / bytes.length) * (1 << 20));
    if ("refused" in verdict) return;
    this.#accepted++;
    const again = subject.codec.encode(verdict.value);
    if (!isSame(again, bytes)) {
      if (!target.hasSecondForm) throw new Error(`it is accepted, but its canonical form is ${hex(again)}`);
      const read = subject.codec.decode(again);
      if (!isDeepStrictEqual(read, verdict.value)) throw new Error(`its other form ${hex(again)} has another value`);
      if (!isSame(subject.codec.encode(read), again)) throw new Error(`its other form ${hex(again)} is not stable`);
    }
    if (bytes.length > MAX_CORPUS_BYTES) return;
    if (corpus.length < MAX_CORPUS) corpus.push(bytes);
    else corpus[this.#random.below(MAX_CORPUS)] = bytes;
  }
}

function hasItems(payload: Payload): payload is Extract<Payload, { wireType: 6 }> {
  return payload.wireType === Wire.LIST && payload.items.length > 0;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** The schema of the end-to-end tests, which has every construct, and random ones. */
export async function fuzzedSchemas(seed: number, randomOnes: number): Promise<Generated[]> {
  const random = Array.from({ length: randomOnes }, (_, at) => sourcesOf(randomProgram(new Random(seed + at))));
  return Promise.all([zooSources(), ...random].map(loadGenerated));
}

/** CPU time, for a process that is nice waits for others, and that says nothing of the decoder. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
