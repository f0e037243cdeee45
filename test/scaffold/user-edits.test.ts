/** Whatever a user made of the handlers: scaffold adds what is missing, and nothing that was written changes. */
import fc from "fast-check";
import { Project, ts } from "ts-morph";
import { beforeAll, describe, expect, test } from "vitest";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "../../src/index.js";
import type { Service } from "../../src/ir/schema.js";
import { scaffold } from "../../src/scaffold/scaffold.js";
import { IDL, METHODS, userModules } from "./user-edits.js";

const folder = fileURLToPath(new URL("virtual", import.meta.url));
const place = path.join(folder, "handlers.ts");

describe("handlers after edits of a user", { timeout: 170_000 }, () => {
  let services: readonly Service[];
  let project: Project;

  beforeAll(async () => {
    const { schema, outputs } = await compile({ sources: { "orders.idl": IDL } });
    services = (schema?.files ?? []).flatMap(({ declarations }) => declarations.filter((each) => each.kind === "service"));
    project = new Project({
      skipAddingFilesFromTsConfig: true,
      compilerOptions: { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: [], lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.esnext.disposable.d.ts"] },
    });
    for (const { path: name, text } of outputs) project.createSourceFile(path.join(folder, "gen", name), text, { overwrite: true });
  });

  const extend = (text: string | undefined) => scaffold({ path: "handlers.ts", text, services, generated: "./gen/orders.js" }, ts, async (printed) => printed);
  const problems = (text: string): string[] => {
    const file = project.createSourceFile(place, text, { overwrite: true });
    return file.getPreEmitDiagnostics().map((found) => `${found.getLineNumber()}: ${ts.flattenDiagnosticMessageText(found.compilerObject.messageText, "\n")}`);
  };

  test("a new module type-checks", async () => {
    const { text = "", added } = await extend(undefined);
    expect(added).toHaveLength(METHODS.length);
    expect(problems(text)).toEqual([]);
  });

  test("a missing handler would be seen", async () => {
    const { text = "" } = await extend(undefined);
    expect(problems(text.replace("async get(", "async got("))).not.toEqual([]);
  });

  test("the result has every handler and type-checks, what was written stays, and a second run has nothing to do", async () => {
    await fc.assert(
      fc.asyncProperty(userModules, async ({ text, given }) => {
        const { text: after = "", added, diagnostics } = await extend(text);
        expect(diagnostics).toEqual([]);
        const inSpread = text.includes("...part") && !given.includes("get") ? ["get"] : [];
        expect(added).toHaveLength(METHODS.length - given.length - inSpread.length);
        expect(after.match(/UNIMPLEMENTED/g) ?? []).toHaveLength(added.length);
        expect(leftOver(text, after)).toBe("");
        if (text.includes("\r\n")) expect(after.replaceAll("\r\n", "")).not.toContain("\n");
        expect(problems(after)).toEqual([]);
        expect(await extend(after)).toEqual({ text: after, added: [], diagnostics: [] });
      }),
      { numRuns: Number(process.env["SCAFFOLD_RUNS"] ?? 60) },
    );
  });
});

/** What of a text is not found, in order, in another: nothing if that has only more. */
function leftOver(text: string, more: string): string {
  let at = 0;
  for (const character of more) if (text.startsWith(character, at)) at += character.length;
  return text.slice(at);
}
