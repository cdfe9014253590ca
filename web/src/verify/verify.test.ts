import { describe, expect, it } from "vitest";
import { type Bytes, hex, unhex, utf8 } from "./bytes";
import { emptyRoot, FullTree, verifyConsistency, verifyInclusion } from "./merkle";
import { LONGEST_RECEIPT, type Receipt, readReceipt, receiptFault } from "./receipt";
import { verifyVote } from "./recount";
import { nonceOf } from "./statements";
// Written by `python -m tests.support.ballot_vectors`; a Python test holds it to what the city makes.
import vectors from "./vectors.json";

const { trees, fingerprint } = vectors;
const leaves = trees.leaves.map(unhex);
const root = (size: number): Bytes => unhex(trees.roots[size] as string);
const receipts = vectors.receipts.map((text) => readReceipt(text) as Receipt);
const mine = receipts[2] as Receipt;
const counted = utf8(vectors.counted);

/** A generator that gives the same numbers in every run (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function flipped(data: Bytes, at: number, bit: number): Bytes {
  const bad = data.slice();
  bad[at] = (bad[at] as number) ^ (1 << bit);
  return bad;
}

/** What a proof may be turned into. */
function spoilt(proof: readonly Bytes[], draw: (below: number) => number): Bytes[] {
  const bad = [...proof];
  const at = draw(bad.length);
  const one = bad[at];
  if (!one || draw(4) === 0) return [...bad, new Uint8Array(32)];
  if (draw(3) === 0) bad.splice(at, 1);
  else if (draw(2) === 0) bad[at] = one.subarray(0, 31);
  else bad[at] = flipped(one, draw(32), draw(8));
  return bad;
}

describe("trees of RFC 9162", () => {
  it("have the roots that the city computes", async () => {
    const tree = await FullTree.of(leaves);
    for (const [size, expected] of trees.roots.entries()) expect(hex(await tree.root(size))).toBe(expected);
    expect(hex(await emptyRoot())).toBe(trees.roots[0]);
    await expect(tree.root(21)).rejects.toThrow(RangeError);
  });

  it("prove what stands in them, and nothing else", async () => {
    const draw = chance(518);
    for (const { index, size, proof } of trees.inclusion) {
      const path = proof.map(unhex);
      const leaf = leaves[index] as Bytes;
      expect(await verifyInclusion(leaf, index, size, path, root(size))).toBe(true);
      expect(await verifyInclusion(leaf, index, size, spoilt(path, draw), root(size))).toBe(false);
      expect(await verifyInclusion(leaf, index ^ 1, size, path, root(size))).toBe(size === 1 && index === 1);
      expect(await verifyInclusion(flipped(leaf, draw(32), draw(8)), index, size, path, root(size))).toBe(
        false,
      );
    }
    for (const [index, size] of [
      [-1, 2],
      [2, 2],
      [0.5, 2],
      [0, 2 ** 53],
      [Number.NaN, 2],
    ] as const)
      expect(await verifyInclusion(root(1), index, size, [], root(1))).toBe(false);
  });

  it("prove that they only grew", async () => {
    const draw = chance(1980);
    for (const { first, second, proof } of trees.consistency) {
      const path = proof.map(unhex);
      expect(await verifyConsistency(first, second, root(first), root(second), path)).toBe(true);
      expect(await verifyConsistency(first, second, root(first), root(second), spoilt(path, draw))).toBe(
        false,
      );
      if (first === second) continue;
      expect(await verifyConsistency(first, second, root(second), root(second), path)).toBe(false);
      expect(await verifyConsistency(first, second, root(first), root(first), path)).toBe(false);
      expect(await verifyConsistency(second, first, root(second), root(first), path)).toBe(false);
    }
  });
});

