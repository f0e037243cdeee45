import { serve } from "@rpcgen/runtime";
import { Currency } from "./shared/money.idl";
import { SoldOut, shopService } from "./shop.idl";

const shop = shopService({
  order({ item }) {
    if (item === "moon") throw new SoldOut({ item });
    return { id: `order of ${item}`, price: { cents: 1250n, currency: Currency.USD }, items: [item] };
  },
  async *prices({ of }) {
    for (const name of of) yield { cents: BigInt(name.length) };
  },
});

const [, , listen, origin] = process.argv;
const server = await serve({ listen, services: [shop], ...(origin !== undefined && { origins: [origin] }) });
console.log(server.addresses[0]);
process.stdin.on("end", () => void server.close({ graceMs: 0 })).resume();
