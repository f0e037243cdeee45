/** What TLS is for: who is trusted, who is not and what each is told, and certificates that are renewed while the server runs. */
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect, type RpcError, serve, TrustError, type Channel, type ConnectOptions, type Peer, type ServeOptions, type TlsServerOptions } from "../../runtime/index.js";
import { altNamesOf } from "../../runtime/transport/sockets/alt-names.js";
import { descriptor, failureOf, methods } from "../runtime/test-service.js";
import { certificate, fingerprintOf, type Certificate, type Wanted } from "./certificates.js";

const LOCALHOST = [["DNS", "localhost"], ["IP", "127.0.0.1"]] as const;
const authority = certificate({ commonName: "authority", authority: true });
const stranger = certificate({ commonName: "stranger", authority: true });

function issued(wanted: Partial<Wanted> = {}): Certificate {
  return certificate({ commonName: "somebody", signer: authority, names: LOCALHOST, ...wanted });
}

async function served(tls: ServeOptions["tls"], options: Partial<ServeOptions> = {}): Promise<string> {
  const server = await serve({
    listen: "tls://127.0.0.1:0",
    services: [{ descriptor, handlers: { echo: (value: unknown) => value } }],
    tls,
    ...options,
  });
  onTestFinished(() => server.close({ graceMs: 0 }));
  return server.addresses[0] ?? "";
}

async function connected(address: string, tls: ConnectOptions["tls"]): Promise<Channel> {
  const channel = await connect(address, { tls });
  onTestFinished(() => channel.close());
  return channel;
}

/** What `connect` fails with, and the TrustError behind it. */
async function distrust(address: string, tls: ConnectOptions["tls"]): Promise<{ error: RpcError; fault: string | undefined }> {
  const error = await failureOf(connect(address, { tls }));
  return { error, fault: error.cause instanceof TrustError ? error.cause.fault : undefined };
}

describe("a client over TLS", () => {
  const ca = authority.cert;

  it("calls a server whose certificate it can verify, by name or by number", async () => {
    const address = await served(issued());
    for (const each of [address, address.replace("127.0.0.1", "localhost")]) {
      const channel = await connected(each, { ca });
      expect(await channel.unary(methods.echo, "hello")).toBe("hello");
      expect(channel.path.transport).toBe("tls");
    }
  });

  it.each([
    ["expired", { to: -0.5 }, "has expired; its owner must renew it"],
    ["notYetValid", { from: 1 }, "is not valid yet; compare the clocks"],
    ["otherName", { names: [["DNS", "orders.example.org"]] }, "dial one of them, or say which one is meant as `tls.servername`"],
    ["unknownAuthority", { signer: stranger }, "give the authority's certificate as `tls.ca`"],
    ["invalid", { usage: "1.3.6.1.5.5.7.3.2" }, "not meant for this use"],
  ] as const)("does not call one whose certificate is %s, and is told so", async (expected, wanted, remedy) => {
    const address = await served(issued(wanted));
    const { error, fault } = await distrust(address, { ca });
    expect(fault).toBe(expected);
    expect(error).toMatchObject({ code: "UNAUTHENTICATED", executed: "no" });
    expect(error.message).toContain(address);
    expect(error.message).toContain(remedy);
  });

  it("lists the names of a certificate that is for others", async () => {
    const address = await served(issued({ names: [["DNS", "orders.example.org"]] }));
    expect((await distrust(address, { ca })).error.message).toContain("DNS:orders.example.org");
    await connected(address, { ca, servername: "orders.example.org" });
  });

  it("takes a certificate that signed itself only if it is given as the authority", async () => {
    const own = certificate({ commonName: "self", names: LOCALHOST });
    const address = await served(own);
    expect((await distrust(address, {})).fault).toBe("unknownAuthority");
    await connected(address, { ca: own.cert });
  });

  it("fails its calls at once when the certificate expires between two connections", async () => {
    let tls: TlsServerOptions = issued();
    const address = await served(() => tls);
    const channel = await connected(address, { ca });
    expect(await channel.unary(methods.echo, 1)).toBe(1);
    tls = issued({ to: -0.5 });
    const second = failureOf(connect(address, { tls: { ca } }));
    expect((await second).message).toContain("certificate is not trusted");
    tls = issued();
    expect(await (await connected(address, { ca })).unary(methods.echo, 2)).toBe(2);
    expect(await channel.unary(methods.echo, 3)).toBe(3);
  });

  it("is told when what answers does not speak TLS", async () => {
    const server = await serve({ listen: "tcp://127.0.0.1:0", services: [] });
    onTestFinished(() => server.close({ graceMs: 0 }));
    const error = await failureOf(connect((server.addresses[0] ?? "").replace("tcp:", "tls:"), { tls: { ca } }));
    expect(error).toMatchObject({ code: "UNAVAILABLE" });
    expect(error.message).toContain("is it served as tcp:");
  });

  it("needs an address that uses it", async () => {
    const error = await failureOf(connect("tcp://127.0.0.1:1", { tls: { ca } }));
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(error.message).toContain("write tls://, wss://, h2s:// or https://");
    await expect(served(issued(), { listen: "tcp://127.0.0.1:0" })).rejects.toThrow(/listen on tls:/);
  });

  it("is told what is wrong with its own key", async () => {
    const { cert, key } = issued();
    const address = await served(issued());
    for (const [tls, remedy] of [
      [{ cert }, "`tls.key` is missing"],
      [{ key }, "`tls.cert` is missing"],
      [{ cert, key: issued().key }, "`key` is not the key of `cert`"],
      [{ cert: "client.pem", key }, "give the content of the file, not its name"],
    ] as const) {
      const { error, fault } = await distrust(address, tls);
      expect(fault).toBe("ownCertificate");
      expect(error.message).toContain(remedy);
    }
  });
});

