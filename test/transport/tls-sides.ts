/** What the two ends of a test's connection over TLS know: one authority, a server and a client, the same in the child processes of a test. */
import { certificate } from "./certificates.js";

export interface TestSides {
  readonly server: { readonly cert: string; readonly key: string; readonly ca: string };
  readonly client: { readonly cert: string; readonly key: string; readonly ca: string };
}

/** Children inherit the environment. */
const VARIABLE = "RPCGEN_TEST_TLS";

export function testSides(): TestSides {
  const text = (process.env[VARIABLE] ??= JSON.stringify(make()));
  return JSON.parse(text) as TestSides;
}

function make(): TestSides {
  const authority = certificate({ commonName: "test authority", authority: true });
  const { cert: ca } = authority;
  const server = certificate({ commonName: "server", signer: authority, names: [["DNS", "localhost"], ["IP", "127.0.0.1"]] });
  const client = certificate({ commonName: "orders", signer: authority, names: [["URI", "spiffe://example.org/orders"]] });
  return {
    server: { cert: server.cert, key: server.key, ca },
    client: { cert: client.cert, key: client.key, ca },
  };
}
