/** The hostile-peer suite over every transport that carries a byte stream. */
import { describe } from "vitest";
import { ALL } from "./all.js";
import { hostilePeer } from "./hostile-peer.js";

for (const row of ALL) {
  const { name, connectRaw } = row;
  if (connectRaw !== undefined) describe(name, () => hostilePeer(row, connectRaw));
}
