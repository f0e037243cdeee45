/** Checks the promises of methods and of the services that give them defaults: semantics, retries, deadlines, streams. */
import type { Collector } from "../diagnostics/collector.js";
import type { Semantics } from "../ir/schema.js";
import type { Identifier, MethodNode, ServiceNode } from "../parser/ast.js";
import type { LoadedFile } from "./program.js";
import type { Annotations, Applied, AppliedAnnotation } from "./read-annotations.js";
import type { Names } from "./resolve-names.js";
import { showLiteral } from "./values.js";

/** What a method promises, its service's defaults included. */
export interface MethodFacts {
  readonly semantics: Semantics;
  readonly semanticsStated: boolean;
  readonly retainMs?: number;
  readonly deadlineMs?: number;
  readonly attempts?: number;
  readonly hedge: boolean;
  /** Full names. */
  readonly throws: readonly string[];
}

const semanticsNames: readonly Semantics[] = ["readonly", "idempotent", "atMostOnce", "exactlyOnce", "failStop"];
/** Annotations that need the whole request and the one answer. */
const unaryOnly: ReadonlySet<string> = new Set(["exactlyOnce", "failStop", "hedge", "batch"]);
const mostAttempts = 10;
/** Timers of JavaScript count milliseconds in 31 bits, which is a little more than this. */
const longestDeadline = { name: "24d", ms: 24 * 86_400_000 };
const longestRetention = { name: "365d", ms: 365 * 86_400_000 };

interface Promises {
  readonly semantics?: AppliedAnnotation;
  readonly retry?: AppliedAnnotation;
  readonly facts: Pick<MethodFacts, "retainMs" | "deadlineMs" | "attempts">;
}

export class MethodChecker {
  readonly #names: Names;
  readonly #annotations: Annotations;
  readonly #found: Collector;
  readonly #facts = new Map<MethodNode, MethodFacts>();

  constructor(names: Names, annotations: Annotations, found: Collector) {
    this.#names = names;
    this.#annotations = annotations;
    this.#found = found;
  }

  /** What `checkService` found a method to promise. */
  factsOf(method: MethodNode): MethodFacts {
    return this.#facts.get(method) ?? { semantics: "atMostOnce", semanticsStated: false, hedge: false, throws: [] };
  }

  /** To be called when the annotations of the service and its methods have been read. */
  checkService(service: ServiceNode, file: LoadedFile): void {
    const defaults = this.#read(this.#annotations.of(service));
    const semantics = semanticsOf(defaults);
    if (defaults.retry && semantics && isGuarded(semantics)) {
      this.#refuseRetry(defaults.retry, `the methods of "${service.name.text}"`, semantics, true);
    }
    for (const method of service.methods) this.#facts.set(method, this.#checkMethod(method, defaults, file));
  }

  #checkMethod(method: MethodNode, defaults: Promises, file: LoadedFile): MethodFacts {
    const applied = this.#annotations.of(method);
    const own = this.#read(applied);
    const stated = semanticsOf(own) ?? semanticsOf(defaults);
    const semantics = stated ?? "atMostOnce";
    const name = method.name.text;

    const hedge = applied.builtIn.get("hedge");
    if (hedge && semantics !== "readonly") this.#found.report("RPC3002", hedge.node.span, { method: name, semantics });
    if (own.retry && isGuarded(semantics)) this.#refuseRetry(own.retry, `"${name}"`, semantics, stated !== undefined);
    else if (!own.retry && defaults.retry && stated === undefined) this.#refuseInheritedRetry(method, defaults.retry);
    this.#checkStreams(method, own, defaults, applied);

