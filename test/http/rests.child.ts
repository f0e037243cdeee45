/** A client in a process of its own, of the server at ADDRESS: uploads one number, and then rests. */
import { connect } from "../../runtime/index.js";
import { methods } from "../runtime/test-service.js";

const channel = await connect(process.argv[2] ?? "");
async function* numbers(): AsyncGenerator<number> {
  yield 1;
  await new Promise(() => {});
}
await channel.clientStream(methods.sum, numbers());
