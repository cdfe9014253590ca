import { describe, expect, it } from "vitest";
import { bytes, hex } from "./hex";
import {
  decodePeopleHead,
  decodePoseSample,
  encodePoseSample,
  MAX_STATE_BYTES,
  type PoseSample,
  ProtocolError,
  parseServerEvent,
  parseServerSignal,
} from "./messages";
import { VECTORS } from "./vectors";

interface Vector {
  readonly hex: string;
  readonly value: unknown;
}

const vectors: { readonly poseSamples: Vector[]; readonly walk: Vector[] } = JSON.parse(VECTORS);

/** Compare numbers to a nanometre, however deep they lie. */
function close(actual: unknown, expected: unknown): void {
  if (typeof expected === "number") expect(actual).toBeCloseTo(expected, 9);
  else if (Array.isArray(expected) && Array.isArray(actual)) {
    expect(actual.length).toBe(expected.length);
    for (const [index, part] of expected.entries()) close(actual[index], part);
  } else {
    const [found, wanted] = [Object(actual), Object(expected)];
    expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
    for (const key of Object.keys(wanted)) close(found[key], wanted[key]);
  }
}

describe("packets made by the server's codec", () => {
  it.each(vectors.poseSamples)("a pose sample means the same here, and is written alike (%#)", (vector) => {
    close(decodePoseSample(bytes(vector.hex)), vector.value);
    expect(hex(encodePoseSample(vector.value as PoseSample))).toBe(vector.hex);
  });
});

describe("what is not exactly in the protocol", () => {
  const sample = vectors.poseSamples[0]?.hex ?? "";
  const people = vectors.walk[0]?.hex ?? "";

  it.each([
    "",
    sample.slice(0, -2),
    `${sample}00`,
    `01${sample.slice(2)}`,
    `0202${sample.slice(4)}`,
    `${sample.slice(0, 24)}04${sample.slice(26)}`,
    `${sample.slice(0, -8)}ffffffff`,
  ])("a bent pose sample is refused (%#)", (bent) => {
    expect(() => decodePoseSample(bytes(bent))).toThrow(ProtocolError);
  });

  it.each([
    people.slice(0, 42),
    `01${people.slice(2)}`,
    `0201${people.slice(4)}`,
    people.padEnd(2 * MAX_STATE_BYTES + 2, "0"),
  ])("the head of a bent people packet is refused (%#)", (bent) => {
    expect(() => decodePeopleHead(bytes(bent))).toThrow(ProtocolError);
  });

  it("a view into a larger buffer is read where it lies", () => {
    const padded = Uint8Array.from([9, 9, ...bytes(sample), 9]);
    const inner = padded.subarray(2, padded.length - 1);
    expect(decodePoseSample(inner)).toEqual(decodePoseSample(bytes(sample)));
  });

  it("values that do not fit are not sent", () => {
    const good = decodePoseSample(bytes(sample));
    const bad: Partial<PoseSample>[] = [
      { position: [Number.NaN, 0, 0] },
      { position: [3e6, 0, 0] },
      { headPosition: [33, 0, 0] },
      { yaw: Number.POSITIVE_INFINITY },
      { headOrientation: [0, 0, 0, 0] },
      { body: 4 },
      { sequence: 65536 },
      { seen: 2 ** 32 },
      { seenBefore: -1 },
    ];
    for (const change of bad) {
      expect(() => encodePoseSample({ ...good, ...change })).toThrow(ProtocolError);
    }
  });

  it("messages are checked field by field", () => {
    expect(parseServerEvent('{"type":"left","person":7}')).toEqual({ type: "left", person: 7 });
    expect(parseServerSignal('{"type":"answer","sdp":"v=0"}')).toEqual({ type: "answer", sdp: "v=0" });
    for (const text of [
      "{",
      "null",
      "[]",
      "{}",
      '{"type":"left"}',
      '{"type":"left","person":"7"}',
      '{"type":"left","person":7.5}',
      '{"type":"left","person":7,"rank":1}',
      '{"type":"toString","person":7}',
      '{"type":"moved","position":[0,0],"yaw":0,"reason":"teleport"}',
      '{"type":"moved","position":[0,0,0],"yaw":0,"reason":"magic"}',
      '{"type":"answer","sdp":"v=0"}',
    ]) {
      expect(() => parseServerEvent(text)).toThrow(ProtocolError);
    }
  });
});
