/**
 * The way up: to a nearer address of the same server, where it says on the client's own host that it has one. What is
 * found wanting is left alone for a while, and tried again.
 */
import { schemeOf, type Route } from "./address.js";
import { transportFor } from "../transport/address.js";
import type { Transport } from "../transport/transport.js";
import { messageOf } from "./errors.js";
import { distanceOf, isSame, markOf, type Offer } from "./nearness.js";
import type { Random } from "./random.js";
import { reconnectDelayMs } from "./reconnect.js";
import { Timeout, type Timers } from "./timers.js";

export interface AscentOptions {
  /** What all processes of this host have in common. */
  readonly identity: Uint8Array;
  readonly transports: readonly Transport[];
  readonly prefer: readonly string[];
  readonly only: readonly string[] | undefined;
  readonly timers: Timers;
  readonly random: Random;
}

/** An address that was offered and is not used. */
export interface PassedOver {
  readonly address: string;
  readonly why: string;
}

export class Ascent {
  readonly #options: AscentOptions;
  readonly #again: Timeout;
  #failures = 0;
  #notBefore = -Infinity;
  #passedOver: readonly PassedOver[] = [];

  /** @param again looks once more whether there is a way up. */
  constructor(options: AscentOptions, again: () => void) {
    this.#options = options;
    this.#again = new Timeout(again, false);
  }

  get passedOver(): readonly PassedOver[] {
    return this.#passedOver;
  }

  /** What the offer has that is nearer than the route in use, and that the user wants at least as much; nearest first. */
  routes(offer: Offer | undefined, instanceId: Uint8Array, from: Route): readonly Route[] {
    const { identity, timers } = this.#options;
    if (offer === undefined || timers.clock.now() < this.#notBefore) return [];
    if (!isSame(markOf(identity, instanceId), offer.mark)) return [];
    this.#passedOver = [];
    return offer.addresses
      .filter((address) => distanceOf(address) < distanceOf(from.address))
      .toSorted((a, b) => distanceOf(a) - distanceOf(b))
      .flatMap((address) => this.#route(address, from));
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
    const { only, prefer, transports } = this.#options;
    const rank = (scheme: string): number => (prefer.includes(scheme) ? prefer.indexOf(scheme) : prefer.length);
    const scheme = schemeOf(address);
    if (only !== undefined && !only.includes(scheme)) {
      this.#passOver(address, "`only` leaves it out");
      return [];
    }
    if (rank(scheme) > rank(schemeOf(from.address))) {
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

  #passOver(address: string, why: string): void {
    this.#passedOver = [...this.#passedOver.filter((each) => each.address !== address), { address, why }];
  }
}
