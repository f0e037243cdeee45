/** A stable package does not use a preview. */
import { rule } from "../rule.js";

export const stableImportsUnstable = rule({
  slug: "stable-imports-unstable",
  set: "recommended",
  severity: "warning",
  why: "What is announced as stable changes with every preview that it is built from.",
  bad: `// preview.idl:
package shop.money.v1beta1;
struct Money { cents: i64; }
// orders.idl:
package shop.orders.v1;
import "./preview.idl";
message Order { total: Money = 1; }
`,
  good: `// preview.idl:
package shop.money.v1;
struct Money { cents: i64; }
// orders.idl:
package shop.orders.v1;
import "./preview.idl";
message Order { total: Money = 1; }
`,
  check(program, report) {
    const packages = new Map(program.files.map(({ source, schema }) => [source.path, schema.package]));
    for (const { node, schema } of program.files) {
      if (isPreview(schema.package)) continue;
      for (const [at, { path }] of schema.imports.entries()) {
        const used = packages.get(path);
        const written = node.imports[at];
        if (used !== undefined && written !== undefined && isPreview(used)) report(written.path.span, `"${schema.package}" is stable and uses the preview "${used}".`, { help: "wait for its release, or be a preview too" });
      }
    }
  },
});

function isPreview(name: string): boolean {
  return /(^|\.)v[0-9]+(alpha|beta|test)[0-9]*(\.|$)/.test(name);
}
