import { describe, expect, it, test } from "vitest";
import type { PersonState } from "../render/api";
import { CARRY_ON, TickClock } from "./interpolation";
import { LEAST_DELAY, MOST_DELAY, Playback } from "./playback";

const TICK = 0.05;
const FRAME = 1 / 60;
/** Metres a second. */
const WALK = 1.4;

/** A packet: its tick, seconds from then to its arrival, and whether it held news. */
interface Arrival {
  readonly tick: number;
  readonly delay: number;
  readonly news: boolean;
}

interface Frame {
  readonly now: number;
  readonly x: number;
  /** How long ago what is shown was so. */
  readonly delay: number;
}

function state(x: number, z = 0): PersonState {
  return {
    position: [x, 0, z],
    yaw: 0,
    head: { position: [0, 1.6, 0], orientation: [0, 0, 0, 1] },
    left: null,
    right: null,
    speaking: false,
    waving: false,
  };
}

/** One packet a tick, news every so many ticks; `delays` are taken in turn, negative ones are losses. */
function arrivals(from: number, count: number, every: number, delays: readonly number[]): Arrival[] {
  return Array.from({ length: count }, (_, index) => from + index)
    .map((tick) => ({ tick, delay: delays[tick % delays.length], news: tick % every === 0 }))
    .filter(({ delay }) => delay >= 0);
}

/** Show somebody who walks east at 60 frames a second. A late packet is dropped, as the view drops it. */
function played(packets: readonly Arrival[], where = (time: number) => WALK * time): Frame[] {
  const [clock, playback] = [new TickClock(TICK), new Playback()];
  const rest = [...packets].sort((a, b) => a.tick * TICK + a.delay - b.tick * TICK - b.delay);
  const frames: Frame[] = [];
  const end = (rest.at(-1)?.tick ?? 0) * TICK;
  let newest = -1;
  for (let now = rest[0].tick * TICK; now < end; now += FRAME) {
    while (rest.length > 0 && rest[0].tick * TICK + rest[0].delay <= now) {
      const { tick, delay, news } = rest.shift() as Arrival;
      if (tick <= newest) continue;
      newest = tick;
      const time = clock.hear(tick, tick * TICK + delay);
      if (news) playback.push(time, state(where(time)));
    }
    const x = playback.at(now, clock)?.position[0];
    if (x !== undefined) frames.push({ now, x, delay: now - x / WALK });
  }
  return frames;
}

/** Speeds from frame to frame as shares of the walk's. */
function speeds(frames: readonly Frame[]): number[] {
  return frames.slice(1).map(({ x }, index) => (x - frames[index].x) / FRAME / WALK);
}

function since(frames: readonly Frame[], now: number): Frame[] {
  return frames.filter((frame) => frame.now >= now);
}

const EVEN = [0.02];
const BUMPY = [0.02, 0.05, 0.03, 0.06, 0.02, 0.06, 0.02, 0.04];

describe("how long ago people are shown", () => {
  it.each([1, 2, 4])("on an even network: since the news before the newest (every %i ticks)", (every) => {
    const frames = since(played(arrivals(0, 400, every, EVEN)), 15);
    for (const { delay } of frames) expect(delay).toBeCloseTo(0.02 + every * TICK, 2);
  });

  test("on a bumpy network: longer by as much as packets are late", () => {
    const frames = since(played(arrivals(0, 400, 1, BUMPY)), 15);
    for (const { delay } of frames) {
      // Two hundredths for the way itself, four for the latest packet.
      expect(delay).toBeGreaterThan(0.02 + TICK + 0.03);
      expect(delay).toBeLessThan(0.02 + TICK + 0.05);
    }
  });

  test("it grows while packets are late, and shrinks more slowly when they come in time again", () => {
    // They come four at a time.
    const late = [0.17, 0.13, 0.09, 0.05];
    const packets = [
      ...arrivals(0, 200, 1, EVEN),
      ...arrivals(200, 100, 1, late),
      ...arrivals(300, 400, 1, EVEN),
    ];
    const frames = played(packets);
    const delayAt = (now: number) => since(frames, now)[0].delay;
    expect(delayAt(9.9)).toBeLessThan(0.09);
    expect(delayAt(12)).toBeGreaterThan(0.2);
    expect(delayAt(17)).toBeGreaterThan(0.13);
    expect(delayAt(33)).toBeLessThan(0.09);
  });

  test("news that is overdue counts before it comes", () => {
    const playback = new Playback();
    for (let tick = 0; tick <= 400; tick += 1) playback.push(tick * TICK, state(0));
    expect(playback.needed(20.05, 0)).toBeCloseTo(0.05, 3);
    expect(playback.needed(20.3, 0)).toBeCloseTo(0.3);
  });

  test("it stays within its bounds, whatever comes", () => {
    const clock = new TickClock(TICK);
    const playback = new Playback();
    playback.push(0, state(0));
    playback.push(9, state(0));
    expect(playback.needed(9, 3)).toBe(MOST_DELAY);
    expect(playback.needed(99, 0)).toBe(MOST_DELAY);
    for (let time = 9; time < 60; time += 0.001) playback.push(time, state(0));
    expect(playback.needed(60, 0)).toBe(LEAST_DELAY);
    expect(playback.at(60, clock)?.position).toEqual([0, 0, 0]);
  });
});