describe("a server over TLS", () => {
  const ca = authority.cert;

  it.each([
    ["no certificate", undefined, "give `tls: { cert, key }` to `serve`"],
    ["names of files", { cert: "server.pem", key: "server.key" }, "give the content of the file, not its name"],
    ["nobody to vouch for clients", { ...issued(), clientCertificates: "required" }, "`tls.ca` is missing"],
    ["another's key", { ...issued(), key: issued().key }, "`key` is not the key of `cert`"],
  ] as const)("does not start with %s", async (_, tls, remedy) => {
    await expect(served(tls)).rejects.toThrow(remedy);
    await expect(served(tls)).rejects.toThrow("tls://127.0.0.1:0: ");
  });

  it("knows a client by the certificate that it verified, and gives it to `authenticate`", async () => {
    const peers: Peer[] = [];
    const authenticate = (_headers: unknown, peer: Peer): unknown => {
      peers.push(peer);
      return peer.certificate?.commonName;
    };
    const address = await served({ ...issued(), ca }, { authenticate });
    const own = issued({ commonName: "orders", names: [["URI", "spiffe://example.org/orders"], ["DNS", "orders.example.org"]], to: 5 });
    const channel = await connected(address, { ...own, ca });
    expect(await channel.unary(methods.echo, 1)).toBe(1);
    expect(peers[0]).toMatchObject({
      transport: "tls",
      certificate: {
        commonName: "orders",
        altNames: ["URI:spiffe://example.org/orders", "DNS:orders.example.org"],
        fingerprint: fingerprintOf(own),
      },
    });
    expect(Math.abs((peers[0]?.certificate?.validTo.getTime() ?? 0) - Date.now() - 5 * 86_400_000)).toBeLessThan(60_000);
  });

  it.each([
    ["shows none", undefined, "a client certificate is required; give `tls: { cert, key }`"],
    ["shows one that has expired", { to: -0.5 }, "client's certificate is not trusted: it has expired"],
    ["shows one of an authority that it does not know", { signer: stranger }, "client's certificate is not trusted: nobody"],
    ["shows one that it signed itself", { signer: undefined }, "client's certificate is not trusted: nobody"],
  ] as const)("refuses a client that %s, and tells it what is wrong", async (_, wanted, why) => {
    let calls = 0;
    const address = await served({ ...issued(), ca }, { authenticate: () => calls++ });
    const own = wanted === undefined ? {} : certificate({ commonName: "x", signer: authority, ...wanted } as Wanted);
    const { error } = await distrust(address, { ...own, ca });
    expect(error).toMatchObject({ code: "UNAUTHENTICATED", executed: "no" });
    expect(error.message).toContain(why);
    expect(calls).toBe(0);
    await connected(address, { ...issued(), ca });
  });

  it("lets in who shows none where certificates are optional, but nobody whose certificate is wrong", async () => {
    const seen: unknown[] = [];
    const address = await served(
      { ...issued(), ca, clientCertificates: "optional" },
      { authenticate: (_headers, { certificate: shown }) => void seen.push(shown?.commonName) },
    );
    await (await connected(address, { ca })).unary(methods.echo, 1);
    await (await connected(address, { ...issued({ commonName: "known" }), ca })).unary(methods.echo, 1);
    expect(seen).toEqual([undefined, "known"]);
    expect((await distrust(address, { ...issued({ signer: stranger }), ca })).error.message).toContain("certificate is not trusted");
  });

  it("goes on with the certificate that it has when the next one cannot be used, and says so", async () => {
    const faults: unknown[] = [];
    let tls: TlsServerOptions = issued();
    const address = await served(() => tls, { onError: ({ error }) => faults.push((error as Error).message) });
    tls = { cert: "nothing", key: "nothing" };
    await connected(address, { ca });
    expect(faults).toEqual([expect.stringContaining("give the content of the file")]);
  });

  it("lives through garbage instead of a handshake, and ends one that does not go on", async () => {
    const address = await served(issued());
    const port = Number(address.slice(address.lastIndexOf(":") + 1));
    const plain = Array.from({ length: 50 }, () => connectTcp(port, "127.0.0.1").on("error", () => {}));
    for (const [index, socket] of plain.entries()) socket.write(index === 0 ? Buffer.of(0x16, 3, 1, 2, 0, 1) : Buffer.alloc(3000, index));
    await Promise.all(plain.map((socket) => (socket.closed ? undefined : once(socket.resume(), "close"))));
    await connected(address, { ca });
  });
});

