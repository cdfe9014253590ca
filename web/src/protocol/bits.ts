/** A stream of bits, the least significant of each byte first. */

import { ProtocolError } from "./wire";

export class BitReader {
  private at: number;

  /**
   * @param first Byte at which the stream begins.
   */
  constructor(
    private readonly data: Uint8Array,
    first: number,
  ) {
    this.at = first * 8;
  }

  /** The next `bits` (at most 32) as a number that is not negative; throws ProtocolError past the end. */
  take(bits: number): number {
    const { data } = this;
    if (this.at + bits > data.length * 8) throw new ProtocolError("a packet is cut short");
    let [value, got] = [0, 0];
    while (got < bits) {
      const shift = this.at & 7;
      const part = Math.min(8 - shift, bits - got);
      value |= ((data[this.at >> 3] >> shift) & ((1 << part) - 1)) << got;
      got += part;
      this.at += part;
    }
    return value >>> 0;
  }

  /** The byte behind the one that was read last. */
  get end(): number {
    return Math.ceil(this.at / 8);
  }
}