describe("a receipt", () => {
  it("proves itself, and that its nonce came from the voter's own key", async () => {
    expect(receipts.length).toBeGreaterThan(4);
    for (const receipt of receipts) expect(await receiptFault(receipt)).toBeNull();
    expect(hex(await nonceOf(mine.salt, mine.key))).not.toBe(hex(await nonceOf(mine.salt, `${mine.key}1`)));
  });

  it("proves nothing once a character is another", async () => {
    const text = vectors.receipts[2] as string;
    const draw = chance(2026);
    for (let at = 0; at < text.length; at++) {
      const other = String.fromCharCode(text.charCodeAt(at) ^ (1 << draw(6)));
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      const read = readReceipt(changed);
      if (read !== null)
        expect((await receiptFault(read)) ?? (read.vote === mine.vote ? null : "vote")).not.toBeNull();
    }
  });

  it("is refused when it is none", () => {
    const value = JSON.parse(vectors.receipts[0] as string);
    const strange: unknown[] = [
      null,
      [],
      {},
      7,
      "x",
      { ...value, more: 1 },
      { ...value, format: "meta-gwangju receipt 2" },
      { ...value, vote: -1 },
      { ...value, index: 1.5 },
      { ...value, size: 2 ** 53 },
      { ...value, choices: [1, 0] },
      { ...value, choices: [32] },
      { ...value, choices: "0" },
      { ...value, key: "a b" },
      { ...value, root: value.root.toUpperCase().replace(/[0-9]/g, "A") },
      { ...value, proof: Array(55).fill(value.root) },
      { ...value, proof: ["00"] },
    ];
    for (const one of strange) expect(readReceipt(JSON.stringify(one))).toBeNull();
    for (const text of ["", "{", "[".repeat(8000), "x".repeat(LONGEST_RECEIPT + 1)])
      expect(readReceipt(text)).toBeNull();
    expect(readReceipt(JSON.stringify(value, null, 2))).not.toBeNull();
  });
});

describe("an export", () => {
  it("is recounted, with every receipt", async () => {
    const found = await verifyVote(counted, receipts, fingerprint);
    expect(found.faults).toEqual([]);
    expect(found).toMatchObject({
      passed: true,
      signaturesChecked: true,
      ballots: 39,
      heads: 4,
      fingerprint,
    });
    expect(found.count).toEqual({ blank: 4, approvals: [20, 20, 20] });
    expect(found.ending?.approvals).toEqual(found.count?.approvals);
    expect(found.definition?.options[0]?.en).toBe("Park");
  });

  it("of a vote that goes on, or was cancelled, verifies without a count", async () => {
    const going = await verifyVote(utf8(vectors.going_on), receipts, fingerprint);
    expect(going).toMatchObject({ passed: true, count: null, ending: null, ballots: 39 });
    const cancelled = await verifyVote(utf8(vectors.cancelled), [], fingerprint);
    expect(cancelled).toMatchObject({ passed: true, count: null, ending: { state: "cancelled" } });
  });

  it("does not verify with one flipped byte anywhere", async () => {
    const draw = chance(2021);
    for (const data of [counted, utf8(vectors.going_on)]) {
      for (let at = draw(20); at < data.length; at += 1 + draw(20)) {
        const found = await verifyVote(flipped(data, at, draw(8)), [], null);
        expect(found.passed, `byte ${at}`).toBe(false);
        expect(found.faults[0]?.ko).toBeTruthy();
      }
    }
  });

  it("does not verify with lines that are missing, added or moved", async () => {
    const lines = vectors.counted.split("\n").slice(0, -1);
    const changes: string[][] = [
      lines.slice(0, -1),
      lines.slice(0, 3).concat(lines.slice(4)),
      lines.slice(0, 2).concat(lines.slice(3)),
      [...lines, lines.at(-1) as string],
      [...lines.slice(0, -1), '{"ending":null}'],
      lines.slice(1),
      [],
      lines.slice(0, 2),
      lines.map((line) => `${line}\r`),
      ["[".repeat(70_000)],
    ];
    for (const change of changes) {
      const found = await verifyVote(utf8(change.map((line) => `${line}\n`).join("")), [], fingerprint);
      expect(found.passed).toBe(false);
    }
    expect((await verifyVote(counted.subarray(0, -1), [], null)).faults[0]?.en).toContain("does not end");
  });

  it("says which line is wrong", async () => {
    const changed = vectors.counted.replace('{"choices":1,', '{"choices":3,');
    const found = await verifyVote(utf8(changed), [mine], fingerprint);
    expect(found.faults[0]?.en).toMatch(/^Line \d+: one of the ballots 0–0 /);
  });

  it("does not verify for another city, or with another's receipt", async () => {
    expect((await verifyVote(counted, [], "00".repeat(32))).passed).toBe(false);
    for (const other of [
      { ...mine, vote: mine.vote + 1 },
      { ...mine, definition: "00".repeat(32) },
      { ...mine, index: mine.index + 1 },
      { ...mine, key: "another-key" },
      { ...mine, choices: [] },
      { ...mine, head: { ...mine.head, size: mine.head.size + 1 } },
    ])
      expect((await verifyVote(counted, [other], fingerprint)).passed).toBe(false);
    const short = await verifyVote(utf8(vectors.counted.split("\n").slice(0, 4).join("\n")), receipts, null);
    expect(short.passed).toBe(false);
  });
});
