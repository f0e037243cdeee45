/**
 * The names that a certificate is for, read from its bytes. Platforms join them to one text, and Deno does so without quotes: there a name with
 * a comma in it could pass for several.
 */

/** The extension subjectAltName, 2.5.29.17. */
const SUBJECT_ALT_NAME = "551d11";

const EXTENSIONS = 0xa3;

const KINDS: Readonly<Record<number, string>> = { 0x81: "email", 0x82: "DNS", 0x86: "URI", 0x87: "IP Address" };

interface Element {
  readonly tag: number;
  readonly body: Buffer;
}

/**
 * With their kinds: "DNS:orders.example.org", "IP Address:127.0.0.1"; names of other kinds, which need a structure of their own, are left out.
 * @param der of a certificate that the platform has read; of anything else, what comes out means nothing.
 */
export function altNamesOf(der: Uint8Array): string[] {
  const [certificate] = elements(Buffer.from(der));
  const [content] = inside(certificate);
  const [extensions] = inside(inside(content).find(({ tag }) => tag === EXTENSIONS));
  const found = inside(extensions).find((extension) => inside(extension)[0]?.body.toString("hex") === SUBJECT_ALT_NAME);
  // The value comes last, behind the mark of one that is critical, and is a sequence in a string of bytes.
  const [names] = inside(inside(found).at(-1));
  return inside(names).flatMap(({ tag, body }) => {
    const kind = KINDS[tag];
    return kind === undefined ? [] : [`${kind}:${kind === "IP Address" ? ipOf(body) : body.toString("latin1")}`];
  });
}

function inside(element: Element | undefined): Element[] {
  return element === undefined ? [] : elements(element.body);
}

/** Elements of DER, one behind the other. */
function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    at += 2;
    if (length >= 0x80) {
      const digits = bytes.subarray(at, at + (length & 0x7f));
      length = digits.reduce((number, digit) => number * 256 + digit, 0);
      at += digits.length;
    }
    found.push({ tag, body: bytes.subarray(at, at + length) });
    at += length;
  }
  return found;
}

function ipOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  return (bytes.toString("hex").match(/.{4}/g) ?? []).map((group) => Number.parseInt(group, 16).toString(16).toUpperCase()).join(":");
}
