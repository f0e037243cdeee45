/** The recommendation service, a process of its own, which calls the other two. Prints its address as the first line. */
import { connect, serve } from "@rpcgen/runtime";
import { AuthClient } from "./gen/auth.js";
import { BillingClient } from "./gen/billing.js";
import { recommendationService } from "./gen/recommendation.js";
import { Runs } from "./runs.js";

const [authAddress, billingAddress, listen = "tcp://127.0.0.1:0"] = process.argv.slice(2);
if (authAddress === undefined || billingAddress === undefined) throw new Error("usage: recommendation.ts AUTH BILLING [LISTEN]");

const TITLES = ["The night market", "A boat on the canal", "The old observatory", "Tea on the roof", "The glass library"];
const HEADLINE_EVERY_MS = 20;
const runs = new Runs();
const auth = await connect(authAddress);
const billing = await connect(billingAddress);

const server = await serve({
  listen: [listen],
  services: [
    recommendationService({
      async forCitizen({ token, limit }, ctx) {
        runs.add("forCitizen");
        // Clients from the context pass on what is left of the caller's deadline, and its cancellation.
        const citizen = await ctx.client(AuthClient, auth).whoIs({ token });
        const { plan } = await ctx.client(BillingClient, billing).account({ citizenId: citizen.id });
        const items = TITLES.slice(0, limit).map((title, index) => ({ title, score: 1 / (index + 1) }));
        return { citizen, plan, items };
      },
      async *news(_params, ctx) {
        runs.add("news");
        runs.add("news listeners");
        try {
          for (let number = 1; !ctx.signal.aborted; number++) {
            yield { number, text: TITLES[number % TITLES.length] ?? "" };
            await new Promise((resolve) => setTimeout(resolve, HEADLINE_EVERY_MS));
          }
        } finally {
          runs.add("news listeners", -1);
        }
      },
      runs: () => runs.snapshot(),
    }),
  ],
});
console.log(server.addresses[0]);
process.on("SIGTERM", () => {
  void server.close({ graceMs: 500 });
  void auth.close();
  void billing.close();
});
