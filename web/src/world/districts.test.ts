import { expect, test } from "vitest";
import { contains, Districts, type Dong, type Ring } from "./districts";
import { findHere } from "./here";

const OUTER: Ring = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
];
const HOLE: Ring = [
  [4, 4],
  [6, 4],
  [6, 6],
  [4, 6],
];

function dong(id: string, rings: readonly Ring[]): Dong {
  return { id, gu: "g", name: { ko: id, en: id }, rings, label: [0, 0] };
}

test("a point in a hole is outside", () => {
  expect(contains([OUTER, HOLE], 2, 2)).toBe(true);
  expect(contains([OUTER, HOLE], 5, 5)).toBe(false);
  expect(contains([OUTER], 12, 5)).toBe(false);
});

test("the dong at a point is found, also after walking into the next one", () => {
  const next = OUTER.map(([x, z]) => [x + 10, z] as const);
  const districts = new Districts(
    [{ id: "g", name: { ko: "구", en: "gu" }, rings: [] }],
    [dong("a", [OUTER]), dong("b", [next])],
  );
  expect(districts.dongAt(5, 5)?.id).toBe("a");
  expect(districts.dongAt(15, 5)?.id).toBe("b");
  expect(districts.dongAt(50, 5)).toBeNull();
  expect(findHere([], districts, [5, 0, 5])).toMatchObject({ spot: null, gu: { ko: "구" } });
});
