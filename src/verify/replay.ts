/** What names one experiment, so that it can be made again: `Orders/cancel/twice/1234/0:3:1`. */

export interface Replay {
  readonly service: string;
  readonly method: string;
  readonly claim: string;
  readonly seed: number;
  /** Fast-check's path to the experiment. */
  readonly path: string;
}

const FORM = /^(\w+)\/(\w+)\/([a-z-]+)\/(-?\d+)\/([\d:]+)$/;

export function replayOf({ service, method, claim, seed, path }: Replay): string {
  return [service, method, claim, seed, path].join("/");
}

/** Undefined where the text is none. */
export function parseReplay(text: string): Replay | undefined {
  const [, service, method, claim, seed, path] = FORM.exec(text) ?? [];
  if (service === undefined || method === undefined || claim === undefined || path === undefined) return undefined;
  return { service, method, claim, seed: Number(seed), path };
}
