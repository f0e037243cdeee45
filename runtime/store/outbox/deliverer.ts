/** Runs what stands in an outbox: at least once, and in order for each key. */
import { checkNames, type NamesOf } from "../../wire/known-names.js";
import { show } from "../../wire/errors.js";
import type { Outbox, OutboxEntry } from "./outbox.js";

export interface DelivererOptions {
  /** Keys that are delivered at a time. Default: 8. */
  readonly concurrency?: number;
  /** How long to wait before looking again when there was nothing to do, in milliseconds. Default: 200. */
  readonly pollMs?: number;
  /**
   * How long a delivery may take, in milliseconds; then its signal aborts, it counts as failed, and another server may begin the same one.
   * Default: 60,000. Of this, and of every time here, more than 24.8 days are 24.8 days.
   */
  readonly timeoutMs?: number;
  /** The pause after the first failure, in milliseconds, doubled by each further one, less up to a half by chance. Default: 100. */
  readonly baseDelayMs?: number;
  /** Default: 60,000. */
  readonly maxDelayMs?: number;
  /**
   * Asked after each failure; with `true` the entry is dropped, and the next one of its key has its turn. Default: never, for
   * what stands behind it may rest on it.
   */
  readonly giveUp?: (entry: OutboxEntry, error: unknown) => boolean | Promise<boolean>;
  /** Told of each failure, and when the store cannot be reached. What it throws is lost. Default: nobody. */
  readonly onError?: (error: unknown, entry?: OutboxEntry) => void;
}

const NUMBERS = { concurrency: 8, pollMs: 200, timeoutMs: 60_000, baseDelayMs: 100, maxDelayMs: 60_000 } as const;
const NAMES: NamesOf<DelivererOptions> = { ...NUMBERS, giveUp: 0, onError: 0 };

/** Longer delays overflow the 31 bits that hosts keep them in, and would be none at all. */
const MOST = 0x7fff_ffff;

/** Resolves when the receiver has it. The receiver should keep `entry.id`: after a crash it is asked again. */
export type Deliver = (entry: OutboxEntry, signal: AbortSignal) => Promise<void>;

export interface Deliverer {
  /** Takes no more entries, and waits for the deliveries under way. */
  close(): Promise<void>;
}

/**
 * Begins to deliver. Any number of servers may, if the store is shared.
 * @throws TypeError for an unknown option, or a number that is none, or with which nothing would ever be delivered.
 */
export function deliverOutbox<Entry extends OutboxEntry>(outbox: Outbox<never, Entry>, deliver: Deliver, options: DelivererOptions = {}): Deliverer {
  checkNames("deliverOutbox", options, NAMES);
  const running = new RunningDeliverer(outbox, deliver, options, numbersOf(options));
  return { close: () => running.close() };
}

type Numbers = Record<keyof typeof NUMBERS, number>;

/** Whole numbers that timers and databases take. */
function numbersOf(options: DelivererOptions): Numbers {
  const numbers: Numbers = { ...NUMBERS };
  for (const name of Object.keys(NUMBERS) as (keyof Numbers)[]) {
    const [given, least] = [options[name] ?? NUMBERS[name], name === "concurrency" ? 1 : 0];
    if (!(typeof given === "number" && given >= least)) throw new TypeError(`deliverOutbox: \`${name}\` is ${show(given)}, not a number from ${least} up`);
    numbers[name] = Math.floor(Math.min(given, MOST));
  }
  return numbers;
}

class RunningDeliverer<Entry extends OutboxEntry> {
  readonly #outbox: Outbox<never, Entry>;
  readonly #deliver: Deliver;
  readonly #options: DelivererOptions;
  readonly #numbers: Numbers;
  readonly #underWay = new Set<Promise<void>>();
  readonly #loop: Promise<void>;
  #closed = false;
  /** Something ended since it was last looked for entries. */
  #ended = false;
  #wake = (): void => {};

  constructor(outbox: Outbox<never, Entry>, deliver: Deliver, options: DelivererOptions, numbers: Numbers) {
    this.#outbox = outbox;
    this.#deliver = deliver;
    this.#options = options;
    this.#numbers = numbers;
    this.#loop = this.#run();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#loop;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    const { concurrency, pollMs } = this.#numbers;
    while (!this.#closed) {
      this.#ended = false;
      const free = concurrency - this.#underWay.size;
      const entries = free > 0 ? await this.#claim(free) : [];
      for (const entry of entries) {
        const delivery = this.#one(entry).finally(() => {
          this.#underWay.delete(delivery);
          this.#ended = true;
          this.#wake();
        });
        this.#underWay.add(delivery);
      }
      if (entries.length === 0 && !this.#closed && !this.#ended) await this.#rest(pollMs);
    }
  }

  /** Until something ends, or the time is over. */
  #rest(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #claim(limit: number): Promise<Entry[]> {
    try {
      return await this.#outbox.claim(limit, this.#numbers.timeoutMs);
    } catch (error) {
      this.#tell(error);
      return [];
    }
  }

  /** Never rejects: what could not be noted down is done again when the claim has run out. */
  async #one(entry: Entry): Promise<void> {
    try {
      const failure = await this.#attempt(entry);
      if (failure === undefined || (await this.#options.giveUp?.(entry, failure.error))) await this.#outbox.remove(entry);
      else await this.#outbox.putOff(entry, this.#delay(entry.attempt));
    } catch (error) {
      this.#tell(error, entry);
    }
  }

  async #attempt(entry: Entry): Promise<{ readonly error: unknown } | undefined> {
    const { timeoutMs } = this.#numbers;
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    // Who does not listen to the signal must not hold a place among the deliveries for ever.
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`The delivery took longer than ${timeoutMs} ms.`);
        controller.abort(error);
        reject(error);
      }, timeoutMs);
    });
    try {
      await Promise.race([this.#deliver(entry, controller.signal), late]);
      return undefined;
    } catch (error) {
      this.#tell(error, entry);
      return { error };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Who only listens must not end the deliveries. */
  #tell(error: unknown, entry?: Entry): void {
    try {
      this.#options.onError?.(error, entry);
    } catch {}
  }

  #delay(attempt: number): number {
    const { baseDelayMs, maxDelayMs } = this.#numbers;
    return Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1)) * (1 - Math.random() / 2);
  }
}
