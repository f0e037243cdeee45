/**
 * The way up: to a nearer address of the same server, where it says on the client's own host that it has one. What is
 * found wanting is left alone for a while, and tried again.
 */
import { schemeOf, type Route } from "./address.js";
import { transportFor } from "../transport/address.js";
import type { Dialler } from "../transport/blocking.js";
import { messageOf } from "./errors.js";
import { FrameError, FrameReader } from "./frame-reader.js";
import { distanceOf, isSame, markOf, proofOf, readOffer, type Offer } from "./nearness.js";
import type { Random } from "./random.js";
import { reconnectDelayMs } from "./reconnect.js";
import { Timeout, type Timers } from "./timers.js";

export interface AscentOptions {
  /** What all processes of this host have in common. */
  readonly identity: Uint8Array;
  readonly transports: readonly Dialler[];
  readonly prefer: readonly string[];
  readonly only: readonly string[] | undefined;
  readonly timers: Timers;
  readonly random: Random;
}

/** Made by entries of platforms where there is something nearer to be found. */
export type MakeAscent = (options: Omit<AscentOptions, "identity">) => Ascent;

export function makeAscent(identity: Uint8Array | undefined): MakeAscent | undefined {
  return identity === undefined ? undefined : (options) => new Ascent({ ...options, identity });
}

/** An address that was offered and is not used. */
export interface PassedOver {
  readonly address: string;
  readonly why: string;
}

export class Ascent {
  readonly #options: AscentOptions;
  readonly #again: Timeout;
  #onAgain = (): void => {};
  #failures = 0;
  #notBefore = -Infinity;
  #passedOver: readonly PassedOver[] = [];
  #secret: Uint8Array = new Uint8Array();

  constructor(options: AscentOptions) {
    this.#options = options;
    this.#again = new Timeout(() => this.#onAgain(), false);
  }

  /** @param look whether there is a way up by now: called when it is time. */
  onAgain(look: () => void): void {
    this.#onAgain = look;
  }

  /** There may be one by now; who has just connected goes on first. */
  lookSoon(): void {
    const { timers } = this.#options;
    timers.set(this.#again, timers.clock.now());
  }

  get passedOver(): readonly PassedOver[] {
    return this.#passedOver;
  }

  /** What the offer has that is nearer than the route in use, and that the user wants at least as much; what is wanted most first, then what is nearest. */
  routes(offered: Uint8Array, instanceId: Uint8Array, from: Route): readonly Route[] {
    const { identity, timers } = this.#options;
    const offer = offerIn(offered);
    if (offer === undefined || timers.clock.now() < this.#notBefore) return [];
    if (!isSame(markOf(identity, instanceId), offer.mark)) return [];
    this.#secret = offer.secret;
    this.#passedOver = [];
    return offer.addresses
      .filter((address) => distanceOf(address) < distanceOf(from.address))
      .toSorted((a, b) => this.#rank(a) - this.#rank(b) || distanceOf(a) - distanceOf(b))
      .flatMap((address) => this.#route(address, from));
  }

  /** Whether the server that answered is the one that made the offer. */
  isProven(challenge: Uint8Array, proof: Uint8Array | undefined): boolean {
    return isSame(proofOf(this.#secret, challenge), proof);
  }

  /** One of them could not be had. */
  failed(address: string, error: unknown): void {
    this.#passOver(address, messageOf(error));
  }

  /** None of them could be had, or what was had broke at once: later perhaps. */
  holdBack(): void {
    const { timers, random } = this.#options;
    this.#failures += 1;
    this.#notBefore = timers.clock.now() + reconnectDelayMs(this.#failures, false, random);
    timers.set(this.#again, this.#notBefore);
  }

  /** What was had broke; `held` if not at once. */
  broke(address: string, error: unknown, held: boolean): void {
    this.failed(address, error);
    if (held) this.#failures = 0;
    else this.holdBack();
  }

  close(): void {
    this.#options.timers.clear(this.#again);
  }

  #route(address: string, from: Route): Route[] {
    const { only, transports } = this.#options;
    if (only !== undefined && !only.includes(schemeOf(address))) {
      this.#passOver(address, "`only` leaves it out");
      return [];
    }
    if (this.#rank(address) > this.#rank(from.address)) {
      this.#passOver(address, "`prefer` has others before it");
      return [];
    }
    try {
      return [{ address, transport: transportFor(address, transports) }];
    } catch (error) {
      this.#passOver(address, messageOf(error));
      return [];
    }
  }

  /** 0 for what `prefer` has first; what it does not name comes last. */
  #rank(address: string): number {
    const { prefer } = this.#options;
    const rank = prefer.indexOf(schemeOf(address));
    return rank < 0 ? prefer.length : rank;
  }

  #passOver(address: string, why: string): void {
    this.#passedOver = [...this.#passedOver.filter((each) => each.address !== address), { address, why }];
  }
}

/** One that makes no sense is none: it only informs. */
function offerIn(bytes: Uint8Array): Offer | undefined {
  try {
    return readOffer(new FrameReader(bytes));
  } catch (error) {
    if (error instanceof FrameError) return undefined;
    throw error;
  }
}
