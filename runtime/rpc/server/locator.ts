/** What a server knows of the host that it is on, and tells clients that seem to be there too. */
import type { Peer } from "../../transport/transport.js";
import { byNearness, distanceOf } from "../address.js";
import { ID_BYTES } from "../call-id.js";
import type { Hello, Whereabouts } from "../protocol/handshake.js";
import { isOffered, markOf, MOST_ADDRESSES, proofOf, writeOffer } from "../protocol/nearness.js";
import type { Random } from "../random.js";

export interface LocatorOptions {
  /** The same for all processes of the host since it was started, and for no other; undefined where nothing is known to be so. */
  readonly identity: Uint8Array | undefined;
  readonly instanceId: Uint8Array;
  readonly random: Random;
  /** Where the server listens by now. */
  readonly addresses: () => readonly string[];
}

export class Locator {
  readonly #mark: Uint8Array | undefined;
  readonly #secret: Uint8Array | undefined;
  readonly #addresses: () => readonly string[];

  constructor({ identity, instanceId, random, addresses }: LocatorOptions) {
    this.#mark = identity === undefined ? undefined : markOf(identity, instanceId);
    this.#secret = identity === undefined ? undefined : random.bytes(ID_BYTES);
    this.#addresses = addresses;
  }

  /** Nobody who showed a certificate is led to a path where it would be somebody else. */
  tell(peer: Peer, { challenge }: Hello): Whereabouts {
    const [mark, secret] = [this.#mark, this.#secret];
    if (mark === undefined || secret === undefined) return {};
    const proof = challenge === undefined ? undefined : proofOf(secret, challenge);
    if (peer.onThisHost !== true || peer.certificate !== undefined) return { proof };
    const here = distanceOf(`${peer.transport}:`);
    const addresses = this.#addresses()
      .filter((address) => isOffered(address) && distanceOf(address) < here)
      .toSorted(byNearness)
      .slice(0, MOST_ADDRESSES);
    return addresses.length === 0 ? { proof } : { proof, offer: writeOffer({ mark, secret, addresses }) };
  }
}
