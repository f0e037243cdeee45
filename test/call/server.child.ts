/**
 * Serves orders.idl and its schema at each of the addresses that it is given. What it has to say goes to the standard error, for
 * the standard output may be the connection: where it listens, then which calls were cancelled.
 */
import { serve } from "../../runtime/index.js";
import { reflectionService } from "../../runtime/reflection/index.js";
import { ordersService } from "./orders-service.js";

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const { service, schema } = await ordersService(say);
const server = await serve({ listen: process.argv.slice(2), services: [service, reflectionService(schema)] });
say(server.addresses.join(" "));
