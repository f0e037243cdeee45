/** `@rpcgen/runtime/reflection`: a server tells its schemas to those who ask, and a client asks. */
export type { SchemaText } from "../rpc/schema-text.js";
export { ReflectionClient, type SchemaFile } from "./gen/reflection.js";
export { reflectionService } from "./reflection-service.js";
