/** A streaming pull as its client sees it: deliveries and settlements at once, limits, leaving, typed ends. */
import { describe, expect, it } from "vitest";
import { InvalidArgument, NotFound } from "../../../examples/pubsub/gen/errors.js";
import type { StreamingPullRequestInit } from "../../../examples/pubsub/gen/subscribing.js";
import { Outbox } from "../../../examples/pubsub/outbox.js";
import { ackIds, failure, setUp, subscription, texts } from "./set-up.js";

describe.each(["inproc:pubsub-streams", "tcp://127.0.0.1:0"])("a streaming pull over %s", (listen) => {
  const open = { subscription, streamAckDeadlineSeconds: 10 };

  it("receives what is there and what comes, and settles it on the way", async () => {
    const { subscriber, subscribe, publish, pull, clock } = await setUp(listen);
    await subscribe();
    await publish(["first"]);
    const requests = new Outbox<StreamingPullRequestInit>();
    requests.send(open);
    const got: string[] = [];
    for await (const { receivedMessages } of subscriber.streamingPull(requests)) {
      got.push(...texts(receivedMessages));
      requests.send({ subscription: "", streamAckDeadlineSeconds: 0, ackIds: ackIds(receivedMessages) });
      if (got.length === 1 && receivedMessages.length > 0) await publish(["second", "third"]);
      if (got.length === 3) requests.end();
    }
    expect(got).toEqual(["first", "second", "third"]);
    clock.advance(60_000);
    expect(await pull()).toEqual([]);
  });

  it("has no more out than it was told, until something is settled", async () => {
    const { subscriber, subscribe, publish, pull } = await setUp(listen);
    await subscribe();
    await publish(["1", "2", "3", "4", "5"]);
    const requests = new Outbox<StreamingPullRequestInit>();
    requests.send({ ...open, maxOutstandingMessages: 2 });
    const batches: string[][] = [];
    let rest: string[] = [];
    for await (const { receivedMessages } of subscriber.streamingPull(requests)) {
      if (receivedMessages.length === 0) continue;
      batches.push(texts(receivedMessages));
      if (batches.length === 1) rest = texts(await pull(1));
      requests.send({ subscription: "", streamAckDeadlineSeconds: 0, ackIds: ackIds(receivedMessages) });
      if (batches.flat().length === 4) break;
    }
    expect(batches.every((batch) => batch.length <= 2)).toBe(true);
    expect(rest).toEqual(["3"]);
    expect(batches.flat()).toEqual(["1", "2", "4", "5"]);
  });

  it("takes nothing more once its client has left the loop", async () => {
    const { subscriber, subscribe, publish, pull } = await setUp(listen);
    await subscribe();
    const requests = new Outbox<StreamingPullRequestInit>();
    requests.send(open);
    for await (const response of subscriber.streamingPull(requests)) {
      expect(response.subscriptionProperties).toEqual({
        exactlyOnceDeliveryEnabled: false,
        messageOrderingEnabled: false,
      });
      break;
    }
    await publish(["for the next one"]);
    expect(texts(await pull())).toEqual(["for the next one"]);
  });

  it("confirms what it settled where delivery is exactly once", async () => {
    const { subscriber, subscribe, publish, clock } = await setUp(listen);
    await subscribe({ enableExactlyOnceDelivery: true });
    await publish(["a"]);
    const requests = new Outbox<StreamingPullRequestInit>();
    requests.send(open);
    const outcomes: { settled: number; invalid: number }[] = [];
    let deliveries = 0;
    for await (const { receivedMessages, acknowledgeConfirmation } of subscriber.streamingPull(requests)) {
      if (acknowledgeConfirmation !== undefined) {
        outcomes.push({
          settled: acknowledgeConfirmation.ackIds.length,
          invalid: acknowledgeConfirmation.invalidAckIds.length,
        });
        if (acknowledgeConfirmation.ackIds.length > 0) break;
      }
      if (receivedMessages.length === 0) continue;
      // The first delivery is acknowledged too late, the second in time.
      if (deliveries++ === 0) clock.advance(10_000);
      requests.send({ subscription: "", streamAckDeadlineSeconds: 0, ackIds: ackIds(receivedMessages) });
    }
    expect(outcomes).toEqual([
      { settled: 0, invalid: 1 },
      { settled: 1, invalid: 0 },
    ]);
  });

  it("ends with a typed error when a request is wrong", async () => {
    const { subscriber, subscribe } = await setUp(listen);
    await subscribe();
    const wrong: [StreamingPullRequestInit[], string][] = [
      [[{ ...open, streamAckDeadlineSeconds: 0 }], "streamAckDeadlineSeconds"],
      [[{ ...open, streamAckDeadlineSeconds: 9 }], "streamAckDeadlineSeconds"],
      [[open, open], "subscription"],
      [[open, { subscription: "", streamAckDeadlineSeconds: 0, ackIds: ["made up"] }], "ackIds[0]"],
      [[open, { subscription: "", streamAckDeadlineSeconds: 0, modifyDeadlineSeconds: [1] }], "modifyDeadlineSeconds"],
      [[open, { subscription: "", streamAckDeadlineSeconds: 0, maxOutstandingMessages: 1 }], "maxOutstandingMessages"],
    ];
    for (const [sent, field] of wrong) {
      const requests = new Outbox<StreamingPullRequestInit>();
      for (const request of sent) requests.send(request);
      const all = (async () => {
        for await (const _ of subscriber.streamingPull(requests));
      })();
      const error = await failure(all);
      expect(error).toBeInstanceOf(InvalidArgument);
      expect(error).toMatchObject({ field });
      requests.end();
    }
    const nowhere = new Outbox<StreamingPullRequestInit>();
    nowhere.send({ ...open, subscription: "projects/p/subscriptions/none" });
    const lost = (async () => {
      for await (const _ of subscriber.streamingPull(nowhere));
    })();
    expect(await failure(lost)).toBeInstanceOf(NotFound);
    nowhere.end();
  });
});
