/** `esbuild` for pages, as far as tests load generated code with it: the run outside the page does it. */
import { commands } from "vitest/browser";

export const transform = (text, options) => commands.transform(text, options);
