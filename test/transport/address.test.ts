/** Which transport an address means, and what is said to one that means none. */
import { describe, expect, it } from "vitest";
import { transportFor } from "../../runtime/transport/address.js";
import { browserTransports } from "../../runtime/transport/browser-transports.js";
import { nodeTransports } from "../../runtime/transport/node-transports.js";
import { parsePath } from "../../runtime/transport/sockets/socket-path.js";
import { parseAddress as parseTcp } from "../../runtime/transport/tcp/address.js";

describe("transportFor", () => {
  it.each([
    ["tcp://127.0.0.1:4000", "tcp"],
    ["tls://orders.example.org:4000", "tls"],
    ["unix:/tmp/a:b.sock", "unix"],
    ["inproc:orders", "inproc"],
  ])("%s is %s", (address, scheme) => {
    expect(transportFor(address, nodeTransports()).scheme).toBe(scheme);
  });

  it.each([
    ["tpc://127.0.0.1:4000", "tcp://127.0.0.1:4000"],
    ["TCP://127.0.0.1:4000", "tcp://127.0.0.1:4000"],
    ["tcps://127.0.0.1:4000", "tcp://127.0.0.1:4000"],
    ["unx:/tmp/a.sock", "unix:/tmp/a.sock"],
    ["inprocess:orders", "inproc:orders"],
    ["localhost:4000", "tcp://localhost:4000"],
    ["[::1]:4000", "tcp://[::1]:4000"],
    ["/tmp/a.sock", "unix:/tmp/a.sock"],
    ["./a.sock", "unix:./a.sock"],
  ])("asks for %s whether %s was meant", (address, meant) => {
    expect(() => transportFor(address, nodeTransports())).toThrow(`"${address}": `);
    expect(() => transportFor(address, nodeTransports())).toThrow(`did you mean "${meant}"?`);
  });

  it.each(["", ":", "http://example.org", "nats://broker", "x"])(
    "has no guess for %j, and says what there is",
    (address) => {
      expect(() => transportFor(address, nodeTransports())).toThrow(/there are inproc, unix, shm, tcp, tls, h2, h2s, ws, wss, stdio, port\)$/);
    },
  );

  it("offers a browser only what it has", () => {
    expect(() => transportFor("localhost:4000", browserTransports())).toThrow(/there are ws, wss, port, inproc\)$/);
  });
});

describe("addresses of TCP", () => {
  it.each([
    ["tcp://127.0.0.1:4000", "127.0.0.1", 4000],
    ["tcp://[::1]:0", "::1", 0],
    ["tcp://[fe80::1%eth0]:65535", "fe80::1%eth0", 65535],
    ["tcp://orders.example.org:80", "orders.example.org", 80],
  ])("%s", (address, host, port) => {
    expect(parseTcp(address)).toEqual({ host, port });
  });

  it.each([
    ["tcp://localhost", "the port is missing, as in tcp://localhost:4000"],
    ["tcp://localhost:", "the port is missing, as in tcp://localhost:4000"],
    ["tcp://[::1]", "the port is missing, as in tcp://[::1]:4000"],
    ["tcp://:4000", "the host is missing"],
    ["tcp://localhost:65536", "out of range"],
    ["tcp://localhost:99999999999999999999", "out of range"],
    ["tcp://::1:4000", "in brackets"],
    ["tcp://localhost:4000/orders", "nothing may follow the port"],
    ["tcp://localhost:-1", "looks like"],
    ["tcp://localhost:4000 ", "looks like"],
    ["tcp://user@localhost:4000", "looks like"],
    ["tcp:localhost:4000", "looks like"],
  ])("refuses %j", (address, why) => {
    expect(() => parseTcp(address)).toThrow(why);
    expect(() => parseTcp(address)).toThrow(`"${address}"`);
  });
});

describe("addresses of Unix sockets", () => {
  it("takes a relative path from the working directory", () => {
    expect(parsePath("unix", "unix:a.sock")).toBe(`${process.cwd()}/a.sock`);
  });

  it.each(["unix:", "unix:/", "unix:/tmp/", "unix:/tmp/a\0b"])("refuses %j", (address) => {
    expect(() => parsePath("unix", address)).toThrow("looks like unix:");
  });

  it("refuses a path that the system would cut off, counted in bytes", () => {
    expect(() => parsePath("unix", `unix:/tmp/${"a".repeat(103)}`)).toThrow(/has 108 bytes/);
    expect(() => parsePath("unix", `unix:/tmp/${"ä".repeat(52)}`)).toThrow(/has 109 bytes/);
  });
});
