/** A call with one answer to one request, on its server. A guarded one may be another attempt, and outlive its connection. */
import { RpcError } from "../errors.js";
import { FrameError } from "../frame-reader.js";
import { Kind } from "../protocol/frame.js";
import type { Candidate } from "./admission.js";
import { recordsName } from "./authentication.js";
import type { Answer, Asker, CallGuard, Place, Ticket } from "./guard.js";
import { ownAnswer, rolledBack, thrownAnswer, untaken } from "./handler-answer.js";
import { ServerCall, type ServerCallInit } from "./server-call.js";

export class ServedUnary extends ServerCall implements Candidate, Asker {
  previous: Candidate | undefined;
  next: Candidate | undefined;
  readonly #guard: CallGuard | undefined;
  #request: unknown;
  /** The right to run a guarded call. */
  #ticket: Ticket | undefined;
  /** The place of one who waits for an earlier attempt, or for its turn. */
  #place: Place | undefined;

  constructor(init: ServerCallInit) {
    super(init);
    this.#guard = init.host.guards.of[init.method.semantics];
  }

  granted(ticket: Ticket): void {
    this.#ticket = ticket;
    this.#place = undefined;
    if (this.over) this.refused();
    else this.#admit();
  }

  attached(place: Place): void {
    this.#place = place;
  }

  answered(answer: Answer): void {
    if (!this.over) this.answer(answer);
  }

  deserted(reason: RpcError | undefined): void {
    if (reason?.reason === "SESSION_REVOKED") return this.terminate(reason);
    if (!this.over || (reason === undefined && this.heapIndex >= 0)) return;
    this.#abandon(reason ?? new RpcError({ code: "CANCELLED", message: "nobody waits for the call" }));
  }

  admitted(waited: boolean): void {
    if (this.over && this.#ticket?.awaited !== true) {
      this.host.admission.leave();
      this.refused();
    } else if ((waited || !this.timely) && this.context.remainingMs() <= 0) {
      this.host.admission.leave();
      this.due();
    } else this.#run();
  }

  displaced(): void {
    this.shed("the server's queue is full of calls that are needed more");
  }

  get rank(): number {
    return this.head.rank;
  }

  override item(): void {
    throw new FrameError("the call takes no elements");
  }

  override end(): void {
    throw new FrameError("the call takes no elements");
  }

  override grant(): void {}

  /** Who holds a ticket runs on until its deadline: the caller comes back for the outcome. */
  override lost(error: RpcError): void {
    if (this.#ticket?.outlivesConnection === true) {
      this.over = true;
      this.host.orphans.add(this);
      this.ended("CANCELLED", undefined, "unknown");
      return;
    }
    this.#place?.leave(undefined);
    this.#place = undefined;
    this.leave(new RpcError({ code: "CANCELLED", message: error.message, cause: error.cause }));
  }

  override due(): void {
    const executed = this.started || this.#place !== undefined ? "unknown" : "no";
    this.terminate(this.#late(executed));
  }

  override terminate(error: RpcError): void {
    if (!this.over) this.leave(error, ownAnswer(error, error.executed));
    else if (this.#ticket !== undefined) this.#abandon(error);
  }

  protected override receive(payload: Uint8Array): void {
    this.#request = this.decode(payload);
  }

  protected override get keepsPayload(): boolean {
    return this.#guard !== undefined;
  }

  protected override recognised(payload: Uint8Array): void {
    if (this.#guard === undefined) return this.#admit();
    const { sequence, key, ackBelow, ageMs, attempt, hop, session } = this.head;
    const records = this.session.records.of(this.#guard, recordsName(this.context.principal, this.report));
    records.claim({ method: this.method, sequence, key, ackBelow, ageMs, attempt, hop, session, payload }, this);
  }

  /** A guarded call that does not begin leaves no record, and may be asked for again. */
  protected override refused(): void {
    this.letGo();
    this.#handBack()?.release(ownAnswer(new RpcError({ code: "UNAVAILABLE", message: "an earlier attempt did not begin" }), "no"));
  }

  protected override left(reason: RpcError): void {
    this.#place?.leave(reason);
    this.#ticket?.left?.();
    this.#abandon(reason);
  }

  /** Where the caller takes less than it asks for, the reply is dropped. */
  protected override answer(answer: Answer): void {
    const { length } = answer.payload;
    const dropped = answer.kind === Kind.REPLY && !this.session.hasRoomFor(answer.payload);
    super.answer(dropped ? ownAnswer(untaken(length, this.host.limits.retryAfterMs), "yes") : answer);
  }

  #admit(): void {
    if (!this.host.admission.enter(this)) this.shed("the server's queue is full");
  }

  #run(): void {
    this.started = true;
    const commit = this.#ticket?.commit?.bind(this.#ticket);
    if (commit !== undefined) return void this.#commit(commit);
    const request = this.#request;
    this.#request = undefined;
    this.handle(request);
  }

  async #commit(commit: NonNullable<Ticket["commit"]>): Promise<void> {
    let runs = 0;
    const answer = await commit(async (tx, payload) => {
      runs += 1;
      try {
        if (this.context.remainingMs() <= 0) throw this.#late("no");
        this.context.within(tx);
        const request = runs === 1 ? this.#request : this.decode(payload);
        return { kind: Kind.REPLY, payload: this.encode(await this.handler(request, this.context)) };
      } catch (error) {
        throw rolledBack(this.method, error, this.report);
      }
    });
    this.#leave();
    this.#complete(answer);
  }

  protected override returned(outcome: unknown): void {
    this.#leave();
    if (this.over && this.#ticket === undefined) return;
    let payload: Uint8Array;
    try {
      payload = this.encode(outcome);
    } catch (error) {
      return this.#complete(thrownAnswer(this.method, error, this.report));
    }
    this.#complete({ kind: Kind.REPLY, payload });
  }

  protected override threw(error: unknown): void {
    this.#leave();
    if (!this.over || this.#ticket !== undefined) this.#complete(thrownAnswer(this.method, error, this.report));
  }

  /** The handler came to its end. */
  #leave(): void {
    this.letGo();
    this.host.admission.leave();
  }

  /** What the handler gave is recorded first, for whoever asks again, and then sent. */
  #complete(answer: Answer): void {
    this.context.finish();
    this.#handBack()?.complete(answer);
    if (!this.over) this.answer(answer);
  }

  /** Nobody waits on this side. Those who wait beside it for a guarded call keep it running. */
  #abandon(reason: RpcError): void {
    if (this.#ticket !== undefined && this.started && this.#ticket.awaited) return;
    this.context.abort(reason);
    if (this.started) return;
    this.host.admission.withdraw(this);
    this.refused();
  }

  /** The run is over, or will not be. */
  #handBack(): Ticket | undefined {
    const ticket = this.#ticket;
    if (ticket === undefined) return undefined;
    this.#ticket = undefined;
    if (this.over) {
      this.host.timers.clear(this);
      this.host.orphans.delete(this);
    }
    return ticket;
  }

  #late(executed: "no" | "unknown"): RpcError {
    return new RpcError({ code: "DEADLINE_EXCEEDED", executed, message: `${this.method.path} was not done in time` });
  }
}
