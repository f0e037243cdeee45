/** The part of the `Subscriber` service that is about snapshots, and the seek that uses them. */
import type { Broker } from "../broker/broker.js";
import { applyMask } from "../broker/field-mask.js";
import { pageOf } from "../broker/pages.js";
import { checkName, checkProject, newName, projectOf } from "../broker/resource-names.js";
import type { SubscriptionRecord } from "../broker/subscription.js";
import { FailedPrecondition, InvalidArgument } from "../gen/errors.js";
import type { SubscriberHandlers } from "../gen/pubsub.js";

type SnapshotMethod = "getSnapshot" | "listSnapshots" | "createSnapshot" | "updateSnapshot" | "deleteSnapshot" | "seek";

export function snapshotHandlers(broker: Broker): Pick<SubscriberHandlers, SnapshotMethod> {
  return {
    getSnapshot: ({ request }) => broker.snapshot(request.snapshot).config,

    listSnapshots({ request }) {
      checkProject(request.project, "project");
      const snapshots = [...broker.snapshots.values()].filter(({ name }) => projectOf(name) === request.project);
      const { items, nextPageToken } = pageOf(snapshots, ({ name }) => name, request);
      return { snapshots: items.map(({ config }) => config), nextPageToken };
    },

    createSnapshot({ request }) {
      const subscription = broker.subscription(request.subscription);
      const name = request.name === "" ? newName(projectOf(request.subscription), "snapshots") : request.name;
      checkName("snapshots", name, "name");
      return broker.addSnapshot(name, subscription, request.labels).config;
    },

    updateSnapshot({ request }) {
      const snapshot = broker.snapshot(request.snapshot.name ?? "");
      snapshot.config = applyMask(snapshot.config, request.snapshot, request.updateMask, ["labels"]);
      return snapshot.config;
    },

    deleteSnapshot({ request }) {
      broker.removeSnapshot(request.snapshot);
    },

    seek({ request }) {
      const subscription = broker.subscription(request.subscription);
      switch (request.target?.kind) {
        case "time":
          seekToTime(subscription, request.target.value.getTime());
          return {};
        case "snapshot":
          seekToSnapshot(broker, subscription, request.target.value);
          return {};
        default:
          throw new InvalidArgument({ field: "target", message: "The request says neither a time nor a snapshot." });
      }
    },
  };
}

function seekToTime({ backlog, topic }: SubscriptionRecord, time: number): void {
  backlog.restore(topic?.log ?? [], (message) => message.publishedAt < time);
}

function seekToSnapshot(broker: Broker, { backlog, name, topic }: SubscriptionRecord, snapshotName: string): void {
  const snapshot = broker.snapshot(snapshotName);
  if (topic?.snapshots.has(snapshot) !== true) {
    throw new FailedPrecondition({ resource: name, message: `"${snapshotName}" is a snapshot of another topic.` });
  }
  const unacknowledged = new Set(snapshot.messages);
  backlog.restore(unacknowledged, (message) => !unacknowledged.has(message));
}
