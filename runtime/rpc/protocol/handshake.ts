/**
 * The first frame in each direction: who speaks, which wire, with which limits, and which methods have which numbers
 * (docs/wire.md, 2.2).
 */
import { ID_BYTES } from "../call-id.js";
import { CODE_NUMBERS, codeOfNumber, type Code } from "../codes.js";
import type { AnyMethod, MethodKind, Semantics, ServiceDescriptor } from "../descriptor.js";
import { RpcError } from "../errors.js";
import { FrameError, FrameReader, textOf } from "../frame-reader.js";
import { FrameWriter, MAX_VARINT_BYTES, utf8 } from "../frame-writer.js";

const WIRE_VERSION = 1;

/** "rpcg": no HTTP request or answer, no TLS record begins so. */
const MAGIC = [0x72, 0x70, 0x63, 0x67] as const;

const Setting = {
  CLIENT_ID: 1,
  BOUND_INSTANCE: 2,
  MAX_MESSAGE_BYTES: 3,
  STREAM_WINDOW: 4,
  CONNECTION_WINDOW: 5,
  INSTANCE_ID: 6,
  SERVICES: 7,
  STORE_ID: 8,
  RETENTION: 9,
  CHALLENGE: 10,
  PROOF: 11,
  NEARER: 12,
} as const;

const Status = { WELCOME: 0, REFUSED: 1 } as const;

const KINDS: readonly MethodKind[] = ["unary", "serverStream", "clientStream", "duplex"];
const SEMANTICS: readonly Semantics[] = ["readonly", "idempotent", "atMostOnce", "exactlyOnce", "failStop"];

/** What the sender grants its peer. */
export interface Grants {
  readonly maxMessageBytes: number;
  readonly streamWindowBytes: number;
  readonly connectionWindowBytes: number;
}

export interface Hello extends Grants {
  readonly clientId: Uint8Array;
  /** The instance that earlier calls of this client went to; a guarded call may be answered by that one only. */
  readonly boundInstance: Uint8Array | undefined;
  /** Asks the server to prove that it is the one that offered this address: 16 random bytes. */
  readonly challenge?: Uint8Array | undefined;
}

/** A method as the server offers it. */
export interface RemoteMethod {
  readonly number: number;
  readonly kind: MethodKind | undefined;
  readonly semantics: Semantics | undefined;
}

/** How a server keeps what became of guarded calls. */
export interface Keeping {
  /** How long it is kept at least, in milliseconds; undefined: it keeps nothing, and a call is asked for once. */
  readonly retentionMs: number | undefined;
  /** Names the completion store of `@exactlyOnce` calls; servers that share it have one name. */
  readonly storeId: string | undefined;
}

/** What a server says of where it is. */
export interface Whereabouts {
  /** For clients that seem to be on its host: an `Offer` as it travels. */
  readonly offer?: Uint8Array | undefined;
  /** The answer to the client's challenge. */
  readonly proof?: Uint8Array | undefined;
}

export interface Welcome extends Grants, Keeping, Whereabouts {
  /** Random at each start of the server. */
  readonly instanceId: Uint8Array;
  /** By `package.Service/method`. */
  readonly methods: ReadonlyMap<string, RemoteMethod>;
  /** The fingerprints of services, by name: they inform, and never refuse. */
  readonly fingerprints: ReadonlyMap<string, string>;
}

/** Of a client of whom nothing is known yet: what is kept of each setting costs more than to send it. */
const MOST_HELLO_BYTES = 4_096;

export function writeHello(hello: Hello): Uint8Array {
  const writer = begin(256).varint(Setting.CLIENT_ID).block(hello.clientId);
  if (hello.boundInstance !== undefined) writer.varint(Setting.BOUND_INSTANCE).block(hello.boundInstance);
  if (hello.challenge !== undefined) writer.varint(Setting.CHALLENGE).block(hello.challenge);
  return writeGrants(writer, hello).finish();
}

/**
 * @throws FrameError if it is not a greeting of this wire version; RpcError FAILED_PRECONDITION if it is one of
 * another.
 */
