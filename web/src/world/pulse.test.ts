import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { BodyPose } from "../render/api";
import { type Beating, followPulse } from "./pulse";
import { Sampler } from "./sampling";

const POSE: BodyPose = {
  position: [1, 2, 3],
  yaw: 0,
  head: { position: [0, 1.6, 0], orientation: [0, 0, 0, 1] },
  left: null,
  right: null,
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a page whose own timers stand still sends a pose at every beat, though nothing moved", () => {
  const worker: Beating = { onmessage: null, onerror: null };
  const sampler = new Sampler();
  const sent: number[] = [];
  const now = { seconds: 0 };
  followPulse(
    () => {
      const sample = sampler.sample(POSE, now.seconds * 1000, { seen: 0, seenBefore: 0 });
      if (sample !== null) sent.push(now.seconds);
    },
    () => worker,
  );
  for (; now.seconds < 12; now.seconds += 1) worker.onmessage?.call(worker as Worker, {} as MessageEvent);
  expect(sent).toHaveLength(12);
});

test("the worker beats once a second", async () => {
  const posted = vi.fn();
  vi.stubGlobal("postMessage", posted);
  const { EVERY } = await import("./pulse.worker");
  vi.advanceTimersByTime(10_000);
  expect(posted).toHaveBeenCalledTimes(10);
  expect(EVERY).toBeLessThanOrEqual(1000);
  vi.unstubAllGlobals();
});