describe("a steady walk is shown steadily", () => {
  const steady = (frames: readonly Frame[]) => {
    for (const speed of speeds(frames)) expect(Math.abs(speed - 1)).toBeLessThan(0.11);
  };

  it.each([
    [1, 4],
    [4, 1],
    [1, 2],
    [2, 4],
    [4, 2],
  ])("when news begins to come every %i ticks instead of every %i", (every, before) => {
    const packets = [...arrivals(0, 400, before, EVEN), ...arrivals(400, 200, every, EVEN)];
    steady(since(played(packets), 2));
  });

  it.each([
    ["even", EVEN],
    ["bumpy", BUMPY],
    ["far and bumpy", BUMPY.map((delay) => delay * 2 + 0.1)],
  ])("on a network that is %s", (_, delays) => {
    for (const every of [1, 2, 4]) steady(since(played(arrivals(0, 400, every, delays)), 4));
  });

  test("when one packet in ten is lost", () => {
    const lossy = [-1, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02];
    for (const every of [1, 2, 4]) steady(since(played(arrivals(0, 400, every, lossy)), 4));
  });
});

test("nobody is carried on for longer than the bound when no more news comes", () => {
  const packets = [...arrivals(0, 100, 1, EVEN), ...arrivals(100, 100, 1000, EVEN)];
  const frames = played(packets);
  expect(frames.at(-1)?.x).toBeCloseTo(WALK * (99 * TICK + CARRY_ON), 3);
});

test("somebody who turns round while they are carried on does not jump back", () => {
  // Every tick for ten seconds, then every fourth; they turn round between two news.
  const turn = 10.3;
  const packets = [...arrivals(0, 200, 1, EVEN), ...arrivals(200, 100, 4, EVEN)];
  const frames = since(
    played(packets, (time) => WALK * Math.min(time, 2 * turn - time)),
    9,
  );
  const fastest = Math.max(...speeds(frames).map(Math.abs));
  // What was too far is taken back within a tenth of a second or two.
  expect(fastest).toBeLessThan(4);
  expect(frames.at(-1)?.x).toBeLessThan(WALK * turn);
});

it.each([
  ["on an even way", arrivals(0, 200, 1, EVEN)],
  ["while they are carried on", [...arrivals(0, 100, 1, EVEN), ...arrivals(100, 100, 4, EVEN)]],
])("a teleport is a jump, and no step is left of it: %s", (_, packets) => {
  const frames = since(
    played(packets, (time) => (time < 5.1 ? 0 : 100)),
    4,
  );
  expect(new Set(frames.map(({ x }) => Math.round(x * 1000)))).toEqual(new Set([0, 100_000]));
});

test("after a pause of the page they are where they belong at once", () => {
  const clock = new TickClock(TICK);
  const playback = new Playback();
  for (let tick = 0; tick <= 200; tick += 1) {
    const time = clock.hear(tick, tick * TICK);
    playback.push(time, state(WALK * time));
    if (tick === 100) playback.at(5, clock);
  }
  // No frame was drawn for five seconds: that is not caught up with in fast motion.
  expect(playback.at(10, clock)?.position[0]).toBeGreaterThan(WALK * 9.7);
  // A new clock, a second behind.
  clock.reset();
  clock.hear(180, 10);
  expect(playback.at(10, clock)?.position[0]).toBeLessThan(WALK * 9);
});

test("somebody new stands where the first news puts them", () => {
  const [clock, playback] = [new TickClock(TICK), new Playback()];
  expect(playback.at(0, clock)).toBeNull();
  playback.push(clock.hear(20, 1), state(3));
  expect(playback.at(1, clock)?.position[0]).toBe(3);
  expect(playback.at(1.4, clock)?.position[0]).toBe(3);
});
