/** The billing service, a process of its own. Prints its address as the first line. */
import { serve } from "@rpcgen/runtime";
import { billingService, CardDeclined, Plan, type Account } from "./gen/billing.js";
import { Runs } from "./runs.js";

const CARD_LIMIT_CENTS = 50_000;
const runs = new Runs();
const accounts = new Map<string, Account>();
let receipts = 0;

function accountOf(citizenId: string): Account {
  let account = accounts.get(citizenId);
  if (account === undefined) {
    account = { citizenId, plan: Plan.VISITOR, chargedCents: 0, charges: 0 };
    accounts.set(citizenId, account);
  }
  return account;
}

const server = await serve({
  listen: [process.argv[2] ?? "tcp://127.0.0.1:0"],
  services: [
    billingService({
      account: ({ citizenId }) => {
        runs.add("account");
        return accountOf(citizenId);
      },
      setPlan({ citizenId, plan }) {
        runs.add("setPlan");
        const account = accountOf(citizenId);
        account.plan = plan;
        return account;
      },
      charge({ citizenId, cents }) {
        runs.add("charge");
        const account = accountOf(citizenId);
        if (account.chargedCents + cents > CARD_LIMIT_CENTS) throw new CardDeclined({ limitCents: CARD_LIMIT_CENTS });
        account.chargedCents += cents;
        account.charges += 1;
        return { number: ++receipts, cents, chargedAt: new Date() };
      },
      runs: () => runs.snapshot(),
    }),
  ],
});
console.log(server.addresses[0]);
process.on("SIGTERM", () => void server.close({ graceMs: 500 }));
