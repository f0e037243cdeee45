/** The prettier of the project that a file stands in, if it has one and is set up. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** The text as it is without prettier, without a configuration for the file, or where the file is to be left alone. */
export async function layOutWithPrettier(file: string, text: string): Promise<string> {
  let found: string;
  try {
    found = createRequire(file).resolve("prettier");
  } catch {
    return text;
  }
  const loaded = (await import(pathToFileURL(found).href)) as typeof import("prettier") & { readonly default?: typeof import("prettier") };
  const prettier = loaded.default ?? loaded;
  const config = await prettier.resolveConfig(file, { editorconfig: true });
  if (config === null) return text;
  return prettier.format(text, { ...config, filepath: file });
}
