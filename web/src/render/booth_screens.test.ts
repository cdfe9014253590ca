import { expect, test } from "vitest";
import { covered } from "./booth_screens";

const screen = { size: [4, 2.25] } as const;

test("a picture of the screen's shape covers it, every other is shown whole", () => {
  expect(covered(screen, 16 / 9)).toEqual([1, 1]);
  const [wide, tall] = covered(screen, 4 / 3);
  expect([wide, tall]).toEqual([0.75, 1]);
  expect(covered(screen, 32 / 9)).toEqual([1, 0.5]);
});

test("a picture that has no shape yet changes nothing", () => {
  expect(covered(screen, Number.NaN)).toEqual([1, 1]);
  expect(covered(screen, 0)).toEqual([1, 1]);
});