export function readHello(bytes: Uint8Array): Hello {
  if (bytes.length > MOST_HELLO_BYTES) throw new FrameError(`a greeting of ${bytes.length} bytes exceeds ${MOST_HELLO_BYTES}`);
  const reader = new FrameReader(bytes);
  readVersion(reader, "client", "server");
  const settings = readSettings(reader);
  return {
    clientId: idOf(required(settings, Setting.CLIENT_ID)),
    boundInstance: optionalId(settings, Setting.BOUND_INSTANCE),
    challenge: optionalId(settings, Setting.CHALLENGE),
    ...readGrants(settings),
  };
}

/** The methods in the order of their numbers, as the server's own table has them. */
export function writeWelcome(
  instanceId: Uint8Array,
  services: readonly ServiceDescriptor[],
  grants: Grants,
  keeping: Keeping,
  whereabouts: Whereabouts = {},
): Uint8Array {
  const list = writeServices(services);
  const storeId = utf8(keeping.storeId ?? "");
  const { offer, proof } = whereabouts;
  const writer = begin(256 + list.length + storeId.length + (offer?.length ?? 0))
    .u8(Status.WELCOME)
    .varint(Setting.INSTANCE_ID)
    .block(instanceId);
  if (keeping.storeId !== undefined) writer.varint(Setting.STORE_ID).block(storeId);
  if (keeping.retentionMs !== undefined) writer.varint(Setting.RETENTION).block(numberBlock(keeping.retentionMs));
  if (proof !== undefined) writer.varint(Setting.PROOF).block(proof);
  if (offer !== undefined) writer.varint(Setting.NEARER).block(offer);
  return writeGrants(writer, grants).varint(Setting.SERVICES).block(list).finish();
}

/** Any version can read it: its form never changes. */
export function writeRefusal(code: Code, message: string): Uint8Array {
  const text = utf8(message);
  return begin(64 + text.length)
    .u8(Status.REFUSED)
    .u8(CODE_NUMBERS[code])
    .block(text)
    .finish();
}

/**
 * @throws RpcError with the server's refusal or about its version; FrameError if it is no answer to a greeting at all.
 */
export function readWelcome(bytes: Uint8Array): Welcome {
  const reader = new FrameReader(bytes);
  const version = readMagic(reader);
  const status = reader.u8();
  if (status === Status.REFUSED) {
    const code = codeOfNumber(reader.u8());
    throw new RpcError({ code, message: `the server refused the connection: ${reader.text()}`, executed: "no" });
  }
  if (status !== Status.WELCOME) throw new FrameError("the server's greeting has an unknown status");
  checkVersion(version, "server", "client");
  const settings = readSettings(reader);
  return {
    instanceId: idOf(required(settings, Setting.INSTANCE_ID)),
    ...readKeeping(settings),
    ...readWhereabouts(settings),
    ...readGrants(settings),
    ...readServices(new FrameReader(required(settings, Setting.SERVICES))),
  };
}

function begin(bound: number): FrameWriter {
  const writer = new FrameWriter(bound).begin(bound);
  for (const byte of MAGIC) writer.u8(byte);
  return writer.varint(WIRE_VERSION);
}

function readMagic(reader: FrameReader): number {
  if (reader.remaining < MAGIC.length || MAGIC.some((byte) => reader.u8() !== byte)) {
    throw new FrameError("the peer does not speak this protocol");
  }
  return reader.varint();
}

function readVersion(reader: FrameReader, theirs: string, ours: string): void {
  checkVersion(readMagic(reader), theirs, ours);
}

function checkVersion(version: number, theirs: string, ours: string): void {
  if (version === WIRE_VERSION) return;
  const versions = `the ${theirs} speaks wire version ${version}, the ${ours} version ${WIRE_VERSION}`;
  throw new RpcError({
    code: "FAILED_PRECONDITION",
    executed: "no",
    message: `${versions}: bring both to one release`,
  });
}

/** Settings that this version does not know are stepped over, so that later ones can be added. */
function readSettings(reader: FrameReader): ReadonlyMap<number, Uint8Array> {
  const settings = new Map<number, Uint8Array>();
  while (reader.remaining > 0) {
    const setting = reader.varint();
    if (settings.has(setting)) throw new FrameError(`setting ${setting} stands twice`);
    settings.set(setting, reader.copy(reader.varint()));
  }
  return settings;
}

function required(settings: ReadonlyMap<number, Uint8Array>, setting: number): Uint8Array {
  const bytes = settings.get(setting);
  if (bytes === undefined) throw new FrameError(`setting ${setting} is missing`);
  return bytes;
}

