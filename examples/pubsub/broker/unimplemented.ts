/** What this server does not do, said in words instead of done wrong. The README lists the same. */
import { RpcError } from "@rpcgen/runtime";
import type { Subscription } from "../gen/subscription.js";
import type { Topic } from "../gen/topic.js";
import type { PushConfig } from "../gen/delivery.js";
import type { MessageTransform } from "../gen/transform.js";

/** Ends the call with UNIMPLEMENTED. The sentence says what is missing. */
export function unimplemented(sentence: string): never {
  throw new RpcError({ code: "UNIMPLEMENTED", message: sentence, executed: "no" });
}

/** @throws RpcError UNIMPLEMENTED if the topic would do what this server cannot. */
export function refuseTopicFeatures(topic: Topic): void {
  if (topic.ingestionDataSourceSettings?.source !== undefined)
    unimplemented("Ingestion from other systems is not implemented: messages come by publish alone.");
  refuseTransforms(topic.messageTransforms);
}

/** @throws RpcError UNIMPLEMENTED if the subscription would do what this server cannot. */
export function refuseSubscriptionFeatures(subscription: Subscription): void {
  refusePush(subscription.pushConfig);
  if (subscription.bigqueryConfig !== undefined)
    unimplemented("Delivery to BigQuery is not implemented: messages are pulled.");
  if (subscription.bigtableConfig !== undefined)
    unimplemented("Delivery to Bigtable is not implemented: messages are pulled.");
  if (subscription.cloudStorageConfig !== undefined)
    unimplemented("Delivery to Cloud Storage is not implemented: messages are pulled.");
  if ((subscription.filter ?? "") !== "")
    unimplemented("Filters are not implemented: a subscription gets every message of its topic.");
  refuseTransforms(subscription.messageTransforms);
}

/** @throws RpcError UNIMPLEMENTED for a push that is not empty. */
export function refusePush(push: PushConfig | undefined): void {
  if ((push?.pushEndpoint ?? "") !== "") unimplemented("Push delivery is not implemented: messages are pulled.");
}

function refuseTransforms(transforms: readonly MessageTransform[] | undefined): void {
  const active = transforms?.some((step) => step.disabled !== true) ?? false;
  if (active) unimplemented("Message transforms are not implemented: only disabled ones may be stored.");
}
