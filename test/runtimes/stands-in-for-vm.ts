/** `node:vm` for pages, as far as tests load generated code with it. */
export function compileFunction(code: string, parameters: readonly string[]): (...args: unknown[]) => unknown {
  // oxlint-disable-next-line no-new-func -- it is what it stands in for
  return new Function(...parameters, code) as (...args: unknown[]) => unknown;
}
