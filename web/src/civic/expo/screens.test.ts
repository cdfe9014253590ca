import { expect, test } from "vitest";
import { chooseScreens, SIGHT } from "./screens";

test("only screens in sight, the nearest first, and no more than asked for", () => {
  const wishes = [
    { id: "far", distance: SIGHT + 1 },
    { id: "c", distance: 30 },
    { id: "a", distance: 3 },
    { id: "b", distance: 10 },
  ];
  expect(chooseScreens(wishes, new Set(), 2)).toEqual(["a", "b"]);
  expect(chooseScreens(wishes, new Set(), 9)).toEqual(["a", "b", "c"]);
});

test("between two that are equally near, nobody changes channels", () => {
  const wishes = [
    { id: "a", distance: 12 },
    { id: "b", distance: 10 },
  ];
  expect(chooseScreens(wishes, new Set(["a"]), 1)).toEqual(["a"]);
  expect(chooseScreens([{ id: "a", distance: 15 }, wishes[1] as never], new Set(["a"]), 1)).toEqual(["b"]);
});
