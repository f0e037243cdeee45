import { connect } from "@rpcgen/runtime";
import { Currency } from "./shared/money.idl";
import { LIMIT, ShopClient, SoldOut } from "./shop.idl";

const channel = await connect(process.argv[2]);
const shop = new ShopClient(channel);
const order = await shop.order({ item: "lamp" });
const prices = [];
for await (const { cents, currency } of shop.prices({ of: ["a", "bb"] })) prices.push([Number(cents), currency === Currency.EUR]);
const refused = await shop.order({ item: "moon" }).catch((error) => error);
console.log(JSON.stringify({ id: order.id, cents: Number(order.price.cents), dollars: order.price.currency === Currency.USD, prices, soldOut: refused instanceof SoldOut && refused.item, limit: LIMIT }));
await channel.close();
