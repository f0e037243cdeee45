/** `@rpcgen/runtime/http`: what handlers may say of answers that go out over plain HTTP. */
export { cacheControl } from "./cache.js";
