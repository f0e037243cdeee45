/** What the tests of the Pub/Sub server begin with: a server on an address, clients of it, and a clock that stands still. */
import { connect, serve } from "@rpcgen/runtime";
import { afterEach, expect } from "vitest";
import { PublisherClient, SubscriberClient } from "../../../examples/pubsub/gen/pubsub.js";
import { SchemasClient } from "../../../examples/pubsub/gen/schema.js";
import type { ReceivedMessage } from "../../../examples/pubsub/gen/subscribing.js";
import type { SubscriptionInit } from "../../../examples/pubsub/gen/subscription.js";
import { pubsubServices } from "../../../examples/pubsub/server.js";
import { ManualClock } from "./manual-clock.js";

export const topic = "projects/p/topics/orders";
export const subscription = "projects/p/subscriptions/billing";
export const encoder = new TextEncoder();
const decoder = new TextDecoder();
export const texts = (received: readonly ReceivedMessage[]): string[] =>
  received.map(({ message }) => decoder.decode(message.data));
export const ackIds = (received: readonly ReceivedMessage[]): string[] => received.map(({ ackId }) => ackId);

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server with an empty broker, and its clients. Both end with the test. */
export async function setUp(listen: string) {
  const clock = new ManualClock();
  const server = await serve({ listen: [listen], services: pubsubServices(clock) });
  closers.push(() => server.close({ graceMs: 1_000 }));
  const channel = await connect(server.addresses[0] ?? "");
  closers.push(() => channel.close());
  const publisher = new PublisherClient(channel);
  const subscriber = new SubscriberClient(channel);
  return {
    clock,
    publisher,
    subscriber,
    schemas: new SchemasClient(channel),
    /** A topic with a subscription. */
    async subscribe(settings: Partial<SubscriptionInit> = {}) {
      await publisher.createTopic({ topic: { name: topic } });
      return subscriber.createSubscription({ subscription: { name: subscription, topic, ...settings } });
    },
    publish: (messages: string[], orderingKey?: string) =>
      publisher.publish({
        request: { topic, messages: messages.map((message) => ({ data: encoder.encode(message), orderingKey })) },
      }),
    /** What is ready now, without waiting. */
    async pull(maxMessages = 100) {
      const { receivedMessages } = await subscriber.pull({
        request: { subscription, maxMessages, returnImmediately: true },
      });
      return receivedMessages;
    },
    acknowledge: (received: readonly ReceivedMessage[]) =>
      subscriber.acknowledge({ request: { subscription, ackIds: ackIds(received) } }),
    nack: (received: readonly ReceivedMessage[]) =>
      subscriber.modifyAckDeadline({ request: { subscription, ackIds: ackIds(received), ackDeadlineSeconds: 0 } }),
  };
}

/** The error of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail("the call succeeded"),
    (error: unknown) => error,
  );
}
