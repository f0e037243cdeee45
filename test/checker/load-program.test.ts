/** Programs of several files: what is read, in which order, and what is said where an import fails. */
import { describe, expect, it } from "vitest";
import { loadProgram } from "../../src/checker/load-program.js";
import { parse } from "../../src/parser/parse.js";
import { checkSources, codesOf } from "./program.js";

describe("loadProgram", () => {
  it("puts imports before importers and reads each file once, however it is spelled", () => {
    const sources: Record<string, string> = {
      "idl/main.idl": 'package a;\nimport "./x.idl";\nimport "../shared/y.idl";\n',
      "idl/x.idl": 'package a;\nimport "./../shared/y.idl";\n',
      "shared/y.idl": "package b;\n",
    };
    const read: string[] = [];
    const { program, diagnostics } = loadProgram(
      ["./idl/../idl/main.idl", "idl/main.idl"],
      (path) => {
        read.push(path);
        return sources[path];
      },
      parse,
    );
    expect(diagnostics).toEqual([]);
    expect(program.files.map((file) => file.path)).toEqual(["shared/y.idl", "idl/x.idl", "idl/main.idl"]);
    expect(read.sort()).toEqual(["idl/main.idl", "idl/x.idl", "shared/y.idl"]);
  });

  it("tells roots that are not there from roots that cannot be read", () => {
    const { unreadRoots } = loadProgram(
      ["a.idl", "b"],
      (path) => (path === "b" ? { reason: "it is a directory" } : undefined),
      parse,
    );
    expect(unreadRoots).toEqual([{ path: "a.idl" }, { path: "b", reason: "it is a directory" }]);
  });

  it("shows the chain of a cycle at the import that closes it, and goes on", () => {
    const { diagnostics } = checkSources({
      "a.idl": 'package p;\nimport "./b.idl";\nmessage A { b: B = 1; }\n',
      "b.idl": 'package p;\nimport "./c.idl";\nmessage B { c: C = 1; }\n',
      "c.idl": 'package p;\nimport "./a.idl";\nmessage C { a: A[] = 1; n: Nowhere = 2; }\n',
    });
    expect(diagnostics.map((found) => `${found.span?.file} ${found.message}`)).toEqual([
      "c.idl The import closes a cycle: a.idl -> b.idl -> c.idl -> a.idl.",
      'c.idl There is no type "Nowhere".',
    ]);
  });

  it("walks a long chain of imports", () => {
    const sources: Record<string, string> = {};
    for (let index = 0; index < 3000; index++) sources[`f${index}.idl`] = `package p;\nimport "./f${index + 1}.idl";\n`;
    sources["f3000.idl"] = "package p;\n";
    expect(checkSources(sources, ["f0.idl"]).schema?.files.length).toBe(3001);
  });
});

describe("a failed import", () => {
  const body = (type: string) => `message Order { a: ${type} = 1; }\n`;

  it("silences nothing but the names under its alias", () => {
    const open = (type: string) =>
      codesOf(checkSources({ "main.idl": `package p;\nimport "./gone.idl";\n${body(type)}` }));
    expect(open("Money")).toEqual(["RPC2004", "RPC2024"]);
    expect(open("bank.Money")).toEqual(["RPC2004", "RPC2024"]);
    expect(open("Ordr")).toEqual(["RPC2004", "RPC2024"]);
    expect(open("int32")).toEqual(["RPC2004", "RPC2024"]);
    const aliased = (type: string) =>
      codesOf(checkSources({ "main.idl": `package p;\nimport "./gone.idl" as bank;\n${body(type)}` }));
    expect(aliased("bank.Money")).toEqual(["RPC2004"]);
    expect(aliased("Money")).toEqual(["RPC2004", "RPC2024"]);
  });

  it("is named as where an unknown name may come from", () => {
    const { diagnostics } = checkSources({ "main.idl": `package p;\nimport "./gone.idl";\n${body("Money")}` });
    expect(diagnostics.at(-1)?.help).toBe('it may be declared in "./gone.idl", which could not be read');
  });

  it("gives no schema", () => {
    expect(checkSources({ "main.idl": 'package p;\nimport "./gone.idl";\n' }).schema).toBeUndefined();
  });
});

describe("a declaration that the parser skips", () => {
  it("leaves its uses without a finding", () => {
    const checked = checkSources({
      "main.idl":
        "package p;\nmessage { x: u8 = 1; }\nmessage Broken ? { }\nmessage Order { a: Broken = 1; b: Missing = 2; }\n",
    });
    const unknown = checked.diagnostics.filter((found) => found.code === "RPC2024").map((found) => found.message);
    expect(unknown).toEqual(['There is no type "Missing".']);
  });
});