function optionalId(settings: ReadonlyMap<number, Uint8Array>, setting: number): Uint8Array | undefined {
  const bytes = settings.get(setting);
  return bytes === undefined ? undefined : idOf(bytes);
}

function idOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== ID_BYTES) throw new FrameError(`an id has ${bytes.length} bytes instead of ${ID_BYTES}`);
  return bytes;
}

function writeGrants(writer: FrameWriter, grants: Grants): FrameWriter {
  for (const [setting, value] of [
    [Setting.MAX_MESSAGE_BYTES, grants.maxMessageBytes],
    [Setting.STREAM_WINDOW, grants.streamWindowBytes],
    [Setting.CONNECTION_WINDOW, grants.connectionWindowBytes],
  ] as const) {
    writer.varint(setting).block(numberBlock(value));
  }
  return writer;
}

function numberBlock(value: number): Uint8Array {
  return new FrameWriter(MAX_VARINT_BYTES).begin(MAX_VARINT_BYTES).varint(value).finish();
}

function readNumber(bytes: Uint8Array): number {
  const reader = new FrameReader(bytes);
  const number = reader.varint53();
  reader.end();
  return number;
}

function readKeeping(settings: ReadonlyMap<number, Uint8Array>): Keeping {
  const storeId = settings.get(Setting.STORE_ID);
  const retention = settings.get(Setting.RETENTION);
  return {
    retentionMs: retention === undefined ? undefined : readNumber(retention),
    storeId: storeId === undefined ? undefined : textOf(storeId),
  };
}

function readWhereabouts(settings: ReadonlyMap<number, Uint8Array>): Whereabouts {
  return { offer: settings.get(Setting.NEARER), proof: optionalId(settings, Setting.PROOF) };
}

function readGrants(settings: ReadonlyMap<number, Uint8Array>): Grants {
  const value = (setting: number): number => {
    const number = readNumber(required(settings, setting));
    if (number > 0xffff_ffff) throw new FrameError(`setting ${setting} exceeds 32 bits`);
    return number;
  };
  return {
    maxMessageBytes: value(Setting.MAX_MESSAGE_BYTES),
    streamWindowBytes: value(Setting.STREAM_WINDOW),
    connectionWindowBytes: value(Setting.CONNECTION_WINDOW),
  };
}

function writeServices(services: readonly ServiceDescriptor[]): Uint8Array {
  const texts = new Map<string, Uint8Array>();
  let bound = 8;
  const text = (value: string): void => {
    const bytes = utf8(value);
    texts.set(value, bytes);
    bound += bytes.length + 16;
  };
  for (const service of services) {
    [service.name, service.fingerprint].forEach(text);
    for (const method of Object.values(service.methods)) text(shortName(method));
  }
  const block = (value: string): Uint8Array => texts.get(value) ?? new Uint8Array();
  const writer = new FrameWriter(bound).begin(bound).varint(services.length);
  for (const service of services) {
    const methods = Object.values(service.methods);
    writer.block(block(service.name)).block(block(service.fingerprint)).varint(methods.length);
    for (const method of methods) {
      writer
        .block(block(shortName(method)))
        .u8(KINDS.indexOf(method.kind) | (SEMANTICS.indexOf(method.semantics) << 2));
    }
  }
  return writer.finish();
}

/** The method's name on the wire, which `@wireName` may have set apart from its name in handlers. */
function shortName(method: AnyMethod): string {
  return method.path.slice(method.path.lastIndexOf("/") + 1);
}

function readServices(reader: FrameReader): Pick<Welcome, "methods" | "fingerprints"> {
  const methods = new Map<string, RemoteMethod>();
  const fingerprints = new Map<string, string>();
  for (let services = reader.varint(); services > 0; services -= 1) {
    const service = reader.text();
    fingerprints.set(service, reader.text());
    for (let count = reader.varint(); count > 0; count -= 1) {
      const path = `${service}/${reader.text()}`;
      const promise = reader.u8();
      // The numbers of all that stand behind it would be off by one.
      if (methods.has(path)) throw new FrameError(`the server lists ${path} twice`);
      methods.set(path, { number: methods.size, kind: KINDS[promise & 3], semantics: SEMANTICS[promise >> 2] });
    }
  }
  reader.end();
  return { methods, fingerprints };
}
