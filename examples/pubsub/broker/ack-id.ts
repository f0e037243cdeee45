/** An ack id names a subscription, a message in it and one delivery of that message. To a client it is opaque. */

export interface AckIdParts {
  readonly subscription: number;
  readonly sequence: number;
  readonly delivery: number;
}

export function formatAckId(parts: AckIdParts): string {
  return `ack-${parts.subscription}-${parts.sequence}-${parts.delivery}`;
}

/** Undefined if the server never made it. */
export function parseAckId(text: string): AckIdParts | undefined {
  const match = /^ack-(\d{1,15})-(\d{1,15})-(\d{1,15})$/.exec(text);
  if (match === null) return undefined;
  return { subscription: Number(match[1]), sequence: Number(match[2]), delivery: Number(match[3]) };
}