    const isStreaming = method.parameters.kind === "stream" || method.result?.stream === true;
    const { retainMs, deadlineMs, attempts } = {
      ...(semanticsOf(own) === undefined && { retainMs: defaults.facts.retainMs }),
      // A stream has a progress timeout in place of a default deadline.
      ...(!isStreaming && { deadlineMs: defaults.facts.deadlineMs }),
      ...(!isGuarded(semantics) && { attempts: defaults.facts.attempts }),
      ...own.facts,
    };
    return {
      semantics,
      semanticsStated: stated !== undefined,
      ...(retainMs !== undefined && { retainMs }),
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(attempts !== undefined && { attempts }),
      hedge: hedge !== undefined,
      throws: this.#checkThrows(method, file),
    };
  }

  /** What annotations promise on one thing, its contradictions reported. */
  #read(applied: Applied): Promises {
    const stated = [...applied.builtIn.values()].filter(({ node }) =>
      semanticsNames.some((each) => each === node.name.text),
    );
    const [semantics, ...others] = stated;
    for (const { node } of others) {
      if (semantics === undefined) break;
      const related = [{ message: "the other promise is here", span: semantics.node.span }];
      this.#found.report(
        "RPC3001",
        node.span,
        { first: semantics.node.name.text, second: node.name.text },
        { related },
      );
    }
    const retry = applied.builtIn.get("retry");
    const attempts = retry && this.#attempts(retry);
    const deadlineMs = this.#milliseconds(applied.builtIn.get("deadline"), "value", "deadline", longestDeadline);
    const retainMs = this.#milliseconds(applied.builtIn.get("exactlyOnce"), "retain", "retention", longestRetention);
    return {
      ...(semantics && { semantics }),
      ...(retry && { retry }),
      facts: {
        ...(retainMs !== undefined && { retainMs }),
        ...(deadlineMs !== undefined && { deadlineMs }),
        ...(attempts !== undefined && { attempts }),
      },
    };
  }

  #attempts(retry: AppliedAnnotation): number | undefined {
    const value = retry.values.get("attempts");
    const literal = retry.literals.get("attempts");
    if (value?.kind !== "int" || literal === undefined) return undefined;
    const attempts = Number(value.value);
    if (attempts >= 1 && attempts <= mostAttempts) return attempts;
    this.#found.report("RPC3004", literal.span, { attempts: value.value, most: mostAttempts });
    return undefined;
  }

  #milliseconds(
    annotation: AppliedAnnotation | undefined,
    parameter: string,
    argument: string,
    longest: { readonly name: string; readonly ms: number },
  ): number | undefined {
    const value = annotation?.values.get(parameter);
    const literal = annotation?.literals.get(parameter);
    if (value?.kind !== "duration" || literal === undefined) return undefined;
    const nanos = BigInt(value.value);
    const ms = Number(nanos / 1_000_000n);
    if (nanos % 1_000_000n === 0n && ms >= 1 && ms <= longest.ms) return ms;
    this.#found.report("RPC3008", literal.span, {
      argument,
      value: showLiteral(literal),
      least: "1ms",
      most: longest.name,
    });
    return undefined;
  }

  #refuseRetry(retry: AppliedAnnotation, subject: string, semantics: Semantics, stated: boolean): void {
    this.#found.report("RPC3003", retry.node.span, { subject, semantics, stated });
  }

  #refuseInheritedRetry(method: MethodNode, retry: AppliedAnnotation): void {
    const related = [{ message: "the service's default is here", span: retry.node.span }];
    const args = { subject: `"${method.name.text}"`, semantics: "atMostOnce", stated: false };
    this.#found.report("RPC3003", method.name.span, args, { related });
  }

  /** Some promises are about one request or one answer, and cannot be kept of a stream. */
  #checkStreams(method: MethodNode, own: Promises, defaults: Promises, applied: Applied): void {
    const name = method.name.text;
    const takesStream = method.parameters.kind === "stream";
    if (method.parameters.kind === "stream") {
      for (const other of method.parameters.others)
        this.#found.report("RPC3006", other.name.span, { method: name, name: other.name.text });
    }
    const inherited = own.semantics === undefined ? defaults.semantics : undefined;
    for (const annotation of [own.semantics, inherited, applied.builtIn.get("hedge"), applied.builtIn.get("batch")]) {
      const word = annotation?.node.name.text;
      if (annotation === undefined || word === undefined || !unaryOnly.has(word)) continue;
      const at: Identifier["span"] = annotation === inherited ? method.name.span : annotation.node.span;
      const related =
        annotation === inherited ? [{ message: "the service's default is here", span: annotation.node.span }] : [];
      const args = { annotation: word, method: name };
      if (takesStream) this.#found.report("RPC3005", at, args, { related });
      else if (method.result?.stream === true) this.#found.report("RPC3010", at, args, { related });
    }
  }

  #checkThrows(method: MethodNode, file: LoadedFile): readonly string[] {
    const first = new Map<string, MethodNode["throws"][number]>();
    for (const name of method.throws) {
      const declared = this.#names.resolve(name, file, "error");
      if (declared === undefined) continue;
      const earlier = first.get(declared.fullName);
      if (earlier === undefined) {
        first.set(declared.fullName, name);
        continue;
      }
      const related = [{ message: "first listed here", span: earlier.span }];
      this.#found.report("RPC3007", name.span, { name: name.text, method: method.name.text }, { related });
    }
    return [...first.keys()];
  }
}

function semanticsOf(promises: Promises): Semantics | undefined {
  return semanticsNames.find((each) => each === promises.semantics?.node.name.text);
}

/** Whether a second run would break the promise, so that nothing may be sent again. */
function isGuarded(semantics: Semantics): boolean {
  return semantics === "atMostOnce" || semantics === "failStop";
}
