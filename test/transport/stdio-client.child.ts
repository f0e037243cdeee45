/** A client: `ADDRESS CONNECT_TIMEOUT_MS`. Prints the process of its server and stays, or the code of the failure. */
import { connect, RpcError } from "../../runtime/index.js";
import { methods } from "../runtime/test-service.js";

const [address = "", connectTimeoutMs] = process.argv.slice(2);
try {
  const channel = await connect(address, { connectTimeoutMs: Number(connectTimeoutMs) });
  const { pid } = (await channel.unary(methods.echo, "environment")) as { pid: number };
  console.log(pid);
  setInterval(() => {}, 1000);
} catch (error) {
  console.log(error instanceof RpcError ? error.code : error);
}
