/** webpack and Rspack are told before they look for the runtime from where to do so. */
import { runtimeFolder } from "./find-runtime.js";

/** What is used of their compilers. */
export interface WebpackCompiler {
  /** The folder of the project. */
  readonly context: string;
  readonly hooks: { readonly normalModuleFactory: Hook<{ readonly hooks: { readonly beforeResolve: Hook<Request> } }> };
}

interface Hook<T> {
  tap(name: string, listener: (value: T) => void): void;
}

interface Request {
  readonly request: string;
  readonly contextInfo: { readonly issuer: string };
  /** The folder that it is resolved from. */
  context: string;
}

export function webpackResolve(name: string, { context, hooks }: WebpackCompiler): void {
  hooks.normalModuleFactory.tap(name, (factory) => {
    factory.hooks.beforeResolve.tap(name, (asked) => {
      asked.context = runtimeFolder(asked.request, asked.contextInfo.issuer, context) ?? asked.context;
    });
  });
}
