/** The names of resources: how they must look, which project they belong to, and new ones. */
import { randomUUID } from "node:crypto";
import { InvalidArgument } from "../gen/errors.js";

export type Collection = "topics" | "subscriptions" | "snapshots" | "schemas";

const LAST_PART = /^(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/;

/** @throws InvalidArgument unless the text is `projects/{project}`. */
export function checkProject(text: string, field: string): void {
  if (!/^projects\/[^/]+$/.test(text))
    throw new InvalidArgument({ field, message: `"${text}" is not "projects/{project}".` });
}

/**
 * @throws InvalidArgument unless the text is `projects/{project}/{collection}/{id}`, with an id that may be given to
 * something new.
 */
export function checkName(collection: Collection, text: string, field: string): void {
  const [projects, project, middle, id, ...rest] = text.split("/");
  const whole = projects === "projects" && project !== "" && middle === collection && rest.length === 0;
  if (!whole || id === undefined) {
    throw new InvalidArgument({ field, message: `"${text}" is not "projects/{project}/${collection}/{id}".` });
  }
  if (!LAST_PART.test(id)) {
    const rule = "3 to 255 of A-Z a-z 0-9 - _ . ~ + %, beginning with a letter and not with goog";
    throw new InvalidArgument({ field, message: `"${id}" is not a name for one of the ${collection}: ${rule}.` });
  }
}

/** `projects/{project}` of a name within it. */
export function projectOf(name: string): string {
  return name.split("/", 2).join("/");
}

/** A name that is not taken, for the server's caller had none in mind. */
export function newName(project: string, collection: Collection): string {
  return `${project}/${collection}/auto-${randomUUID()}`;
}
