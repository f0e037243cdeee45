/** Which module of which file a bundler asks for: `/app/orders.idl?rpcgen=codec`. */

export interface ModuleId {
  /** As the bundler has it: absolute. */
  readonly file: string;
  /** `""` for the module that people import. */
  readonly kind: string;
}

/** Undefined for what is not ours: another file, or one that is asked for in another way, such as `orders.idl?raw`. */
export function readModuleId(id: string): ModuleId | undefined {
  const [, file, query] = /^([^?]+\.idl)(?:\?(.*))?$/.exec(id) ?? [];
  if (file === undefined) return undefined;
  if (query === undefined || query === "") return { file, kind: "" };
  const kind = new URLSearchParams(query).get("rpcgen");
  return kind === null ? undefined : { file, kind };
}
