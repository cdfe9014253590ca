import { expect, test } from "vitest";
import type { Me } from "../../api/client";
import { isOfficial, placesOf } from "./desk";

const me = (may: string[], may_at: Record<string, string[]>): Me =>
  ({ citizen: null, roles: [], may, may_at, organisations: [], csrf: null }) as Me;

test("whoever may do something all over the city need not be told where else", () => {
  expect(placesOf(me(["mute"], { city: ["mute"], "city/kdj_center": ["mute"] }), "mute")).toEqual(["city"]);
});

test("an officer of one place may act there", () => {
  const officer = me([], {
    city: [],
    "city/kdj_center/a1": ["mute"],
    "city/kdj_center": ["mute", "free_slot"],
  });
  expect(placesOf(officer, "mute")).toEqual(["city/kdj_center", "city/kdj_center/a1"]);
  expect(isOfficial(officer)).toBe(true);
});

test("visitors and citizens have no administration", () => {
  expect(isOfficial(null)).toBe(false);
  expect(isOfficial(me(["speak", "propose"], { city: ["speak"] }))).toBe(false);
});
