/** What a kit calls its arbitraries. */
import type { Method, Service } from "../../ir/schema.js";
import { declaredName, derivedNames, lowerFirst, memberName } from "../typescript/names.js";
import type { Drawn } from "./draw-type.js";

export function arbitraryName(base: string): string {
  return `arbitrary${base}`;
}

/** Of what a method may be asked: its parameters, or the elements of its stream. */
export function requestName(service: Service, method: Method): string {
  const params = derivedNames.params(declaredName(service), memberName(method));
  return arbitraryName(method.parameters.kind === "stream" ? params.replace(/Params$/, "Requests") : params);
}

/** Of the object that has what each method claims. */
export function kitName(service: Service): string {
  return `${lowerFirst(declaredName(service))}Kit`;
}

/** Of the function that gives a recursive type at a depth. Nothing outside of the module sees it. */
export function nestedName(declaration: Drawn): string {
  return `nested${declaredName(declaration)}`;
}
