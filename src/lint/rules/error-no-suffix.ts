/** Errors are not called errors. */
import { namingRule } from "../naming.js";

export const errorNoSuffix = namingRule({
  slug: "error-no-suffix",
  kinds: ["error"],
  better: (name) => name.replace(/(?<=[a-z0-9])(Error|Exception|Fault)$/, ""),
  fault: "says that it is an error, which its declaration does",
  why: "`throws NotFound` reads as what happened. The fix keeps the name on the wire by `@wireName`.",
  bad: `package shop;
error NotFoundError {}
service Orders {
  @readonly get() throws NotFoundError;
}
`,
  good: `package shop;
error NotFound {}
service Orders {
  @readonly get() throws NotFound;
}
`,
});
