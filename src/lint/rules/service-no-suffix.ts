/** Services are not called services. */
import { namingRule } from "../naming.js";

export const serviceNoSuffix = namingRule({
  slug: "service-no-suffix",
  set: "strict",
  kinds: ["service"],
  better: (name) => name.replace(/(?<=[a-z0-9])(Service|Svc|Api|API)$/, ""),
  fault: "says that it is a service, which its declaration does",
  why: "The client is `OrdersClient` and the handlers `OrdersHandlers`; a suffix of its own makes `OrdersServiceClient` of it.",
  bad: `package shop;
service OrdersService {
  @readonly get();
}
`,
  good: `package shop;
service Orders {
  @readonly get();
}
`,
});
