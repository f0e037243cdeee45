/** A message as the broker keeps it: once, however many subscriptions have it in their backlog. */

export interface StoredMessage {
  /** Ascends by one from message to message, over all topics. */
  readonly sequence: number;
  readonly id: string;
  readonly data: Uint8Array;
  readonly attributes: ReadonlyMap<string, string>;
  /** Empty: in no order with any other. */
  readonly orderingKey: string;
  /** Milliseconds since the epoch. */
  readonly publishedAt: number;
}

/** What a message weighs in flow control, in bytes: its data, and its attributes by their characters. */
export function weight(message: StoredMessage): number {
  let sum = message.data.length;
  for (const [name, value] of message.attributes) sum += name.length + value.length;
  return sum;
}
