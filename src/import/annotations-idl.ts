/** The file of annotations that remember what only protobuf knows, for the way back. */
import { REMEMBERING } from "../text/protobuf-names.js";

export const ANNOTATIONS_FILE = `${REMEMBERING.replaceAll(".", "/")}.idl`;

export const annotationsIdl = `/// What only protobuf knows of a schema that came from there. \`rpcgen generate --target proto\` reads it.
package ${REMEMBERING};

/// The name there, where it does not follow from the one here: with dots where types are nested, and empty where there was nothing.
annotation name(name: string) on message, enum, union, field, member;

/// The type there, where several have one type here.
annotation type(type: string) on field, member;

/// The type of a map's keys there.
annotation key(key: string) on field;
`;
