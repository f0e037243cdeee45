/** Listens on TLS. */
import { createServer, type TLSSocket } from "node:tls";
import { closeServer, reportFailures } from "../sockets/socket.js";
import { bindTcp, isOnThisHost, remoteAddress } from "../sockets/tcp-socket.js";
import type { Tls, TlsServerOptions } from "../sockets/tls-options.js";
import { ServerTls } from "../sockets/tls-server.js";
import type { Listening, ListenOptions } from "../transport.js";
import { formatAddress, parseAddress } from "./address.js";
import { linkOverTls, PROTOCOL } from "./link.js";

export async function listen(
  address: string,
  options: ListenOptions,
  tls: Tls<TlsServerOptions> | undefined,
): Promise<Listening> {
  const where = parseAddress(address);
  const own = new ServerTls(address, tls);
  const secure = createServer({ ...own.options, ALPNProtocols: [PROTOCOL] });
  secure.on("secureConnection", (socket: TLSSocket) => {
    const { certificate, why } = own.verdictOn(socket);
    const peer = { transport: "tls", address: remoteAddress(socket), onThisHost: isOnThisHost(socket), certificate };
    const link = linkOverTls(socket, peer, options.maxFrameBytes);
    if (why === undefined) options.accept(link);
    else if (options.refuse === undefined) link.abort(new Error(`${peer.address}: ${why}`));
    else options.refuse(link, why);
  });
  const { server, bound } = await bindTcp(address, where, own.keepFresh(secure));
  const reported = formatAddress(bound);
  reportFailures(server, reported, options);
  return { address: reported, close: async () => closeServer(server) };
}
