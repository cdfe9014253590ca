import { expect, test } from "vitest";
import type { MapScene } from "./map_paint";
import { shownOn } from "./minimap";

const SIZE = [180, 120, 1];
const LAMP = { ko: "등", en: "A lamp" };
const SCENE: MapScene = {
  districts: null,
  spots: [],
  pins: [
    { id: "proposal 1", kind: "proposal", tone: "fresh", x: 4, z: 5, yaw: 0, title: LAMP, detail: LAMP },
  ],
  people: [{ position: [3, 1, -2], speaking: false }],
  me: { position: [1, 2, 3], yaw: 0.5 },
  dongId: "29110",
  picked: null,
  hovered: null,
  night: false,
  big: false,
};

test("what stands still is painted once", () => {
  const breathing: MapScene = { ...SCENE, me: { position: [1.1, 2.3, 2.9], yaw: 0.501 } };
  expect(shownOn(breathing, SIZE)).toBe(shownOn(SCENE, SIZE));
});

test.each<[string, Partial<MapScene>]>([
  ["me, a step on", { me: { position: [2.6, 2, 3], yaw: 0.5 } }],
  ["me, turned", { me: { position: [1, 2, 3], yaw: 0.55 } }],
  ["me, not there yet", { me: null }],
  ["somebody, a step on", { people: [{ position: [3, 1, -4], speaking: false }] }],
  ["somebody who speaks", { people: [{ position: [3, 1, -2], speaking: true }] }],
  ["nobody else", { people: [] }],
  ["no pin", { pins: [] }],
  ["another dong", { dongId: "29140" }],
  ["night", { night: true }],
])("%s: painted anew", (_, change) => {
  expect(shownOn({ ...SCENE, ...change }, SIZE)).not.toBe(shownOn(SCENE, SIZE));
});

test("a map of another size is painted anew", () => {
  expect(shownOn(SCENE, [90, 60, 1])).not.toBe(shownOn(SCENE, SIZE));
});
