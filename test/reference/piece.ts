/** Encoded bytes with the pooled text that they refer to, and how they become a whole value (docs/wire.md, 1.1 and 1.5). */

export interface Piece {
  readonly bytes: readonly number[];
  readonly text: string;
}

export const piece = (bytes: readonly number[], text = ""): Piece => ({ bytes, text });

export function join(pieces: readonly Piece[]): Piece {
  const bytes: number[] = [];
  let text = "";
  for (const each of pieces) {
    for (const byte of each.bytes) bytes.push(byte);
    text += each.text;
  }
  return { bytes, text };
}

export function varint(value: number): number[] {
  const out = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...out, rest];
}

/** The form that text must have, and its bytes. */
export function textForm(text: string): { readonly form: 0 | 1; readonly bytes: number[] } {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  if (units.every((unit) => unit < 256)) return { form: 0, bytes: units };
  return { form: 1, bytes: units.flatMap((unit) => [unit & 255, unit >> 8]) };
}

/** Header, body, pool. */
export function whole(body: Piece): Uint8Array {
  const { form, bytes } = textForm(body.text);
  return Uint8Array.from([...varint(body.text.length * 2 + form), ...body.bytes, ...bytes]);
}
