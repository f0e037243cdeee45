import { connect, serve } from '@rpcgen/runtime';
import { EchoClient, echoService } from '../../gen/rpc/rpcgen/echo.js';

/** The same generated stub on each path; only the address differs. */
export const ours = (name, note, listen) => ({
  name, note,
  async serve() {
    const server = await serve({ listen: [listen()], services: [echoService({ echo: ({ body }) => body, add: ({ a, b }) => (a + b) | 0 })] });
    return { address: server.addresses[0], close: () => server.close() };
  },
  async connect(address) {
    const channel = await connect(address);
    const client = new EchoClient(channel);
    return { echo: (body) => client.echo({ body }), add: (a, b) => client.add({ a, b }), close: () => channel.close() };
  },
});
export default ours('rpcgen tcp', 'generated stub, TCP', () => 'tcp://127.0.0.1:0');
