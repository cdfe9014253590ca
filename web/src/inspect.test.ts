import { expect, test } from "vitest";
import type { ChatLine } from "./city";
import { frozen, type Inspectable, inspect, worldPose } from "./inspect";
import type { BodyPose, CityView } from "./render/api";
import { Value } from "./value";
import { added } from "./world/body";
import { People } from "./world/people";

const POSE: BodyPose = {
  position: [10, 20, 30],
  yaw: Math.PI,
  head: { position: [0, 1.6, 0], orientation: [0, 0, 0, 1] },
  left: null,
  right: { position: [0.3, 1, -0.4], orientation: [0, 0, 0, 1] },
};

function visit(): Inspectable {
  const status = {
    state: "connected",
    detail: "",
    refusal: null,
    closeCode: 0,
    failures: 0,
    resumed: true,
    reconnects: 1,
    session: "0123456789abcdef",
    link: "peer",
    ahead: 0,
  } as const;
  return {
    connection: { status: new Value(status) },
    settings: { name: new Value("나은"), language: new Value<"ko" | "en">("ko") },
    id: new Value(1),
    name: new Value("나은"),
    ears: { levels: () => ({ left: -31.2, right: null }) },
    people: new People(),
    census: new Value({ city: 3, near: 2 }),
    chat: new Value<readonly ChatLine[]>([{ person: 2, name: "Minh", text: "안녕" }]),
    view: new Value<CityView | null>(null),
    pose: () => POSE,
    microphoneFact: () => "live",
  };
}

test("the shape is the documented one", () => {
  const seen = inspect(visit(), false);
  expect(seen).toEqual({
    version: 1,
    connection: {
      state: "connected",
      detail: "",
      resumed: true,
      session: "01234567",
      reconnects: 1,
      link: "peer",
    },
    self: { id: 1, name: "나은", pose: worldPose(POSE), microphone: "live" },
    people: [],
    ears: { left_db: -31.2, right_db: null },
    counts: { city: 3, near: 2 },
    chat: [{ person: 2, name: "Minh", text: "안녕" }],
    frames_per_second: 0,
    city: {
      tiles_loaded: 0,
      tiles_visible: 0,
      bytes: 0,
      complete: false,
      draw_calls: 0,
      triangles: 0,
      resting: false,
    },
    vr: { supported: false, presenting: false },
    language: "ko",
  });
  expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
});

test("people carry pose and distance", () => {
  const city = visit();
  const people = city.people as People;
  people.enter({ type: "entered", person: 2, name: "Minh", colour: 1, kind: "headset", microphone: true });
  const part = { position: [0, 0, 0], orientation: [0, 0, 0, 1] } as const;
  const record = {
    id: 2,
    body: 0,
    position: added(POSE.position, [3, 0, 4]),
    yaw: 0,
    headPosition: [0, 1.5, 0],
    headOrientation: part.orientation,
    leftPosition: part.position,
    leftOrientation: part.orientation,
    rightPosition: part.position,
    rightOrientation: part.orientation,
  } as const;
  people.accept(
    {
      me: { acknowledged: 0, tick: 1, position: POSE.position, yaw: 0 },
      people: [record],
      there: new Set([2]),
    },
    performance.now() / 1000,
  );
  const [minh] = inspect(city, false).people;
  expect(minh).toMatchObject({ id: 2, name: "Minh", speaking: false, waving: false, distance_m: 5 });
  expect(minh.pose.head.position).toEqual([13, 21.5, 34]);
});

test("hands are told in the world frame", () => {
  const { left_hand, right_hand } = worldPose(POSE);
  expect(left_hand).toBeNull();
  expect(right_hand?.position[0]).toBeCloseTo(9.7);
  expect(right_hand?.position[2]).toBeCloseTo(30.4);
});

test("nothing of an inspection can be changed", () => {
  const seen = inspect(visit(), false);
  expect(() => {
    (seen.self as { id: number }).id = 9;
  }).toThrow(TypeError);
  expect(() => {
    (seen.self.pose.position as unknown as number[])[0] = 0;
  }).toThrow(TypeError);
  expect(Object.isFrozen(frozen({ inner: [1] }).inner)).toBe(true);
});
