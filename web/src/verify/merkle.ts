/** Merkle trees of RFC 9162, section 2.1; the same as `municipality/ballot/merkle.py`. */

import { type Bytes, concat, equal, sha256 } from "./bytes";

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);
/** No tree is larger, so no proof is longer than `LONGEST_PROOF`. */
export const LARGEST = Number.MAX_SAFE_INTEGER;
export const LONGEST_PROOF = 54;
/** Hashes asked of the browser at once. */
const AT_ONCE = 4096;

export function leafHash(leaf: Bytes): Promise<Bytes> {
  return sha256(concat(LEAF, leaf));
}

export function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(concat(NODE, left, right));
}

/** The root of a tree without leaves. */
export function emptyRoot(): Promise<Bytes> {
  return sha256(new Uint8Array());
}

/** Do something for each, some thousands at once, in order. */
export async function mapped<T, R>(
  items: readonly T[],
  each: (item: T, at: number) => Promise<R>,
): Promise<R[]> {
  const done: R[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    const some = items.slice(start, start + AT_ONCE);
    done.push(...(await Promise.all(some.map((item, at) => each(item, start + at)))));
  }
  return done;
}

/** A whole tree in memory, with the hash of every perfect subtree. */
export class FullTree {
  private constructor(private readonly levels: readonly (readonly Bytes[])[]) {}

  static async of(leaves: readonly Bytes[]): Promise<FullTree> {
    const levels: Bytes[][] = [[...leaves]];
    for (let below = levels[0]; below && below.length > 1; ) {
      const pairs: [Bytes, Bytes][] = [];
      for (let at = 0; at + 1 < below.length; at += 2)
        pairs.push([below[at] as Bytes, below[at + 1] as Bytes]);
      below = await mapped(pairs, ([left, right]) => nodeHash(left, right));
      levels.push(below);
    }
    return new FullTree(levels);
  }

  get size(): number {
    return this.levels[0]?.length ?? 0;
  }

  /** The root of the first `size` leaves. */
  async root(size: number = this.size): Promise<Bytes> {
    const peaks: Bytes[] = [];
    for (let start = 0; start < size; ) {
      const level = Math.floor(Math.log2(size - start));
      const peak = this.levels[level]?.[start / 2 ** level];
      if (!peak) throw new RangeError(`there are ${this.size} leaves, not ${size}`);
      peaks.push(peak);
      start += 2 ** level;
    }
    let reached = peaks.pop();
    if (!reached) return emptyRoot();
    for (let left = peaks.pop(); left; left = peaks.pop()) reached = await nodeHash(left, reached);
    return reached;
  }
}

/** Tell whether a proof leads from a leaf's hash to the root (section 2.1.3.2). */
export async function verifyInclusion(
  leaf: Bytes,
  index: number,
  size: number,
  proof: readonly Bytes[],
  root: Bytes,
): Promise<boolean> {
  if (!isNumber(index) || !isNumber(size) || index >= size || !wellFormed([leaf, root, ...proof]))
    return false;
  let at = BigInt(index);
  let last = BigInt(size - 1);
  let reached = leaf;
  for (const sibling of proof) {
    if (last === 0n) return false;
    if (at & 1n || at === last) {
      reached = await nodeHash(sibling, reached);
      while (!(at & 1n) && at) [at, last] = [at >> 1n, last >> 1n];
    } else {
      reached = await nodeHash(reached, sibling);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last === 0n && equal(reached, root);
}

/** Tell whether a proof shows that the second tree begins with the first (section 2.1.4.2). */
export async function verifyConsistency(
  first: number,
  second: number,
  firstRoot: Bytes,
  secondRoot: Bytes,
  proof: readonly Bytes[],
): Promise<boolean> {
  if (!isNumber(first) || !isNumber(second) || first > second) return false;
  if (!wellFormed([firstRoot, secondRoot, ...proof])) return false;
  if (first === 0 || first === second)
    return proof.length === 0 && sameOrEmpty(first, second, firstRoot, secondRoot);
  let at = BigInt(first - 1);
  let last = BigInt(second - 1);
  const wholeFirst = (BigInt(first) & at) === 0n; // a power of two: the reader knows its root
  const [begin, ...rest] = wholeFirst ? [firstRoot, ...proof] : proof;
  if (!begin) return false;
  while (at & 1n) [at, last] = [at >> 1n, last >> 1n];
  let [older, newer] = [begin, begin];
  for (const sibling of rest) {
    if (last === 0n) return false;
    if (at & 1n || at === last) {
      older = await nodeHash(sibling, older);
      newer = await nodeHash(sibling, newer);
      while (!(at & 1n) && at) [at, last] = [at >> 1n, last >> 1n];
    } else {
      newer = await nodeHash(newer, sibling);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last === 0n && equal(older, firstRoot) && equal(newer, secondRoot);
}

async function sameOrEmpty(
  first: number,
  second: number,
  firstRoot: Bytes,
  secondRoot: Bytes,
): Promise<boolean> {
  const empty = await emptyRoot();
  const begins = equal(firstRoot, first === 0 ? empty : secondRoot);
  return begins && (second === 0) === equal(secondRoot, empty);
}

function isNumber(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function wellFormed(hashes: readonly Bytes[]): boolean {
  return hashes.length <= LONGEST_PROOF + 2 && hashes.every((hash) => hash.length === 32);
}
