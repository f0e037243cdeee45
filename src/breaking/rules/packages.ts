/** Files, packages and what a release says of itself. */
import type { Declaration, SchemaFile } from "../../ir/schema.js";
import type { Span } from "../../text/span.js";
import { nameOf, placesOf } from "../describe.js";
import { findBy } from "../find-by.js";
import type { BreakingRule } from "../rule.js";

export const packageRemoved: BreakingRule = {
  slug: "package-removed",
  category: "package",
  severity: "error",
  step: "major",
  why: "Names on the wire begin with the package, and so do imports.",
  before: `package shop.orders;
alias A = u8;
`,
  after: `package shop.orders2;
alias A = u8;
`,
  near: `// a.idl:
package shop.orders;
alias A = u8;
// b.idl:
package shop.orders2;
alias A = u8;
`,
  check(delta, report) {
    const left = packagesOf(delta.after.schema.files);
    for (const [name, { path }] of packagesOf(delta.before.schema.files)) if (!left.has(name)) report({ span: undefined, was: startOf(path), message: `The package "${name}" is gone.`, help: "keep it beside the new one until nobody uses it", affects: ["old client", "old server"] });
  },
};

export const fileRemoved: BreakingRule = {
  slug: "file-removed",
  category: "package",
  severity: "error",
  step: "major",
  why: "Generated files are called as their source: imports of them break.",
  before: `// a.idl:
package shop;
alias A = u8;
// b.idl:
package shop;
alias B = u8;
`,
  after: `// a.idl:
package shop;
alias A = u8;
alias B = u8;
`,
  near: `// a.idl:
package shop;
alias A = u8;
alias C = u8;
// b.idl:
package shop;
alias B = u8;
`,
  check(delta, report) {
    const left = new Set(delta.after.schema.files.map(({ path }) => path));
    for (const { path } of delta.before.schema.files) if (!left.has(path)) report({ span: undefined, was: startOf(path), message: `The file "${path}" is gone, and with it what was generated from it.`, help: "leave a file of that name which imports what moved, or release a major version" });
  },
};

export const fileAdded: BreakingRule = {
  slug: "file-added",
  category: "package",
  severity: "info",
  step: "minor",
  why: "There is more to import.",
  before: `// a.idl:
package shop;
alias A = u8;
`,
  after: `// a.idl:
package shop;
alias A = u8;
// b.idl:
package shop;
alias B = u8;
`,
  near: `// a.idl:
package shop;
alias A = u8;
alias B = u8;
`,
  check(delta, report) {
    const known = new Set(delta.before.schema.files.map(({ path }) => path));
    for (const { path } of delta.after.schema.files) if (!known.has(path)) report({ span: startOf(path), message: `The file "${path}" is new.` });
  },
};

export const declarationMoved: BreakingRule = {
  slug: "declaration-moved",
  category: "package",
  severity: "error",
  step: "major",
  why: "It is generated into another file: imports of it break.",
  before: `// a.idl:
package shop;
alias A = u8;
alias Z = u8;
// b.idl:
package shop;
alias B = u8;
`,
  after: `// a.idl:
package shop;
alias Z = u8;
// b.idl:
package shop;
alias B = u8;
alias A = u8;
`,
  near: `// a.idl:
package shop;
alias Z = u8;
alias A = u8;
// b.idl:
package shop;
alias B = u8;
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.declarations) {
      const [was, is] = [delta.before.fileOf(old.fullName).path, delta.after.fileOf(fresh.fullName).path];
      if (was !== is) report({ span: fresh.span, was: old.span, message: `"${fresh.fullName}" stood in "${was}", and stands in "${is}".`, help: "leave it there, or release a major version" });
    }
  },
};

export const declarationAdded: BreakingRule = {
  slug: "declaration-added",
  category: "package",
  severity: "info",
  step: "minor",
  why: "There is more to use.",
  before: `package shop;
alias A = u8;
`,
  after: `package shop;
alias A = u8;
alias B = u8;
`,
  near: `package shop;
/// Documented.
alias A = u8;
`,
  check(delta, report) {
    const removed = new Set(delta.removed.map(({ fullName }) => fullName));
    for (const added of delta.added) {
      if (!removed.has(added.fullName)) report({ span: added.span, message: `The ${added.kind} "${added.fullName}" is new.` });
    }
  },
};

export const deprecationAdded: BreakingRule = {
  slug: "deprecation-added",
  category: "package",
  severity: "info",
  step: "minor",
  why: "Its users get a note, and know that it will go.",
  before: `package shop;
alias A = u8;
`,
  after: `package shop;
@deprecated("use B") alias A = u8;
`,
  near: `package shop;
/// Old.
alias A = u8;
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.declarations) {
      if (old.deprecated === undefined && fresh.deprecated !== undefined) report({ span: fresh.span, was: old.span, message: `"${fresh.fullName}" is deprecated now.` });
    }
    for (const { service, old, new: fresh } of delta.methods) {
      if (old.deprecated === undefined && fresh.deprecated !== undefined) report({ span: fresh.span, was: old.span, message: `"${service.new.name}.${fresh.name}" is deprecated now.` });
    }
    for (const pair of delta.properties) {
      if (pair.old.deprecated === undefined && pair.new.deprecated !== undefined) report({ ...placesOf(pair), message: `"${nameOf(pair.holder, pair.new)}" is deprecated now.` });
    }
    for (const { old, new: fresh } of delta.enums) {
      for (const member of fresh.members) {
        const was = findBy(old.members, "number", member.number);
        if (was !== undefined && was.deprecated === undefined && member.deprecated !== undefined) report({ span: member.span, was: was.span, message: `"${fresh.name}.${member.name}" is deprecated now.` });
      }
    }
  },
};

export const documentationChanged: BreakingRule = {
  slug: "documentation-changed",
  category: "package",
  severity: "info",
  step: "patch",
  why: "Readers of generated code see it.",
  before: `package shop;
/// One.
alias A = u8;
`,
  after: `package shop;
/// Two.
alias A = u8;
`,
  near: `package shop;
/// One.
alias A = u8;
// Two.
`,
  check(delta, report) {
    for (const { old, new: fresh } of delta.declarations) {
      const [was, is] = [documentationOf(old), documentationOf(fresh)];
      if ([...is].some(([name, doc]) => was.has(name) && was.get(name) !== doc)) report({ span: fresh.span, was: old.span, message: `The documentation of "${fresh.fullName}", or of something in it, has changed.` });
    }
  },
};

/** The first file of each. */
function packagesOf(files: readonly SchemaFile[]): ReadonlyMap<string, SchemaFile> {
  return new Map([...files].reverse().map((file) => [file.package, file]));
}

function startOf(file: string): Span {
  return { file, start: 0, end: 0 };
}

/** The documentation of everything in a declaration that has a name. */
function documentationOf(declaration: Declaration): ReadonlyMap<string, string | undefined> {
  const parts: readonly { readonly name: string; readonly doc?: string }[] = [
    ...("fields" in declaration ? declaration.fields : []),
    ...("members" in declaration ? declaration.members : []),
    ...(declaration.kind === "service" ? declaration.methods : []),
  ];
  return new Map([["", declaration.doc], ...parts.map(({ name, doc }) => [name, doc] as const)]);
}
