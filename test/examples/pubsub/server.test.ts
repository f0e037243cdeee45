/** The Pub/Sub server as its clients see it, over real codecs and real connections; only its clock is the test's. */
import type { RpcError } from "@rpcgen/runtime";
import { describe, expect, it } from "vitest";
import { AlreadyExists, FailedPrecondition, InvalidArgument, NotFound } from "../../../examples/pubsub/gen/errors.js";
import { SchemaType } from "../../../examples/pubsub/gen/schema.js";
import type { SubscriptionInit } from "../../../examples/pubsub/gen/subscription.js";
import { encoder, failure, setUp, subscription, texts, topic } from "./set-up.js";

describe.each(["inproc:pubsub-test", "tcp://127.0.0.1:0"])("Pub/Sub over %s", (listen) => {
  it("delivers what is published, with its attributes, until it is acknowledged", async () => {
    const { publisher, subscribe, pull, acknowledge, clock } = await setUp(listen);
    await subscribe();
    const message = { data: encoder.encode("hello"), attributes: new Map([["kind", "greeting"]]) };
    const { messageIds } = await publisher.publish({ request: { topic, messages: [message] } });
    const received = await pull();
    expect(received.map((each) => each.message)).toEqual([
      { ...message, messageId: messageIds[0], publishTime: new Date(clock.now()) },
    ]);
    expect(await pull()).toEqual([]);
    await acknowledge(received);
    await acknowledge(received);
    clock.advance(60_000);
    expect(await pull()).toEqual([]);
  });

  it("delivers again what was given back, and what nobody acknowledged in time", async () => {
    const { subscribe, publish, pull, nack, acknowledge, clock } = await setUp(listen);
    await subscribe({ ackDeadlineSeconds: 20 });
    await publish(["a", "b"]);
    const [a, b] = await pull();
    if (a === undefined || b === undefined) throw new Error("expected two messages");
    await nack([a]);
    expect(texts(await pull())).toEqual(["a"]);
    await acknowledge([b]);
    clock.advance(19_999);
    expect(await pull()).toEqual([]);
    clock.advance(1);
    expect(texts(await pull())).toEqual(["a"]);
  });

  it("answers a waiting pull as soon as something comes, and with nothing in the end", async () => {
    const { subscriber, subscribe, publish, clock } = await setUp(listen);
    await subscribe();
    const first = subscriber.pull({ request: { subscription, maxMessages: 10 } });
    await publish(["late"]);
    expect(texts((await first).receivedMessages)).toEqual(["late"]);
    const second = subscriber.pull({ request: { subscription, maxMessages: 10 } });
    const ticking = setInterval(() => clock.advance(100), 5);
    expect((await second.finally(() => clearInterval(ticking))).receivedMessages).toEqual([]);
  });

  it("keeps the order of a key, whoever fails in between", async () => {
    const { subscribe, publish, pull, nack, acknowledge } = await setUp(listen);
    await subscribe({ enableMessageOrdering: true });
    await publish(["a1", "a2"], "a");
    await publish(["b1"], "b");
    await publish(["a3"], "a");
    const [a1, a2] = await pull(2);
    if (a1 === undefined || a2 === undefined) throw new Error("expected two messages");
    expect(texts(await pull())).toEqual(["b1"]);
    await nack([a1]);
    const again = await pull();
    expect(texts(again)).toEqual(["a1", "a2", "a3"]);
    await acknowledge([a2]);
    expect(await pull()).toEqual([]);
  });

  it("sends a message that nobody can process to the dead letters", async () => {
    const { publisher, subscriber, subscribe, publish, pull, nack } = await setUp(listen);
    const graveyard = "projects/p/topics/graveyard";
    const digger = "projects/p/subscriptions/digger";
    await publisher.createTopic({ topic: { name: graveyard } });
    await subscriber.createSubscription({ subscription: { name: digger, topic: graveyard } });
    await subscribe({ deadLetterPolicy: { deadLetterTopic: graveyard, maxDeliveryAttempts: 5 } });
    await publish(["poison"]);
    for (let attempt = 1; attempt <= 5; attempt++) {
      const received = await pull();
      expect(received.map((each) => each.deliveryAttempt)).toEqual([attempt]);
      await nack(received);
    }
    expect(await pull()).toEqual([]);
    const { receivedMessages } = await subscriber.pull({ request: { subscription: digger, maxMessages: 10 } });
    expect(texts(receivedMessages)).toEqual(["poison"]);
  });

  it("goes back to a time, and to a snapshot", async () => {
    const { subscriber, publisher, subscribe, publish, pull, acknowledge, clock } = await setUp(listen);
    await subscribe({ retainAckedMessages: true });
    await publish(["old"]);
    clock.advance(1_000);
    const noon = new Date(clock.now());
    await publish(["new"]);
    const snapshot = "projects/p/snapshots/before";
    await acknowledge((await pull(1)).slice(0, 1));
    await subscriber.createSnapshot({ request: { name: snapshot, subscription } });
    await acknowledge(await pull());
    expect(await pull()).toEqual([]);

    await subscriber.seek({ request: { subscription, target: { kind: "time", value: new Date(0) } } });
    expect(texts(await pull())).toEqual(["old", "new"]);
    await subscriber.seek({ request: { subscription, target: { kind: "time", value: noon } } });
    expect(texts(await pull())).toEqual(["new"]);
    await publish(["since"]);
    await subscriber.seek({ request: { subscription, target: { kind: "snapshot", value: snapshot } } });
    expect(texts(await pull())).toEqual(["new", "since"]);
    expect((await publisher.listTopicSnapshots({ request: { topic } })).snapshots).toEqual([snapshot]);
    clock.advance(8 * 86_400_000);
    expect(await failure(subscriber.getSnapshot({ request: { snapshot } }))).toBeInstanceOf(NotFound);
  });

  it("lists in pages, in the order of names", async () => {
    const { publisher } = await setUp(listen);
    const names = ["one", "two", "three", "four", "five"].map((id) => `projects/p/topics/${id}`);
    for (const name of names) await publisher.createTopic({ topic: { name } });
    await publisher.createTopic({ topic: { name: "projects/other/topics/six" } });
    const listed: string[] = [];
    let pageToken = "";
    do {
      const page = await publisher.listTopics({ request: { project: "projects/p", pageSize: 2, pageToken } });
      expect(page.topics.length).toBeLessThanOrEqual(2);
      listed.push(...page.topics.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(listed).toEqual([...names].sort());
  });

  it("changes what a mask names, and nothing else", async () => {
    const { subscriber, subscribe } = await setUp(listen);
    const before = await subscribe({ labels: new Map([["team", "a"]]), ackDeadlineSeconds: 30 });
    const update = { name: subscription, topic: "projects/p/topics/other", ackDeadlineSeconds: 60 };
    const after = await subscriber.updateSubscription({
      request: { subscription: update, updateMask: { paths: ["labels", "ackDeadlineSeconds"] } },
    });
    const { labels: _gone, ...rest } = before;
    expect(after).toEqual({ ...rest, ackDeadlineSeconds: 60 });
    const wrong = subscriber.updateSubscription({
      request: { subscription: update, updateMask: { paths: ["topic"] } },
    });
    expect(await failure(wrong)).toMatchObject({ field: "updateMask" });
  });

  it("fails in the types that the schema names", async () => {
    const { publisher, subscriber, subscribe } = await setUp(listen);
    await subscribe();
    const missing = await failure(publisher.getTopic({ request: { topic: "projects/p/topics/nowhere" } }));
    expect(missing).toBeInstanceOf(NotFound);
    expect(missing).toMatchObject({ resource: "projects/p/topics/nowhere", code: "NOT_FOUND" });
    expect(await failure(publisher.createTopic({ topic: { name: topic } }))).toBeInstanceOf(AlreadyExists);
    expect(await failure(publisher.createTopic({ topic: { name: "orders" } }))).toBeInstanceOf(InvalidArgument);
    expect(await failure(publisher.publish({ request: { topic, messages: [{}] } }))).toMatchObject({
      field: "messages[0]",
    });
    const mixed = [{ data: encoder.encode("x"), orderingKey: "a" }, { data: encoder.encode("y") }];
    expect(await failure(publisher.publish({ request: { topic, messages: mixed } }))).toMatchObject({
      field: "messages[1].orderingKey",
    });
    await publisher.detachSubscription({ request: { subscription } });
    expect(await failure(subscriber.pull({ request: { subscription, maxMessages: 1 } }))).toBeInstanceOf(
      FailedPrecondition,
    );
    await subscriber.deleteSubscription({ request: { subscription } });
    expect(await failure(subscriber.pull({ request: { subscription, maxMessages: 1 } }))).toBeInstanceOf(NotFound);
  });

  it("refuses what breaks the schema's own limits before it is sent", async () => {
    const { subscriber } = await setUp(listen);
    const refused = await failure(
      subscriber.pull({ request: { subscription: "projects/p/subscriptions/none", maxMessages: 0 } }),
    );
    expect(refused).toMatchObject({ code: "INVALID_ARGUMENT", executed: "no" });
    expect((refused as Error).message).toContain("maxMessages");
  });

  it("says what it does not do", async () => {
    const { subscriber, publisher, schemas } = await setUp(listen);
    await publisher.createTopic({ topic: { name: topic } });
    const settings: Partial<SubscriptionInit>[] = [
      { filter: "attributes:big" },
      { pushConfig: { pushEndpoint: "https://example.com" } },
      { bigqueryConfig: { table: "p.d.t" } },
      { bigtableConfig: { table: "projects/p/instances/i/tables/t" } },
      { cloudStorageConfig: { bucket: "b" } },
      { messageTransforms: [{ transform: { kind: "javascriptUdf", value: { functionName: "f", code: "" } } }] },
    ];
    for (const each of settings) {
      const error = await failure(
        subscriber.createSubscription({ subscription: { name: subscription, topic, ...each } }),
      );
      expect(error).toMatchObject({ code: "UNIMPLEMENTED" });
      expect((error as RpcError).message).toMatch(/not implemented/);
    }
    const proto = {
      parent: "projects/p",
      schema: { name: "", type: SchemaType.PROTOCOL_BUFFER, definition: 'syntax = "proto3";' },
    };
    expect(await failure(schemas.createSchema({ request: proto }))).toMatchObject({ code: "UNIMPLEMENTED" });
  });

  it("leaves subscriptions and snapshots of a deleted topic behind, cut off", async () => {
    const { publisher, subscriber, subscribe, publish, pull } = await setUp(listen);
    await subscribe();
    await publish(["last words"]);
    await publisher.deleteTopic({ request: { topic } });
    expect((await subscriber.getSubscription({ request: { subscription } })).topic).toBe("_deleted-topic_");
    expect(texts(await pull())).toEqual(["last words"]);
    await publisher.createTopic({ topic: { name: topic } });
    await publish(["to nobody"]);
    expect(await pull()).toEqual([]);
  });
});
