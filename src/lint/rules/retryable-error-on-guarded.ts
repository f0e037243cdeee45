/** A `@retryable` error of a method that is never tried again. */
import { rule } from "../rule.js";

export const retryableErrorOnGuarded = rule({
  slug: "retryable-error-on-guarded",
  set: "recommended",
  severity: "warning",
  why: "Guarded calls record their declared errors: asking again brings the same. `@retryable` has an effect on `@readonly` and `@idempotent` methods.",
  bad: `package shop;
@retryable error Busy {}
service Orders {
  @atMostOnce place() -> u32 throws Busy;
}
`,
  good: `package shop;
@retryable error Busy {}
service Orders {
  @idempotent place() -> u32 throws Busy;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      if (meaning.semantics === "readonly" || meaning.semantics === "idempotent") continue;
      for (const [at, name] of meaning.throws.entries()) {
        const error = program.index.declaration(name);
        const place = node.throws[at]?.span;
        if (error.kind === "error" && error.retryable && place !== undefined) report(place, `"${error.name}" is "@retryable", but "${meaning.name}" is "@${meaning.semantics}", and is not tried again after it.`, { help: "throw another error here" });
      }
    }
  },
});
