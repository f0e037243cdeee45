/** Plans of the kit as arbitraries of fast-check: what the printed kit does when it is loaded. */
import type * as FastCheck from "fast-check";
import { errorText } from "../diagnostics/error-text.js";
import { Drawing } from "../emit/kit/draw-type.js";
import { DEPTH, isPlan, type Argument, type Plan } from "../emit/kit/plan.js";
import type { SchemaIndex } from "../ir/schema-index.js";
import type { Method } from "../ir/schema.js";
import { SubjectError } from "./subject-error.js";

type Arbitrary = FastCheck.Arbitrary<unknown>;

export class Arbitraries {
  readonly #fc: typeof FastCheck;
  readonly #drawing: Drawing;
  readonly #plans: ReadonlyMap<string, Plan>;
  readonly #made = new Map<string, Arbitrary>();

  constructor(fc: typeof FastCheck, index: SchemaIndex) {
    this.#fc = fc;
    this.#drawing = new Drawing(index);
    this.#plans = new Map(this.#drawing.circles.flat().map((each) => [each.fullName, this.#drawing.declaration(each)]));
  }

  /** Parameters, or the elements of a request stream. */
  request(method: Method): Arbitrary {
    return this.#plan(this.#drawing.request(method), DEPTH);
  }

  /** Of a declared type, by its full name. */
  type(name: string, depth: number = DEPTH): Arbitrary {
    const key = `${name} ${this.#drawing.isRecursive(name) ? depth : ""}`;
    let made = this.#made.get(key);
    if (made === undefined) {
      const plan = this.#plans.get(name);
      if (plan === undefined) throw new Error(`there is no type ${name}`);
      made = this.#plan(plan, depth);
      this.#made.set(key, made);
    }
    return made;
  }

  #plan(plan: Plan, depth: number): Arbitrary {
    switch (plan.kind) {
      case "call":
        return this.#call(plan, depth);
      case "reference":
        return this.type(plan.type, this.#drawing.isRecursive(plan.type) && plan.step === 0 ? DEPTH : depth - plan.step);
      case "bounded":
        return this.#plan(depth > 0 ? plan.deep : plan.flat, depth);
      case "empty":
        return this.#fc.constant(null).map(() => (plan.of === "list" ? [] : new Map()));
      case "longEnough":
        return this.#plan(plan.of, depth).filter((text) => (text as string).length >= plan.length);
      case "enum":
        return this.#plan(plan.of, depth);
    }
  }

  #call({ name, args }: Extract<Plan, { readonly kind: "call" }>, depth: number): Arbitrary {
    const make = this.#fc[name] as (...given: unknown[]) => Arbitrary;
    const given = args.map((argument) => this.#argument(argument, depth));
    try {
      return make(...given);
    } catch (error) {
      if (name !== "stringMatching") throw error;
      const reason = errorText(error);
      throw new SubjectError(`fast-check draws no text for @pattern(${JSON.stringify(String(given[0]))}): ${reason}`, "write the pattern with simpler classes");
    }
  }

  #argument(argument: Argument, depth: number): unknown {
    if (typeof argument !== "object") return argument;
    if (isPlan(argument)) return this.#plan(argument, depth);
    switch (argument.kind) {
      case "date":
        return new Date(argument.iso);
      case "pattern":
        return new RegExp(argument.source, "u");
      case "list":
        return argument.items.map((item) => this.#argument(item, depth));
      case "object":
        return Object.fromEntries(argument.entries.map(([key, value]) => [key, this.#argument(value, depth)]));
    }
  }
}
