/** The story: one call through three processes, then the same fault, a lost reply, met by each promise in turn. */
import { connect, RpcError, type Channel } from "@rpcgen/runtime";
import { AuthClient } from "./gen/auth.js";
import { BillingClient, CardDeclined, Plan } from "./gen/billing.js";
import { RecommendationClient } from "./gen/recommendation.js";
import { Line } from "./line.js";
import { start } from "./processes.js";

const say = (text = ""): void => console.log(text);
const title = (number: number, text: string): void => say(`\n${number}. ${text}`);

/** What a failed call tells its caller, in one line. */
function outcome(error: unknown): string {
  if (!(error instanceof RpcError)) throw error;
  const reason = error.reason === undefined ? "" : `, reason ${error.reason}`;
  return `${error.code}${reason}, executed: ${error.executed}`;
}

export async function tell(): Promise<void> {
  const auth = await start("auth");
  let billing = await start("billing");
  const recommendation = await start("recommendation", auth.address, billing.address);
  const authLine = await Line.to(auth.address);
  const billingLine = await Line.to(billing.address);
  const channels: Channel[] = [];
  const open = async (address: string): Promise<Channel> => {
    const channel = await connect(address);
    channels.push(channel);
    return channel;
  };
  try {
    say(`\nThree processes: auth ${auth.pid}, billing ${billing.pid}, recommendation ${recommendation.pid}.`);
    const gate = new AuthClient(await open(authLine.address));
    const office = new BillingClient(await open(billingLine.address));
    const crier = new RecommendationClient(await open(recommendation.address));
    // Counts are asked for on lines that nobody cuts.
    const gateWitness = new AuthClient(await open(auth.address));
    const officeWitness = new BillingClient(await open(billing.address));

    const chargesRun = async (): Promise<number> => (await officeWitness.runs()).get("charge") ?? 0;

    title(1, "A call through the city");
    const { citizen, token } = await gate.signIn({ name: "Ada" });
    const suggestions = await crier.forCitizen({ token, limit: 2 }, { timeoutMs: 1500 });
    say(`   recommendation.forCitizen asked auth and billing with what was left of its 1500 ms, and answered`);
    say(`   ${suggestions.citizen.name} may like: ${suggestions.items.map((item) => item.title).join(", ")}.`);
    await crier.forCitizen({ token: "forged" }).catch((error: unknown) => {
      say(`   A forged token is a typed error all the way through: ${error instanceof Error ? error.name : "?"}, ${outcome(error)}.`);
    });

    title(2, "The reply is lost under a @readonly call");
    const asked = (await gateWitness.runs()).get("whoIs") ?? 0;
    authLine.cutOnce("reply");
    const who = await gate.whoIs({ token });
    const askedTwice = ((await gateWitness.runs()).get("whoIs") ?? 0) - asked;
    say(`   The runtime asked again by itself. Handler ran ${askedTwice} times; the caller saw: ${who.name}.`);

    title(3, "The reply is lost under an @idempotent call");
    billingLine.cutOnce("reply");
    const account = await office.setPlan({ citizenId: citizen.id, plan: Plan.RESIDENT });
    const setPlanRuns = (await officeWitness.runs()).get("setPlan") ?? 0;
    say(`   It was sent again, too. Handler ran ${setPlanRuns} times; the plan is RESIDENT: ${account.plan === Plan.RESIDENT}.`);

    title(4, "The reply is lost under an @atMostOnce call");
    billingLine.cutOnce("reply");
    const charged = await office.charge({ citizenId: citizen.id, cents: 1250 }).then(({ number }) => `receipt ${number}`, outcome);
    const afterCut = await officeWitness.account({ citizenId: citizen.id });
    say(`   The runtime asked the same server what had become of it, and was given the answer that it had kept: ${charged}.`);
    say(`   Handler ran ${await chargesRun()} time; the books show ${afterCut.charges} charge of ${afterCut.chargedCents} cents.`);

    title(5, "The request itself is lost under an @atMostOnce call");
    await office.account({ citizenId: citizen.id }); // the line is whole again
    billingLine.cutOnce("request");
    const lost = await office.charge({ citizenId: citizen.id, cents: 700 }).then(({ number }) => `receipt ${number}`, outcome);
    const afterLoss = await officeWitness.account({ citizenId: citizen.id });
    say(`   From here it looks the same, and is asked the same; the server had never seen it, and ran it now: ${lost}.`);
    say(`   Handler ran ${await chargesRun()} times; the books show ${afterLoss.charges} charges, of ${afterLoss.chargedCents} cents together.`);

    title(6, "A declared error, and a call that was never sent");
    await office.charge({ citizenId: citizen.id, cents: 60_000 }).catch((error: unknown) => {
      if (!(error instanceof CardDeclined)) throw error;
      say(`   CardDeclined came back with its field: limitCents = ${error.limitCents}; ${outcome(error)}.`);
    });
    const refused = await office.charge({ citizenId: citizen.id, cents: 0 }).then(() => "OK", outcome);
    say(`   A charge of 0 breaks @min(1) and never leaves the client: ${refused}.`);

    title(7, "The line goes silent");
    authLine.stalled = true;
    const silent = await gate.whoIs({ token }, { timeoutMs: 300 }).then(() => "OK", outcome);
    authLine.stalled = false;
    say(`   The deadline of 300 ms ends the wait: ${silent}.`);

    title(8, "A server dies with kill -9 under an @atMostOnce call, and comes back");
    const where = billing.address;
    billingLine.cutOnce("reply");
    billingLine.shut = true; // and the line stays down
    const ranBefore = await chargesRun();
    const charging = office.charge({ citizenId: citizen.id, cents: 300 }).then(({ number }) => `receipt ${number}`, outcome);
    while ((await chargesRun()) === ranBefore); // it has run, and nobody was told
    await billing.kill();
    const patient = officeWitness.account({ citizenId: citizen.id });
    billing = await start("billing", where);
    billingLine.shut = false;
    const fresh = await patient;
    say(`   What had become of the call died with the server. Nobody can know it, so the caller is told just that: ${await charging}.`);
    say(`   It was not sent again: the books of the new process are new, and show ${fresh.charges} charges; its handler ran ${await chargesRun()} times.`);
    say("   A @readonly call made meanwhile waited for the new process, and was answered by it.");

    title(9, "A stream, left early");
    for await (const headline of crier.news()) {
      say(`   headline ${headline.number}: ${headline.text}`);
      if (headline.number === 3) break;
    }
    let listeners = 1;
    // The producer may be between two headlines, and sees that nobody listens when it goes on.
    for (let tries = 0; listeners > 0 && tries < 100; tries++) {
      listeners = (await crier.runs()).get("news listeners") ?? 0;
      if (listeners > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    say(`   Leaving the loop ended the producer: ${listeners} listeners.`);
    say("\nNothing that may run only once ran twice.");
  } finally {
    for (const channel of channels) await channel.close();
    authLine.close();
    billingLine.close();
    await Promise.all([auth.kill(), billing.kill(), recommendation.kill()]);
  }
}
