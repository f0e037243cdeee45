/** Addresses, and which transport each of them needs. */
import { transportFor } from "../transport/address.js";
import type { Dialler } from "../transport/blocking.js";
import { messageOf, RpcError } from "./errors.js";

/** As users give it: in writing, or the object itself, such as a worker or a port. */
export type Address = string | object;

/** @throws RpcError INVALID_ARGUMENT for an object that no transport takes for an address. */
export function writtenAddress(address: Address, transports: readonly Dialler[]): string {
  if (typeof address === "string") return address;
  for (const transport of isObject(address) ? transports : []) {
    const name = transport.nameOf?.(address);
    if (name !== undefined) return name;
  }
  const message = "an address is a text such as tcp://127.0.0.1:4000, a worker, or a port of one";
  throw new RpcError({ code: "INVALID_ARGUMENT", executed: "no", message });
}

function isObject(address: unknown): boolean {
  return (typeof address === "object" && address !== null) || typeof address === "function";
}

/** An address with the transport that can reach it. */
export interface Route {
  readonly address: string;
  readonly transport: Dialler;
}

export function schemeOf(address: string): string {
  return /^[a-z][a-z0-9+.-]*(?=:)/.exec(address)?.[0] ?? "";
}

/** What a message says of an address, without the address: most transports write it before, as it was written or in quotes. */
export function unplaced(message: string, address: string): string {
  const place = [address, JSON.stringify(address)].find((name) => message.startsWith(`${name}: `));
  return place === undefined ? message : message.slice(place.length + 2);
}

/** Ways within the host, from near to far. None of a row leads to another of it; what is tried first of it stands first. */
const LOCAL_SCHEMES: readonly (readonly string[])[] = [["inproc"], ["port"], ["shm", "unix"], ["stdio", "pipe"]];
const LOOPBACK = /^[a-z][a-z0-9]*:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::|\/|$)/;

/** Whether the peer is surely on this host. */
export function isIntraHost(address: string): boolean {
  return distanceOf(address) < LOCAL_SCHEMES.length || LOOPBACK.test(address);
}

/** 0 for the nearest; for comparison alone. */
export function distanceOf(address: string): number {
  const row = LOCAL_SCHEMES.findIndex((schemes) => schemes.includes(schemeOf(address)));
  return row < 0 ? LOCAL_SCHEMES.length : row;
}

/** Orders ways within the host by what is tried first. */
export function byNearness(a: string, b: string): number {
  const order = LOCAL_SCHEMES.flat();
  return order.indexOf(schemeOf(a)) - order.indexOf(schemeOf(b));
}

/** @throws RpcError INVALID_ARGUMENT, with what was probably meant, if no transport is known for it. */
export function transportOf<T extends Dialler>(address: string, transports: readonly T[]): T {
  try {
    return transportFor(address, transports);
  } catch (error) {
    throw new RpcError({ code: "INVALID_ARGUMENT", executed: "no", message: messageOf(error) });
  }
}

/**
 * The addresses in the order in which they are tried.
 * @param prefer schemes to try before others, best first.
 * @param only schemes outside of which none is tried.
 * @throws RpcError INVALID_ARGUMENT if none is left, or one has no transport.
 */
export function routesTo(
  addresses: readonly string[],
  transports: readonly Dialler[],
  prefer: readonly string[] = [],
  only?: readonly string[],
): readonly [Route, ...Route[]] {
  const rank = (address: string): number => {
    const index = prefer.indexOf(schemeOf(address));
    return index < 0 ? prefer.length : index;
  };
  const wanted = addresses.filter((address) => only === undefined || only.includes(schemeOf(address)));
  const [first, ...others] = wanted
    .toSorted((a, b) => rank(a) - rank(b))
    .map((address) => ({ address, transport: transportOf(address, transports) }));
  if (first !== undefined) return [first, ...others];
  const why =
    addresses.length === 0 ? "no address was given" : `none of ${addresses.join(", ")} is allowed by \`only\``;
  throw new RpcError({ code: "INVALID_ARGUMENT", executed: "no", message: why });
}
