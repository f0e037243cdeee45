/** Whatever the documentation of a schema opens, the README around it stays what it is. */
import fc from "fast-check";
import * as prettier from "prettier";
import { describe, expect, test } from "vitest";
import { embedded } from "../../src/sdk/markdown.js";
import { packageOf } from "./make-package.js";

interface Node {
  readonly type: string;
  readonly depth?: number;
  readonly value?: string;
  readonly children?: readonly Node[];
}

async function blocksOf(markdown: string): Promise<readonly Node[]> {
  const { __debug } = prettier as unknown as { readonly __debug: { parse(text: string, options: object): Promise<{ readonly ast: Node }> } };
  return (await __debug.parse(markdown, { parser: "markdown" })).ast.children ?? [];
}

const headingOf = ({ type, depth, children }: Node): string | undefined => (type === "heading" ? `${depth} ${children?.map(({ value }) => value).join("")}` : undefined);

describe("a documentation", () => {
  const line = fc.constantFrom("```", "```ts", "````", "~~~", "~~~ sh", "  ```", "  ```ts", "    ```", "> ```", "- ```", "- item", "1. one", "text", "", "", "# Head", "  # Head", "<!-- note", "-->", "<!-- a -->", "<pre>", "</pre>", "<script>", "<?php", "<b>", "``` `", "a ```", "\t```");
  const document = fc.array(line, { maxLength: 9 }).map((lines) => lines.join("\n"));

  test("does not take in what stands behind it", async () => {
    await fc.assert(
      fc.asyncProperty(document, async (markdown) => {
        const headings = (await blocksOf(`## Before\n\n${embedded(markdown)}\n\n## After\n\nend\n`)).map(headingOf);
        expect(headings[0]).toBe("2 Before");
        expect(headings.at(-2)).toBe("2 After");
      }),
      { numRuns: 500, examples: [["</pre>\n```\n\n```"]] },
    );
  });

  test("keeps its blocks, and its headings go below", () => {
    const text = "# What\n\n```sh\n# a comment\n```\n\n~~~~\n```\n~~~\n~~~~\n\n## How\n\n<!-- # as it is\n\n# still -->\n\n- an item\n\n  ```ts\n  code\n  ```\n";
    expect(embedded(text)).toBe(text.trim().replace("# What", "### What").replace("## How", "#### How"));
  });
});

test("a README has all its headings, whatever the schema says", async () => {
  const idl = `/// \`\`\` The package.
package open;
/// Asks.
///
/// \`\`\`ts
/// client.ask({});
@deprecated("old\\n\\n<!-- more") service Asks {
  /// <!-- \`\`\`
  @readonly ask() -> u32;
}
`;
  const { "README.md": readme = "" } = await packageOf({ "open.idl": idl }, "@acme/open");
  const titles = (await blocksOf(readme)).map(headingOf).filter((heading) => heading !== undefined);
  expect(titles).toEqual(["1 @acme/open", "2 Install", "2 Asks", "2 Without await", "2 When a call fails", "2 Versions", "2 License"]);
});
