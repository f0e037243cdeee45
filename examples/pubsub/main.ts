/** Starts the server on a socket, publishes, pulls, streams, fails on purpose, and prints what happens. */
import { connect, RpcError } from "@rpcgen/runtime";
import { InvalidArgument, NotFound } from "./gen/errors.js";
import { PublisherClient, SubscriberClient } from "./gen/pubsub.js";
import { Encoding, SchemasClient, SchemaType } from "./gen/schema.js";
import type { StreamingPullRequestInit } from "./gen/subscribing.js";
import { Outbox } from "./outbox.js";
import { startServer } from "./server.js";

const project = "projects/demo";
const orders = `${project}/topics/orders`;
const billing = `${project}/subscriptions/billing`;
const audit = `${project}/subscriptions/audit`;

const say = (line: string): void => console.log(line);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined): string => new TextDecoder().decode(data);

const server = await startServer(["tcp://127.0.0.1:0"]);
const address = server.addresses[0] ?? "";
const channel = await connect(address);
const publisher = new PublisherClient(channel);
const subscriber = new SubscriberClient(channel);
const schemas = new SchemasClient(channel);
say(`A Pub/Sub server listens at ${address}.`);

say("\n1. A topic and two subscriptions");
await publisher.createTopic({ topic: { name: orders, labels: new Map([["team", "sales"]]) } });
for (const name of [billing, audit]) {
  await subscriber.createSubscription({
    subscription: { name, topic: orders, enableMessageOrdering: true, retainAckedMessages: true },
  });
}
const { subscriptions } = await publisher.listTopicSubscriptions({ request: { topic: orders } });
say(`   ${orders} feeds ${subscriptions.join(" and ")}.`);

say("\n2. Publish, pull, acknowledge");
const { messageIds } = await publisher.publish({
  request: {
    topic: orders,
    messages: ["opened", "paid", "shipped"].map((step) => ({ data: bytes(step), orderingKey: "order-7" })),
  },
});
say(`   Published ${messageIds.length} messages under the key order-7.`);
const pulled = await subscriber.pull({ request: { subscription: billing, maxMessages: 10 } });
say(`   billing pulled, in order: ${pulled.receivedMessages.map(({ message }) => text(message.data)).join(", ")}.`);
await subscriber.acknowledge({
  request: { subscription: billing, ackIds: pulled.receivedMessages.map(({ ackId }) => ackId) },
});
const nothing = await subscriber.pull({ request: { subscription: billing, maxMessages: 10 } });
say(`   Acknowledged; the next pull waits a while and has ${nothing.receivedMessages.length} messages.`);

say("\n3. Give one back");
const [given] = (await subscriber.pull({ request: { subscription: audit, maxMessages: 1 } })).receivedMessages;
if (given === undefined) throw new Error("audit has three messages, and none came");
await subscriber.modifyAckDeadline({ request: { subscription: audit, ackIds: [given.ackId], ackDeadlineSeconds: 0 } });
say(`   audit got "${text(given.message.data)}" and gave it back with a deadline of 0 seconds.`);

say("\n4. A streaming pull, two messages out at a time");
const requests = new Outbox<StreamingPullRequestInit>();
requests.send({ subscription: audit, streamAckDeadlineSeconds: 10, maxOutstandingMessages: 2 });
const seen: string[] = [];
for await (const { receivedMessages } of subscriber.streamingPull(requests)) {
  if (receivedMessages.length === 0) continue;
  say(`   received ${receivedMessages.map(({ message }) => text(message.data)).join(", ")}`);
  seen.push(...receivedMessages.map(({ ackId }) => ackId));
  requests.send({ subscription: "", streamAckDeadlineSeconds: 0, ackIds: receivedMessages.map(({ ackId }) => ackId) });
  if (seen.length === 3) break;
}
say("   Left the loop: that ends the stream, and the server's handler with it.");

say("\n5. Back in time");
await subscriber.seek({ request: { subscription: billing, target: { kind: "time", value: new Date(0) } } });
const again = await subscriber.pull({ request: { subscription: billing, maxMessages: 10 } });
say(`   After a seek to 1970, billing gets ${again.receivedMessages.length} acknowledged messages once more.`);

say("\n6. Failures have types");
await schemas.createSchema({
  request: {
    parent: project,
    schemaId: "price",
    schema: {
      name: "",
      type: SchemaType.AVRO,
      definition: '{"type":"record","name":"Price","fields":[{"name":"cents","type":"int"}]}',
    },
  },
});
await publisher.createTopic({
  topic: {
    name: `${project}/topics/prices`,
    schemaSettings: { schema: `${project}/schemas/price`, encoding: Encoding.JSON },
  },
});
const attempts: [string, () => Promise<unknown>][] = [
  ["a topic that is not there", () => publisher.getTopic({ request: { topic: `${project}/topics/nowhere` } })],
  [
    "data that does not fit its schema",
    () =>
      publisher.publish({
        request: { topic: `${project}/topics/prices`, messages: [{ data: bytes('{"cents":"many"}') }] },
      }),
  ],
  [
    "more time than the schema allows",
    () => subscriber.modifyAckDeadline({ request: { subscription: audit, ackIds: ["x"], ackDeadlineSeconds: 601 } }),
  ],
  [
    "what this server cannot do",
    () => subscriber.createSubscription({ subscription: { name: "", topic: orders, filter: "attributes:big" } }),
  ],
];
for (const [what, attempt] of attempts) {
  try {
    await attempt();
    say(`   ${what}: nothing failed`);
  } catch (error) {
    if (error instanceof NotFound) say(`   ${what}: NotFound, resource "${error.resource}"`);
    else if (error instanceof InvalidArgument) say(`   ${what}: InvalidArgument at ${error.field}: ${error.message}`);
    else if (error instanceof RpcError) say(`   ${what}: ${error.code}: ${error.message}`);
    else throw error;
  }
}

await channel.close();
await server.close({ graceMs: 1000 });
say("\nThe server is closed.");
