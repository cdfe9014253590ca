/** What the city signs of a vote, and its signatures: Ed25519 (RFC 8032) by the browser itself. */

import { type Bytes, concat, sha256, subtle, uint32, uint64, unhex, utf8 } from "./bytes";
import { leafHash } from "./merkle";

const LEAF_OF = utf8("MGB1");
const NONCE_OF = utf8("meta-gwangju nonce 1\0");
const HEAD_OF = utf8("meta-gwangju tree head\0");
const ENDING_OF = utf8("meta-gwangju vote ending\0");

/** A log at one moment, signed; hashes and signature as bytes. */
export interface TreeHead {
  readonly size: number;
  readonly root: Bytes;
  readonly signature: Bytes;
}

/** The hash of a ballot's leaf, in the vote whose definition has this digest. */
export function ballotHash(definition: Bytes, choices: number, nonce: Bytes): Promise<Bytes> {
  return leafHash(concat(LEAF_OF, definition, uint32(choices), nonce));
}

/** The nonce of a ballot, from the city's part and the voter's. */
export function nonceOf(salt: Bytes, key: string): Promise<Bytes> {
  return sha256(concat(NONCE_OF, salt, utf8(key)));
}

export function headStatement(definition: Bytes, head: TreeHead): Bytes {
  return concat(HEAD_OF, definition, uint64(head.size), head.root);
}

export function endingStatement(definition: Bytes, text: string): Bytes {
  return concat(ENDING_OF, definition, utf8(text));
}

/** What people compare of a public key. */
export async function fingerprintOf(city: string): Promise<Bytes> {
  return sha256(unhex(city));
}

/** Checks what one city signed. */
export class CitySignatures {
  private constructor(
    private readonly key: CryptoKey | null,
    /** False where the browser knows no Ed25519: then nothing is checked, and the reader must be told. */
    readonly supported: boolean,
  ) {}

  static async of(city: string): Promise<CitySignatures> {
    if (!(await knowsEd25519())) return new CitySignatures(null, false);
    try {
      return new CitySignatures(await imported(city), true);
    } catch (error) {
      if (error instanceof DOMException) return new CitySignatures(null, true); // no point of the curve
      throw error;
    }
  }

  /** Tell whether the city signed this. True, too, where signatures are not supported. */
  async fit(statement: Bytes, signature: Bytes): Promise<boolean> {
    if (!this.supported) return true;
    return this.key !== null && subtle().verify("Ed25519", this.key, signature, statement);
  }
}

function imported(city: string): Promise<CryptoKey> {
  return subtle().importKey("raw", unhex(city), "Ed25519", false, ["verify"]);
}

/** Tell by a key that is one: the first of RFC 8032, section 7.1. */
async function knowsEd25519(): Promise<boolean> {
  try {
    await imported("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}
