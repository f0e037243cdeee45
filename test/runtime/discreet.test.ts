/** `@sensitive` values: what is refused is named, its value is in no error, and errors about other fields say all. */
import { describe, expect, test } from "vitest";
import { loadGenerated, type AnyCodec } from "../load-generated.js";

type Checked = AnyCodec & { readonly check?: (value: unknown) => string | undefined };

const IDL = `package vault;
struct Pin { digits: u16; }
message Card { @pattern("^[0-9]+$") number: string = 1; @max(12) month: u8 = 2; }
union Proof { @sensitive @length(max: 3) word: string = 1; @max(5) level: u8 = 2; }
message Account {
  @pattern("^[a-z]+$") name: string = 1;
  @sensitive @pattern("^[a-z]+$") password: string = 2;
  @sensitive card?: Card = 3;
  @sensitive cards: map<string, Card> = 4;
  @sensitive id?: uuid = 5;
  @sensitive @wireName("secret_number") code: u16 = 6;
  level: u16 = 7;
  @sensitive pin?: Pin = 8;
  proof?: Proof = 9;
  older: Account[] = 10;
}
@code(PERMISSION_DENIED) error Refused { @sensitive @max(5) tries: u8 = 1; }
service Vault {
  @readonly open(@sensitive @length(max: 4) token: string, @max(10) limit: u8, account?: Account) -> Account;
  @readonly list(plain: u8) -> Account[];
}`;

const { subjects } = await loadGenerated({ "vault.idl": IDL });
const codecOf = (name: string): Checked => {
  const found = subjects.find((subject) => subject.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.codec;
};

const FINE = { name: "bo", password: "open", cards: new Map(), code: 1, level: 1, older: [] };

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return `${String(error)} ${JSON.stringify(error)}`;
  }
  throw new Error("nothing was refused");
}

describe("a breach", () => {
  const check = (change: object) => codecOf("vault.Account").check?.({ ...FINE, ...change });
  const secret = "SECRET-4111";

  test.each<[string, object]>([
    ["password: breaks a constraint", { password: secret }],
    ["card: breaks a constraint", { card: { number: secret, month: 1 } }],
    ["card: breaks a constraint", { card: { number: "1", month: 13 } }],
    ["cards: breaks a constraint", { cards: new Map([[secret, { number: secret, month: 1 }]]) }],
    ["proof.word: breaks a constraint", { proof: { kind: "word", value: secret } }],
    ["older[0].password: breaks a constraint", { older: [{ ...FINE, password: secret }] }],
  ])("%s", (breach, change) => {
    expect(check(change)).toContain(breach);
    expect(check(change)).not.toMatch(/SECRET|13/);
  });

  test("of another field says what it was", () => {
    expect(check({ name: "Bo: x" })).toBe('name: "Bo: x" does not match @pattern("^[a-z]+$")');
    expect(check({ proof: { kind: "level", value: 6 } })).toBe("proof.level: 6 is more than @max(5)");
    expect(check({})).toBeUndefined();
  });

  test("of a parameter, a result, an error", () => {
    const open = codecOf("vault.Vault/open request");
    expect(open.check?.({ token: "12345", limit: 1 })).toMatch(/^token: breaks a constraint/);
    expect(open.check?.({ token: "1", limit: 11 })).toBe("limit: 11 is more than @max(10)");
    expect(open.check?.({ token: "1", limit: 1, account: { ...FINE, password: "X" } })).toMatch(/^account\.password: breaks/);
    expect(codecOf("vault.Vault/list response").check?.([{ ...FINE, password: "X" }])).toMatch(/^\[0\]\.password: breaks/);
    expect(codecOf("vault.Refused").check?.({ tries: 6 })).toMatch(/^tries: breaks/);
  });
});

describe("what does not encode", () => {
  test.each<[string, object]>([
    ["Account.password", { password: 4111 }],
    ["Account.id", { id: "SECRET-4111" }],
    ["Account.code", { code: 411_111 }],
    ["Pin.digits", { pin: { digits: 411_111 } }],
    ["vault.Card", { card: "SECRET-4111" }],
    ["Card.month", { card: { number: "", month: 4111 } }],
    ["Account.cards", { cards: new Map([[4111, { number: "", month: 1 }]]) }],
    ["Proof.word", { proof: { kind: "word", value: 4111 } }],
  ])("%s is named and not shown", (place, change) => {
    for (const act of [
      () => codecOf("vault.Account").encode({ ...FINE, ...change }),
      () => codecOf("vault.Vault/open request").encode({ token: "", limit: 1, account: { ...FINE, ...change } }),
      () => codecOf("vault.Vault/list response").encode([{ ...FINE, ...change }]),
    ]) {
      expect(messageOf(act)).toContain(`${place}: does not fit its type; its value is sensitive`);
      expect(messageOf(act)).not.toContain("4111");
    }
  });

  test("as JSON neither, nor what is read from JSON", () => {
    const { toJson, fromJson } = codecOf("vault.Account");
    for (const act of [
      () => toJson?.({ ...FINE, code: 411_111 }),
      () => fromJson?.({ ...FINE, cards: {}, secret_number: "SECRET-4111" }),
      () => fromJson?.({ ...FINE, cards: {}, code: 1, password: 4111 }),
      () => fromJson?.({ ...FINE, cards: { "SECRET-4111": { number: 5 } } }),
    ]) {
      expect(messageOf(act)).toContain("its value is sensitive");
      expect(messageOf(act)).not.toContain("4111");
    }
  });

  test("of another field says what it was", () => {
    expect(messageOf(() => codecOf("vault.Account").encode({ ...FINE, level: 70_000 }))).toContain("got 70000");
    expect(messageOf(() => codecOf("vault.Vault/open request").encode({ token: "", limit: 256 }))).toContain("got 256");
  });
});

test("values come through as they are", () => {
  const codec = codecOf("vault.Account");
  const value = { ...FINE, card: { number: "1", month: 2 }, proof: { kind: "word", value: "abc" } };
  expect(codec.decode(codec.encode(value))).toEqual(value);
  expect(codec.fromJson?.(codec.toJson?.(value))).toEqual(value);
});
