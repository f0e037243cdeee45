/**
 * The way up: to a nearer address of the same server, where it says on the client's own host that it has one. What is
 * found wanting is left alone for a while, and tried again.
 */
import { transportFor } from "../../transport/address.js";
import type { Dialler } from "../../transport/blocking.js";
import { sameBytes } from "../../wire/same-bytes.js";
import { byNearness, distanceOf, schemeOf, type Route } from "../address.js";
import { ID_BYTES } from "../call-id.js";
import { messageOf } from "../errors.js";
import { FrameError, FrameReader } from "../frame-reader.js";
import { isOffered, markOf, proofOf, readOffer, type Offer } from "../protocol/nearness.js";
import type { Random } from "../random.js";
import { Timeout, type Timers } from "../timers.js";
import type { ClientSession } from "./client-session.js";
import { reconnectDelayMs } from "./reconnect.js";

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

/** Where a channel stands: with a session, by a route. */
export interface Standing {
  readonly session: ClientSession;
  readonly route: Route;
}

/** Who is led up. */
export interface Climber {
  /** Where it stands now; undefined while it stands nowhere. */
  standing(): Standing | undefined;
  /** Calls back once. */
  dial(route: Route, challenge: Uint8Array, opened: (session: ClientSession) => void, failed: (error: unknown) => void): void;
  /** Takes the upper session in the place of the lower, if that is still where it stands; otherwise closes the upper. */
  moveUp(lower: ClientSession, upper: Standing): void;
}

export class Ascent {
  readonly #options: AscentOptions;
  readonly #again: Timeout;
  #climber: Climber | undefined;
  #climbing = false;
  #closed = false;
  #failures = 0;
  #notBefore = -Infinity;
  #passedOver: readonly PassedOver[] = [];

  constructor(options: AscentOptions) {
    this.#options = options;
    this.#again = new Timeout(() => this.climb(), false);
  }

  get passedOver(): readonly PassedOver[] {
    return this.#passedOver;
  }

  lead(climber: Climber): void {
    this.#climber = climber;
  }

  /** There may be a way up by now; who has just connected goes on first. */
  lookSoon(): void {
    const { timers } = this.#options;
    timers.set(this.#again, timers.clock.now());
  }

  /** Moves to a nearer address of the server, if it has one that works; calls in flight end where they are. */
  climb(): void {
    const climber = this.#climber;
    const lower = climber?.standing();
    if (climber === undefined || lower === undefined || this.#climbing) return;
    const { offer: offered, instanceId } = lower.session;
    const offer = offered && this.#credible(offered, instanceId);
    const routes = offer === undefined ? [] : this.#routes(offer, lower.route);
    if (offer === undefined || routes.length === 0) return;
    this.#climbing = true;
    this.#first(routes, offer.secret, climber, (upper) => {
      this.#climbing = false;
      if (upper !== undefined) climber.moveUp(lower.session, upper);
      else if (!this.#closed) this.#holdBack();
    });
  }

  /** What was had broke; `held` if not at once. */
  broke(address: string, error: unknown, held: boolean): void {
    this.#passOver(address, messageOf(error));
    if (held) this.#failures = 0;
    else this.#holdBack();
  }

  close(): void {
    this.#closed = true;
    this.#options.timers.clear(this.#again);
  }

  /** The first where the server that made the offer is, or undefined. */
  #first([route, ...others]: readonly Route[], secret: Uint8Array, climber: Climber, done: (upper: Standing | undefined) => void): void {
    if (route === undefined) return done(undefined);
    const challenge = this.#options.random.bytes(ID_BYTES);
    const passOver = (why: string): void => {
      this.#passOver(route.address, why);
      this.#first(others, secret, climber, done);
    };
    climber.dial(
      route,
      challenge,
      (session) => {
        if (session.proof !== undefined && sameBytes(session.proof, proofOf(secret, challenge))) return done({ session, route });
        session.close();
        passOver("another server than the one that offered it is there");
      },
      (error) => passOver(messageOf(error)),
    );
  }

  /** It is of this host, and it is time. */
  #credible(offered: Uint8Array, instanceId: Uint8Array): Offer | undefined {
    const { identity, timers } = this.#options;
    const offer = timers.clock.now() < this.#notBefore ? undefined : offerIn(offered);
    return offer !== undefined && sameBytes(markOf(identity, instanceId), offer.mark) ? offer : undefined;
  }

  /** What the offer has that is nearer than the route in use, and that the user wants at least as much; what is wanted most first, then what is nearest. */
  #routes(offer: Offer, from: Route): readonly Route[] {
    this.#passedOver = [];
    return offer.addresses
      .filter((address) => distanceOf(address) < distanceOf(from.address))
      .toSorted((a, b) => this.#rank(a) - this.#rank(b) || byNearness(a, b))
      .flatMap((address) => this.#route(address, from));
  }

  /** None of them could be had, or what was had broke at once: later perhaps. */
  #holdBack(): void {
    const { timers, random } = this.#options;
    this.#failures += 1;
    this.#notBefore = timers.clock.now() + reconnectDelayMs(this.#failures, false, random);
    timers.set(this.#again, this.#notBefore);
  }

  #route(address: string, from: Route): Route[] {
    const { only, transports } = this.#options;
    // An address can be a command, and only the user says which of those are run.
    if (!isOffered(address)) {
      this.#passOver(address, "no server leads there");
      return [];
    }
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
