/** A .proto file as plain data: what was written, with offsets, and nothing resolved. */
import type { SourceFile } from "../text/source-file.js";

export interface ProtoOption {
  /** As it stands: "deprecated", "(google.api.http)". */
  readonly name: string;
  readonly value: unknown;
}

interface ProtoNamed {
  readonly name: string;
  /** The names around it and its own, without the package: "Outer.Inner". */
  readonly path: string;
  readonly doc?: string | undefined;
  readonly options: readonly ProtoOption[];
  readonly offset: number;
}

export type Presence = "explicit" | "implicit" | "required" | "repeated";

export interface ProtoField extends ProtoNamed {
  readonly number: number;
  /** A scalar's word or a reference as it was written. Of a map: its value's. */
  readonly type: string;
  readonly mapKey?: string | undefined;
  readonly presence: Presence;
  readonly oneof?: string | undefined;
}

export interface ProtoReserved {
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly names: readonly string[];
}

export interface ProtoEnum extends ProtoNamed {
  readonly kind: "enum";
  readonly values: readonly (ProtoNamed & { readonly number: number })[];
  readonly reserved: ProtoReserved;
}

export interface ProtoMessage extends ProtoNamed {
  readonly kind: "message";
  readonly fields: readonly ProtoField[];
  readonly oneofs: readonly ProtoNamed[];
  readonly nested: readonly (ProtoMessage | ProtoEnum)[];
  readonly extensions: readonly ProtoField[];
  /** Numbers that others may extend it by. */
  readonly extensionRanges: readonly (readonly [from: number, to: number])[];
  readonly reserved: ProtoReserved;
}

export interface ProtoMethod extends ProtoNamed {
  readonly request: string;
  readonly requestStream: boolean;
  readonly response: string;
  readonly responseStream: boolean;
}

export interface ProtoService extends ProtoNamed {
  readonly kind: "service";
  readonly methods: readonly ProtoMethod[];
}

export interface ProtoFile {
  readonly source: SourceFile;
  /** What imports call it: "google/api/http.proto". */
  readonly name: string;
  readonly package: string;
  readonly imports: readonly { readonly name: string; readonly isPublic: boolean; readonly offset: number }[];
  /** The comment that the file begins with, a licence mostly: its lines without their marks. */
  readonly head: readonly string[];
  readonly options: readonly ProtoOption[];
  readonly declarations: readonly (ProtoMessage | ProtoEnum | ProtoService)[];
  readonly extensions: readonly ProtoField[];
}
