import { expect, test } from "vitest";
import { Body, decodePoseSample } from "../protocol/messages";
import type { BodyPose } from "../render/api";
import { poseSample, Sampler } from "./sampling";

const POSE: BodyPose = {
  position: [12.5, 20, -30.25],
  yaw: 1.25,
  head: { position: [0, 1.6, 0], orientation: [0, 0, 0, 1] },
  left: null,
  right: null,
};

const NOTHING = { seen: 0, seenBefore: 0 };

function moved(x: number): BodyPose {
  return { ...POSE, position: [x, 20, 0] };
}

test("a pose at a desk has no hands and survives the wire", () => {
  const sample = new Sampler().sample(POSE, 0, { seen: 4_000_000_000, seenBefore: 0x80000001 });
  const decoded = decodePoseSample(sample?.packet as ArrayBuffer);
  expect(decoded.body).toBe(0);
  decoded.position.forEach((value, axis) => {
    expect(value).toBeCloseTo(POSE.position[axis], 3);
  });
  expect(decoded.yaw).toBeCloseTo(1.25, 3);
  expect([decoded.seen, decoded.seenBefore]).toEqual([4_000_000_000, 0x80000001]);
});

test("tracked hands are flagged one by one", () => {
  const hand = { position: [0.2, 1, -0.3], orientation: [0, 0, 0, 1] } as const;
  expect(poseSample({ ...POSE, left: hand }, 0, NOTHING).body).toBe(Body.LEFT_HAND);
  expect(poseSample({ ...POSE, left: hand, right: hand }, 0, NOTHING).body).toBe(
    Body.LEFT_HAND | Body.RIGHT_HAND,
  );
});

test("a part beyond reach is brought to three metres", () => {
  const far = { position: [0, 40, 0], orientation: [0, 0, 0, 1] } as const;
  expect(poseSample({ ...POSE, right: far }, 0, NOTHING).rightPosition).toEqual([0, 3, 0]);
});

test("moving samples come at most twenty a second and count up", () => {
  const sampler = new Sampler();
  const sent = [];
  for (let now = 0; now < 1000; now += 5) {
    const sample = sampler.sample(moved(now / 100), now, NOTHING);
    if (sample !== null) sent.push(sample.sequence);
  }
  expect(sent.length).toBeGreaterThan(18);
  expect(sent.length).toBeLessThanOrEqual(21);
  expect(sent).toEqual(sent.map((_, index) => index));
});

test("a standing person is heard of four times a second, whatever they receive", () => {
  const sampler = new Sampler();
  const seen: number[] = [];
  for (let now = 0; now < 2000; now += 10) {
    const sample = sampler.sample(POSE, now, { seen: now, seenBefore: now ** 2 });
    if (sample !== null) seen.push(decodePoseSample(sample.packet).seen);
  }
  expect(seen).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750]);
});

test("sequence numbers wrap after 65535", () => {
  const sampler = new Sampler();
  let last = -1;
  for (let index = 0; index <= 65536; index += 1) {
    last = sampler.sample(moved(index % 1000), index * 50, NOTHING)?.sequence ?? last;
  }
  expect(last).toBe(0);
});
