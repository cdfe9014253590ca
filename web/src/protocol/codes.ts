/** The prefix codes of differences: canonical (RFC 1951, section 3.2.2), built from their lengths. */

import type { BitReader } from "./bits";
import { AGE_CLASSES, BEFORE, CODE_LENGTHS, LONGEST, SYMBOLS } from "./layout";
import { ProtocolError } from "./wire";

/** One context's codes: its symbols in the order of their codes, and how many there are of each length. */
interface Code {
  readonly symbols: readonly number[];
  readonly counts: readonly number[];
}

function codeOf(word: string): Code {
  const lengths = Array.from(word, (digit) => Number.parseInt(digit, 16));
  const symbols = Array.from({ length: SYMBOLS }, (_, symbol) => symbol);
  // The sort is stable: within a length symbols stay in their own order.
  symbols.sort((a, b) => lengths[a] - lengths[b]);
  const counts = Array.from({ length: LONGEST + 1 }, () => 0);
  for (const length of lengths) counts[length] += 1;
  return { symbols, counts };
}

const CODES: readonly Code[] = CODE_LENGTHS.trim().split(/\s+/).map(codeOf);

/** Which codes a difference follows: what kind of number it is, how old its base, how much changed before it. */
export function contextOf(numberClass: number, ageClass: number, before: number): number {
  return (numberClass * AGE_CLASSES + ageClass) * BEFORE + before;
}

/** Read a symbol; throws ProtocolError when the bits are none of the context's codes. */
export function takeSymbol(bits: BitReader, context: number): number {
  const { symbols, counts } = CODES[context];
  let [code, first, index] = [0, 0, 0];
  for (let length = 1; length <= LONGEST; length++) {
    code |= bits.take(1);
    const count = counts[length];
    if (code - first < count) return symbols[index + code - first];
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new ProtocolError("a packet holds bits that are no code");
}
