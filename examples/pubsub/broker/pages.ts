/**
 * Lists in pages: by name, each page beginning behind the last name of the one before, whatever came or went
 * meanwhile.
 */
import { InvalidArgument } from "../gen/errors.js";

export interface PageRequest {
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface Page<T> {
  readonly items: T[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

const DEFAULT_PAGE_SIZE = 100;

/** @throws InvalidArgument for a token that is not one of ours. */
export function pageOf<T>(all: Iterable<T>, nameOf: (item: T) => string, request: PageRequest): Page<T> {
  const after = readToken(request.pageToken);
  const size = request.pageSize !== undefined && request.pageSize > 0 ? request.pageSize : DEFAULT_PAGE_SIZE;
  const rest = [...all]
    .map((item) => ({ item, name: nameOf(item) }))
    .filter(({ name }) => name > after)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const nextPageToken =
    last !== undefined && rest.length > size ? Buffer.from(`after:${last.name}`).toString("base64url") : "";
  return { items: page.map(({ item }) => item), nextPageToken };
}

function readToken(token: string | undefined): string {
  if (token === undefined || token === "") return "";
  const text = Buffer.from(token, "base64url").toString();
  if (!text.startsWith("after:"))
    throw new InvalidArgument({ field: "pageToken", message: "The page token is not one that this server made." });
  return text.slice("after:".length);
}