describe("the names of a certificate", () => {
  it.each([
    [[], []],
    [[["DNS", "a.example.org"], ["IP", "127.0.0.1"]], ["DNS:a.example.org", "IP Address:127.0.0.1"]],
    [[["IP", "2001:db8::1"]], ["IP Address:2001:DB8:0:0:0:0:0:1"]],
    [[["URI", "spiffe://example.org/a"], ["email", "a@example.org"]], ["URI:spiffe://example.org/a", "email:a@example.org"]],
    [[["DNS", "evil.example.org, DNS:good.example.org"]], ["DNS:evil.example.org, DNS:good.example.org"]],
    [[["URI", 'http://a/,"x", DNS:b'], ["DNS", "c"]], ['URI:http://a/,"x", DNS:b', "DNS:c"]],
    [[["URI", `http://a/${"b".repeat(300)}`], ["DNS", "c"]], [`URI:http://a/${"b".repeat(300)}`, "DNS:c"]],
  ] as const)("are of %j", (names, expected) => {
    const { raw } = new X509Certificate(issued({ names }).cert);
    expect(altNamesOf(raw)).toEqual(expected);
  });

  it("are one when one pretends to be two", async () => {
    const peers: Peer[] = [];
    const address = await served({ ...issued(), ca: authority.cert }, { authenticate: (_headers, peer) => void peers.push(peer) });
    const own = issued({ names: [["DNS", "evil.example.org, DNS:good.example.org"]] });
    await (await connected(address, { ...own, ca: authority.cert })).unary(methods.echo, 1);
    expect(peers[0]?.certificate?.altNames).toEqual(["DNS:evil.example.org, DNS:good.example.org"]);
  });
});
