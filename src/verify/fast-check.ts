/** Loads fast-check, which this command alone needs. */
import type * as FastCheck from "fast-check";
import { SubjectError } from "./subject-error.js";

export async function loadFastCheck(): Promise<typeof FastCheck> {
  try {
    return await import("fast-check");
  } catch (error) {
    throw new SubjectError("fast-check, which draws the arguments, is not installed", "npm install --save-dev fast-check", { cause: error });
  }
}
