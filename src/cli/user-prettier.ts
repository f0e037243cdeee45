/** The prettier of the project that a file stands in, if it has one and is set up. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * Undefined without prettier. The text as it is without a configuration for the file, or where prettier does not know files of its kind.
 * @throws what prettier says of a configuration that it cannot use.
 */
export async function layOutWithPrettier(file: string, text: string): Promise<string | undefined> {
  let found: string;
  try {
    found = createRequire(file).resolve("prettier");
  } catch {
    return undefined;
  }
  const loaded = (await import(pathToFileURL(found).href)) as typeof import("prettier") & { readonly default?: typeof import("prettier") };
  const prettier = loaded.default ?? loaded;
  const config = await prettier.resolveConfig(file, { editorconfig: true });
  if (config === null || (await prettier.getFileInfo(file)).inferredParser === null) return text;
  return prettier.format(text, { ...config, filepath: file });
}
