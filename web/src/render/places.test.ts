import { expect, test } from "vitest";
import type { SpotInfo } from "./api";
import { namedSpots } from "./places";

function spot(id: string, kind: SpotInfo["kind"], x: number, z: number): SpotInfo {
  return {
    id,
    kind,
    category: kind === "station" ? "station" : "accent",
    name: { ko: id, en: id },
    position: [x, 20, z],
    arrival: { position: [x, 20, z], yaw: 0 },
    accuracy_m: 15,
    height_m: 9,
  };
}

test("a station at a landmark's own point is not named a second time", () => {
  const spots = [spot("songjeong", "landmark", 100, 200), spot("station_117", "station", 100, 200)];
  expect(namedSpots(spots).map(({ id }) => id)).toEqual(["songjeong"]);
});

test("a station across the square keeps its name, and so do landmarks beside each other", () => {
  const spots = [
    spot("acc", "landmark", 0, 0),
    spot("square", "landmark", 20, 0),
    spot("station_110", "station", 0, 90),
  ];
  expect(namedSpots(spots)).toHaveLength(3);
});
