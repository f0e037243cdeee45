/** The `Subscriber` service over a broker. */
import type { Broker } from "../broker/broker.js";
import { applyMask } from "../broker/field-mask.js";
import { pageOf } from "../broker/pages.js";
import { checkName, checkProject, newName, projectOf } from "../broker/resource-names.js";
import {
  CHANGEABLE_SUBSCRIPTION_FIELDS,
  checkSubscription,
  newSubscription,
  withDefaults,
  type SubscriptionRecord,
} from "../broker/subscription.js";
import { refusePush } from "../broker/unimplemented.js";
import { FailedPrecondition, InvalidArgument } from "../gen/errors.js";
import type { SubscriberHandlers } from "../gen/pubsub.js";
import type { Subscription } from "../gen/subscription.js";
import { readAckId, receivedMessage } from "./received-message.js";
import { snapshotHandlers } from "./snapshots.js";
import { streamingPull } from "./streaming-pull.js";

/** How long a pull waits for a first message before it answers with none. */
const PULL_WAIT_MS = 2_000;

export function subscriberHandlers(broker: Broker): SubscriberHandlers {
  return {
    createSubscription({ subscription: asked }) {
      const name = asked.name === "" ? newName(projectOf(asked.topic), "subscriptions") : asked.name;
      checkName("subscriptions", name, "subscription.name");
      const config = newSubscription({ ...asked, name });
      checkDeadLetterTopic(config, broker);
      return shown(broker.addSubscription(config));
    },

    getSubscription: ({ request }) => shown(broker.subscription(request.subscription)),

    updateSubscription({ request }) {
      const subscription = broker.subscription(request.subscription.name);
      const config = applyMask(
        subscription.config,
        request.subscription,
        request.updateMask,
        CHANGEABLE_SUBSCRIPTION_FIELDS,
      );
      checkSubscription(config);
      checkDeadLetterTopic(config, broker);
      broker.reconfigure(subscription, withDefaults(config));
      return shown(subscription);
    },

    listSubscriptions({ request }) {
      checkProject(request.project, "project");
      const subscriptions = [...broker.subscriptions.values()].filter(
        ({ name }) => projectOf(name) === request.project,
      );
      const { items, nextPageToken } = pageOf(subscriptions, ({ name }) => name, request);
      return { subscriptions: items.map(shown), nextPageToken };
    },

    deleteSubscription({ request }) {
      broker.removeSubscription(request.subscription);
    },

    modifyAckDeadline({ request }) {
      const { backlog } = broker.subscription(request.subscription);
      const ackIds = request.ackIds.map((text, index) => readAckId(text, `ackIds[${index}]`));
      for (const ackId of ackIds) backlog.modifyDeadline(ackId, request.ackDeadlineSeconds * 1000);
    },

    acknowledge({ request }) {
      const { backlog } = broker.subscription(request.subscription);
      const ackIds = request.ackIds.map((text, index) => readAckId(text, `ackIds[${index}]`));
      for (const ackId of ackIds) backlog.acknowledge(ackId);
    },

    async pull({ request }, { signal, deadline }) {
      // Half of a caller's time at most: an empty answer is better than none.
      const patience = Math.min(
        PULL_WAIT_MS,
        deadline === undefined ? Infinity : (deadline.getTime() - Date.now()) / 2,
      );
      const until = broker.clock.now() + (request.returnImmediately === true ? 0 : patience);
      for (;;) {
        // A caller that is gone takes nothing: its messages would lie leased until their deadline.
        if (signal.aborted) return { receivedMessages: [] };
        const subscription = attached(broker, request.subscription);
        const leases = subscription.backlog.lease({ messages: request.maxMessages });
        if (leases.length > 0 || broker.clock.now() >= until) {
          return { receivedMessages: leases.map((lease) => receivedMessage(lease, subscription)) };
        }
        await subscription.backlog.wait(until, signal);
      }
    },

    streamingPull: (requests, { signal }) => streamingPull(requests, signal, (name) => attached(broker, name)),

    modifyPushConfig({ request }) {
      const subscription = broker.subscription(request.subscription);
      refusePush(request.pushConfig);
      const { pushConfig: _before, ...config } = subscription.config;
      broker.reconfigure(subscription, config);
    },

    ...snapshotHandlers(broker),
  };
}

/** @throws NotFound, and FailedPrecondition for one that is detached. */
function attached(broker: Broker, name: string): SubscriptionRecord {
  const subscription = broker.subscription(name);
  if (subscription.config.detached === true) {
    throw new FailedPrecondition({ resource: name, message: `"${name}" is detached from its topic.` });
  }
  return subscription;
}

function checkDeadLetterTopic({ deadLetterPolicy }: Subscription, broker: Broker): void {
  if (deadLetterPolicy === undefined) return;
  const { deadLetterTopic } = deadLetterPolicy;
  if (deadLetterTopic === undefined) {
    throw new InvalidArgument({
      field: "subscription.deadLetterPolicy.deadLetterTopic",
      message: "The policy names no topic.",
    });
  }
  broker.topic(deadLetterTopic);
}

/** The settings, with what the topic adds to them today. */
function shown({ config, topic }: SubscriptionRecord): Subscription {
  const kept = topic?.config.messageRetentionDuration;
  return { ...config, ...(kept !== undefined && { topicMessageRetentionDuration: kept }) };
}
