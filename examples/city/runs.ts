/** Counts how often each handler of a service really ran, so that the story can compare it with what a caller saw. */
export class Runs {
  readonly #counts = new Map<string, number>();

  add(method: string, by = 1): void {
    this.#counts.set(method, (this.#counts.get(method) ?? 0) + by);
  }

  snapshot(): Map<string, number> {
    return new Map(this.#counts);
  }
}
