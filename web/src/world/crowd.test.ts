import { describe, expect, it, test } from "vitest";
import { CARRY_ON, Crowd, EXPECT, FORGET } from "./crowd";

const FRAME = 1 / 60;
/** Metres a second. */
const PACE = 1.4;

interface Frame {
  readonly now: number;
  readonly x: number;
}

/** Where somebody who goes along x is shown, frame by frame; the server's clock is this one. */
function walked(updates: readonly { at: number; x: number }[], until: number, crowd = new Crowd()): Frame[] {
  const rest = [...updates];
  const frames: Frame[] = [];
  for (let now = 0; now < until; now += FRAME) {
    while (rest.length > 0 && rest[0].at <= now) {
      const { at, x } = rest.shift() as { at: number; x: number };
      crowd.hear({ person: 7, x, y: 0, z: 0, yaw: 0, at }, now);
    }
    for (const { state } of crowd.shown(now, now)) frames.push({ now, x: state.position[0] });
  }
  return frames;
}

function told(every: number, until: number, where: (at: number) => number): { at: number; x: number }[] {
  return Array.from({ length: Math.floor(until / every) }, (_, index) => index * every).map((at) => ({
    at,
    x: where(at),
  }));
}

function speeds(frames: readonly Frame[]): number[] {
  return frames.slice(1).map(({ x }, index) => (x - frames[index].x) / FRAME);
}

describe.each([0.5, 1])("told of every %d seconds", (every) => {
  test("a steady walk is shown steadily", () => {
    const frames = walked(
      told(every, 12, (at) => PACE * at),
      12,
    ).filter(({ now }) => now > 4);
    for (const speed of speeds(frames)) expect(Math.abs(speed - PACE)).toBeLessThan(0.05);
  });

  test("who stops stands still, and never slides back", () => {
    const frames = walked(
      told(every, 12, (at) => PACE * Math.min(at, 6.3)),
      12,
    );
    expect(Math.min(...speeds(frames))).toBeGreaterThan(-1e-6);
    expect(frames.at(-1)?.x).toBeCloseTo(PACE * 6.3, 3);
  });

  test("one lost update is walked over without a step of more than some centimetres", () => {
    const updates = told(every, 12, (at) => PACE * at).filter((_, index) => index !== 7);
    const fastest = Math.max(...speeds(walked(updates, 12)).map(Math.abs));
    expect(fastest).toBeLessThan(2.5 * PACE);
  });
});

test("whose news stops is carried on for a while at walking speed at most, then forgotten", () => {
  const frames = walked(
    told(1, 6, (at) => 5 * at),
    12,
  );
  const last = frames.at(-1) as Frame;
  expect(last.x).toBeCloseTo(5 * 5 + 2 * CARRY_ON, 1);
  expect(last.now).toBeGreaterThan(5 + FORGET - 2 * FRAME);
  expect(last.now).toBeLessThan(5 + FORGET + 2 * FRAME);
});

test("a teleport is a jump, and nobody flies", () => {
  const frames = walked(
    told(1, 10, (at) => (at < 5 ? 0 : 60)),
    10,
  );
  expect(new Set(frames.map(({ x }) => Math.round(x)))).toEqual(new Set([0, 60]));
});

it.each([0.2, 1])("who was near goes on where they were shown, told of %d seconds later", (later) => {
  const crowd = new Crowd();
  const trail = [4.6, 4.8, 5].map((at) => ({ person: 7, x: PACE * at, y: 0, z: 0, yaw: 0, at }));
  const now = 5.1;
  for (const _ of crowd.shown(now, now)) expect.unreachable();
  crowd.takeOver(trail, [PACE * 4.9, 0, 0], 4.9, now);
  const frames: Frame[] = [{ now, x: PACE * 4.9 }];
  let next = 5 + later;
  for (let time = now + FRAME; time < 9; time += FRAME) {
    if (time >= next) {
      crowd.hear({ person: 7, x: PACE * next, y: 0, z: 0, yaw: 0, at: next }, time);
      next += 1;
    }
    for (const { state } of crowd.shown(time, time)) frames.push({ now: time, x: state.position[0] });
  }
  expect(frames.length).toBeGreaterThan(200);
  for (const speed of speeds(frames)) {
    expect(speed).toBeGreaterThan(0.4 * PACE);
    expect(speed).toBeLessThan(1.6 * PACE);
  }
});

test("who was near and is in no news of the crowd has left the sight", () => {
  const crowd = new Crowd();
  crowd.takeOver([{ person: 7, x: 0, y: 0, z: 0, yaw: 0, at: 5 }], [0, 0, 0], 5, 5);
  expect([...crowd.shown(5 + EXPECT / 2, 5 + EXPECT / 2)]).toHaveLength(1);
  expect([...crowd.shown(5.1 + EXPECT, 5.1 + EXPECT)]).toHaveLength(0);
});

test("a crowd so large that a round takes long is not forgotten within one", () => {
  const crowd = new Crowd();
  const round = 3 * FORGET;
  for (const now of [0, round, 2 * round]) {
    crowd.begin(now);
    crowd.hear({ person: 7, x: 0, y: 0, z: 0, yaw: 0, at: now }, now);
  }
  expect([...crowd.shown(2.9 * round, 2.9 * round)]).toHaveLength(1);
  expect([...crowd.shown(4.6 * round, 4.6 * round)]).toHaveLength(0);
});
