/** The crowd behind the records of a packet: people in sight, roughly, by squares of the ground. */

import {
  CROWD_BEGINS,
  CROWD_HEAD,
  CROWD_HEIGHT_STEPS,
  CROWD_PIECE,
  CROWD_SQUARE,
  CROWD_TURNS,
} from "./layout";
import { ProtocolError, type Vec3 } from "./wire";

/** Somebody of the crowd. */
export interface RoughRecord {
  readonly id: number;
  /** Ground point below them, world frame; to 6.25 cm, heights to 12.5 cm. */
  readonly position: Vec3;
  /** Heading, radians, 0 looks north, positive turns left; from 0 to 2π, to 2.8°. */
  readonly yaw: number;
  readonly speaking: boolean;
  readonly waving: boolean;
}

/** What a packet told of the crowd. */
export interface CrowdNews {
  /** A round begins: everybody in sight is told of anew. Whoever was not told of for two rounds is out of sight. */
  readonly begins: boolean;
  /** The tick at which they were there. */
  readonly tick: number;
  readonly people: readonly RoughRecord[];
}

const STEPS = 256;
const STEP = CROWD_SQUARE / STEPS;
const MOST_ID = 0xffffffff;
const ID_BYTES = 5;
const DIGIT = 128;

class PieceReader {
  constructor(
    private readonly data: Uint8Array,
    public at: number,
  ) {}

  byte(): number {
    if (this.at >= this.data.length) throw new ProtocolError("the crowd is cut short");
    return this.data[this.at++];
  }

  /** A signed number of two bytes. */
  short(): number {
    return ((this.byte() | (this.byte() << 8)) << 16) >> 16;
  }

  /** A number of seven bits a byte, the lowest first. */
  id(): number {
    let value = 0;
    for (let index = 0; index < ID_BYTES; index++) {
      const byte = this.byte();
      value += (byte % DIGIT) * DIGIT ** index;
      if (byte < DIGIT) return value;
    }
    throw new ProtocolError("the crowd holds an endless id");
  }
}

function readPiece(reader: PieceReader, people: RoughRecord[]): void {
  const [column, line, base] = [reader.short(), reader.short(), reader.short()];
  const count = reader.byte();
  if (count === 0 || count > CROWD_PIECE)
    throw new ProtocolError("a piece of the crowd holds nobody, or too many");
  let id = 0;
  for (let index = 0; index < count; index++) {
    const step = reader.id();
    id += step;
    if ((index > 0 && step === 0) || id > MOST_ID) throw new ProtocolError("ids of a piece do not rise");
    // The middle of the step that somebody stands in.
    const x = column * CROWD_SQUARE + (reader.byte() + 0.5) * STEP;
    const y = base + (reader.byte() + 0.5) / CROWD_HEIGHT_STEPS;
    const z = line * CROWD_SQUARE + (reader.byte() + 0.5) * STEP;
    const turn = reader.byte();
    people.push({
      id,
      position: [x, y, z],
      yaw: (turn % CROWD_TURNS) * ((2 * Math.PI) / CROWD_TURNS),
      speaking: (turn & CROWD_TURNS) !== 0,
      waving: (turn & (2 * CROWD_TURNS)) !== 0,
    });
  }
}

/**
 * Read what stands behind the records of a packet.
 *
 * @param at Byte at which the records end.
 * @param tick Of the packet.
 * @throws ProtocolError It cannot be read.
 */
export function readCrowd(data: Uint8Array, at: number, tick: number): CrowdNews {
  const people: RoughRecord[] = [];
  if (at === data.length) return { begins: false, tick, people };
  const front = data[at];
  const reader = new PieceReader(data, at + 1);
  while (reader.at < data.length) {
    if (reader.at + CROWD_HEAD > data.length) throw new ProtocolError("the crowd is cut short");
    readPiece(reader, people);
  }
  const begins = (front & CROWD_BEGINS) !== 0;
  if (people.length === 0 && !begins) throw new ProtocolError("a packet tells of a crowd of nobody");
  return { begins, tick: tick - (front & (CROWD_BEGINS - 1)), people };
}
