/** What a voter takes home; the same as `municipality/ballot/receipt.py`. */

import { type Bytes, hex, unhex } from "./bytes";
import { LARGEST, LONGEST_PROOF, verifyInclusion } from "./merkle";
import { ballotHash, CitySignatures, headStatement, nonceOf, type TreeHead } from "./statements";

const FORMAT = "meta-gwangju receipt 1";
/** Characters. */
export const LONGEST_RECEIPT = 8192;
const FIELDS = [
  "format",
  "vote",
  "definition",
  "city",
  "index",
  "choices",
  "salt",
  "key",
  "leaf",
  "size",
  "root",
  "signature",
  "proof",
] as const;

/** What is wrong, in both languages. */
export interface Fault {
  readonly ko: string;
  readonly en: string;
}

export interface Receipt {
  readonly vote: number;
  /** Digest of what the vote is about, hexadecimal. */
  readonly definition: string;
  /** The city's public key, hexadecimal. */
  readonly city: string;
  readonly index: number;
  /** Numbers of the options approved of, from 0 on, ascending. */
  readonly choices: readonly number[];
  /** The city's part in the nonce. */
  readonly salt: Bytes;
  /** The voter's part: whoever drew it at random knows that nobody else was given this receipt. */
  readonly key: string;
  /** Hash of the ballot's leaf, hexadecimal. */
  readonly leaf: string;
  readonly head: TreeHead;
  readonly proof: readonly Bytes[];
}

/** Read a receipt as it was given, or null when it is none. */
export function readReceipt(text: string): Receipt | null {
  const value = text.length <= LONGEST_RECEIPT ? parsed(text) : null;
  if (value === null || value.format !== FORMAT) return null;
  const { vote, definition, city, index, choices, salt, key, leaf, size, root, signature, proof } = value;
  if (!isNumber(vote) || !isNumber(index) || !isNumber(size) || !areChoices(choices)) return null;
  if (!isHex(definition, 32) || !isHex(city, 32) || !isHex(salt, 16) || !isHex(leaf, 32)) return null;
  if (!isHex(root, 32) || !isHex(signature, 64)) return null;
  if (typeof key !== "string" || !/^[\x21-\x7e]{1,128}$/.test(key)) return null;
  if (!Array.isArray(proof) || proof.length > LONGEST_PROOF || !proof.every((one) => isHex(one, 32)))
    return null;
  return {
    vote,
    definition,
    city,
    index,
    choices,
    salt: unhex(salt),
    key,
    leaf,
    head: { size, root: unhex(root), signature: unhex(signature) },
    proof: proof.map(unhex),
  };
}

/** Check all that a receipt says by itself; null when nothing is wrong. */
export async function receiptFault(receipt: Receipt): Promise<Fault | null> {
  const definition = unhex(receipt.definition);
  const signatures = await CitySignatures.of(receipt.city);
  if (!(await signatures.fit(headStatement(definition, receipt.head), receipt.head.signature)))
    return {
      ko: "영수증의 서명이 맞지 않습니다(definition, city, size, root, signature 중 하나).",
      en: "The receipt's signature does not fit (definition, city, size, root or signature).",
    };
  const leaf = await ballotHash(
    definition,
    bitmap(receipt.choices),
    await nonceOf(receipt.salt, receipt.key),
  );
  const { size, root } = receipt.head;
  if (hex(leaf) !== receipt.leaf || !(await verifyInclusion(leaf, receipt.index, size, receipt.proof, root)))
    return {
      ko: "영수증의 표가 서명된 기록에 들어 있지 않습니다(index, choices, salt, key, leaf, proof 중 하나).",
      en: "The receipt's ballot does not stand in the log that was signed (index, choices, salt, key, leaf or proof).",
    };
  return null;
}

function bitmap(choices: readonly number[]): number {
  return choices.reduce((whole, choice) => whole + 2 ** choice, 0);
}

function parsed(text: string): Record<string, unknown> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const names = Object.keys(value);
  return names.length === FIELDS.length && FIELDS.every((name) => Object.hasOwn(value, name))
    ? (value as Record<string, unknown>)
    : null;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= LARGEST;
}

function areChoices(value: unknown): value is number[] {
  if (!Array.isArray(value)) return false;
  return value.every((one, at) => isNumber(one) && one < 32 && (at === 0 || one > value[at - 1]));
}

function isHex(value: unknown, bytes: number): value is string {
  return typeof value === "string" && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value);
}
