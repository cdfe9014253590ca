import { expect, test } from "vitest";
import { placeOf, placeText } from "./place_field";

test("a point of the map, City Hall and an old place are kept; where I stood then is not", () => {
  for (const place of [
    { kind: "map", point: [12.5, -3.4] },
    { kind: "kept", point: [0, 8] },
    { kind: "hall", point: null },
  ] as const) {
    expect(placeOf(placeText(place))).toEqual(place);
  }
  expect(placeOf(placeText({ kind: "here", point: [1, 2] }))).toBeNull();
});

test("what is no place is none", () => {
  for (const words of [undefined, "", "map", "map 1", "map a b", "map 1..2 3", "here 1 2"]) {
    expect(placeOf(words)).toBeNull();
  }
});
