/** UUIDs of version 7 (RFC 9562, section 5.7): the moment first, so that they stand side by side in an index. */

/** @param now Unix time, ms. */
export function uuid7(now: number = Date.now(), random: Uint8Array = randomBytes()): string {
  const bytes = Uint8Array.from(random);
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** `crypto.randomUUID` asks for a secure context; this does not. */
function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16));
}
