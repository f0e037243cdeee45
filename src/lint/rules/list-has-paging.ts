/** A method that lists takes pages. */
import { rule } from "../rule.js";
import { isCollection, verbOf } from "../types.js";
import { endsWith } from "../words.js";

const PAGING = new Set(["page", "page token", "page size", "cursor", "offset", "limit", "after"]);

export const listHasPaging = rule({
  slug: "list-has-paging",
  set: "recommended",
  severity: "warning",
  why: "A list that fits in one answer today will not for ever, and paging cannot be added without changing every caller.",
  bad: `package shop;
service Orders {
  @readonly listOrders() -> string[];
}
`,
  good: `package shop;
message Page {
  orders: string[] = 1;
  nextPageToken?: string = 2;
}
service Orders {
  @readonly listOrders(pageToken?: string) -> Page;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      const { parameters } = meaning;
      if (!/^(list|search|query)$/.test(verbOf(meaning.name)) || meaning.result === undefined || meaning.result.stream) continue;
      if (parameters.kind === "fields" && parameters.fields.some(({ name }) => endsWith(name, PAGING))) continue;
      if (isCollection(program, meaning.result.type)) report(node.name.span, `"${meaning.name}" answers with all there is.`, { help: "answer with a message that has a token for the next page, or with a stream" });
    }
  },
});
