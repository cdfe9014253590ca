/** Bytes, their hexadecimal form, and SHA-256 (FIPS 180-4) by the browser itself. */

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/** The browser gives no hashes to pages that came over plain http, other than from this very machine. */
export class InsecurePageError extends Error {
  readonly ko =
    "이 페이지에서는 검사할 수 없어요. https 주소로 열거나 meta-gwangju verify-vote로 검사해 주세요.";
  readonly en = "This page cannot check. Open it by its https address, or use meta-gwangju verify-vote.";
}

/** @throws InsecurePageError */
export function subtle(): SubtleCrypto {
  const found: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!found) throw new InsecurePageError();
  return found;
}

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await subtle().digest("SHA-256", data));
}

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

export function concat(...parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equal(one: Bytes, other: Bytes): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export function hex(data: Bytes): string {
  let text = "";
  for (const byte of data) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Read lower-case hexadecimal digits, two a byte; the caller has checked that they are. */
export function unhex(text: string): Bytes {
  const data = new Uint8Array(text.length / 2);
  for (let at = 0; at < data.length; at++) data[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return data;
}

/** A number below 2^53 as eight bytes, the most significant first. */
export function uint64(number: number): Bytes {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setBigUint64(0, BigInt(number));
  return data;
}

/** A number below 2^32 as four bytes, the most significant first. */
export function uint32(number: number): Bytes {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, number);
  return data;
}
