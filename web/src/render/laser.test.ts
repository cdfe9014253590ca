import { PerspectiveCamera, Vector3 } from "three";
import { expect, test } from "vitest";
import type { CityPin } from "./api";
import { Lasers } from "./laser";
import { CityUniforms } from "./materials";
import { Pins } from "./pins";

const NONE = { ko: "", en: "" };
const pin = (id: string, x: number, z: number): CityPin => ({
  id,
  kind: "proposal",
  tone: "fresh",
  x,
  z,
  yaw: null,
  title: NONE,
  detail: NONE,
});
const person = (id: number, x: number, z: number) => ({ id, x, y: 0, z, height: 2 });
const HAND = new Vector3(0, 1.2, 0);
const north = new Vector3(0, 0, -1);

/** A city with pins and people; its only booth is ahead wherever one points. */
function lasers(
  people: readonly ReturnType<typeof person>[],
  pins: readonly CityPin[],
  booth: string | null,
) {
  const standing = new Pins(new CityUniforms(), () => 0);
  standing.set(pins);
  standing.update(HAND, false, 1);
  return new Lasers({ standing: () => people }, standing, { along: () => booth });
}

test("a laser means a person before a pin, and a pin before a booth", () => {
  const pins = [pin("proposal 1", 0, -6)];
  const along = (one: Lasers) => one.along(HAND, north);
  expect(along(lasers([person(7, 0, -9)], pins, "a1"))).toEqual({ kind: "person", id: "7" });
  expect(along(lasers([], pins, "a1"))).toEqual({ kind: "pin", id: "proposal 1" });
  expect(along(lasers([], [], "a1"))).toEqual({ kind: "booth", id: "a1" });
  expect(along(lasers([], [], null))).toBeNull();
});

test("a laser hits the pin in front, and none beside it, behind it or too far away", () => {
  const pins = [pin("near", 0, -6), pin("far", 0, -20), pin("behind", 0, 6), pin("distant", 12, -90)];
  const one = lasers([], pins, null);
  expect(one.along(HAND, north)).toEqual({ kind: "pin", id: "near" });
  expect(one.along(HAND, new Vector3(0.5, 0, -1).normalize())).toBeNull();
  expect(one.along(HAND, new Vector3(0, 0.9, -0.435).normalize())).toBeNull();
  expect(one.along(HAND, new Vector3(0, 0, 1))).toEqual({ kind: "pin", id: "behind" });
  expect(one.along(HAND, new Vector3(12, 0, -90).normalize())).toBeNull();
  expect(one.along(HAND, new Vector3(0, 1, 0))).toBeNull();
});

test("a laser along the middle of the picture means what a press there means", () => {
  const camera = new PerspectiveCamera(60, 1, 0.1, 1000);
  camera.position.copy(HAND);
  camera.updateMatrixWorld();
  const pins = new Pins(new CityUniforms(), () => 0);
  pins.set([pin("one", 0.3, -8), pin("other", -1, -5)]);
  pins.update(HAND, false, 1);
  const found = new Lasers({ standing: () => [] }, pins, { along: () => null }).along(HAND, north);
  expect(found?.id ?? null).toBe(pins.at([500, 500], camera, 1000, 1000));
});
