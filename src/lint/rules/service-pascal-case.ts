/** Services are called in PascalCase. */
import { namingRule } from "../naming.js";
import { inPascalCase } from "../words.js";

export const servicePascalCase = namingRule({
  slug: "service-pascal-case",
  kinds: ["service"],
  better: inPascalCase,
  fault: "is not in PascalCase",
  why: "A service becomes a class. Its name on the wire stays what it was: the fix keeps it by `@wireName`.",
  bad: `package shop;
service order_api {
  @readonly get();
}
`,
  good: `package shop;
service OrderApi {
  @readonly get();
}
`,
});
