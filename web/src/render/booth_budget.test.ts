import { expect, test } from "vitest";
import { chooseModels, MODEL_BUDGET, type ModelWish } from "./booth_budget";

const wish = (id: string, distance: number, triangles = 1000): ModelWish => ({
  id,
  distance,
  model: { triangles, draws: 4, pixels: 0 },
});
const none = new Set<string>();

test("only what is near stands, the nearest first", () => {
  const wishes = [wish("far", 81), wish("b", 40), wish("a", 5)];
  expect(chooseModels(wishes, none, MODEL_BUDGET.low)).toEqual(["a", "b"]);
});

test("what stands already leaves later than others come", () => {
  expect(chooseModels([wish("a", 90)], none, MODEL_BUDGET.low)).toEqual([]);
  expect(chooseModels([wish("a", 90)], new Set(["a"]), MODEL_BUDGET.low)).toEqual(["a"]);
  expect(chooseModels([wish("a", 101)], new Set(["a"]), MODEL_BUDGET.low)).toEqual([]);
});

test("the budget is kept, and a small model behind a costly one still stands", () => {
  const wishes = [wish("a", 1, 30_000), wish("b", 2, 30_000), wish("c", 3, 10_000)];
  expect(chooseModels(wishes, none, MODEL_BUDGET.low)).toEqual(["a", "c"]);
  expect(chooseModels(wishes, none, MODEL_BUDGET.medium)).toEqual(["a", "b", "c"]);
});

test("draw calls and pictures count as well", () => {
  const costly = (id: string, distance: number, draws: number, pixels: number): ModelWish => ({
    id,
    distance,
    model: { triangles: 10, draws, pixels },
  });
  expect(chooseModels([costly("a", 1, 64, 0), costly("b", 2, 1, 0)], none, MODEL_BUDGET.low)).toEqual(["a"]);
  const pixels = MODEL_BUDGET.low.pixels;
  expect(chooseModels([costly("a", 1, 1, pixels), costly("b", 2, 1, 1)], none, MODEL_BUDGET.low)).toEqual([
    "a",
  ]);
});

test("the nearest stands whatever it costs", () => {
  expect(chooseModels([wish("a", 3, 999_999)], none, MODEL_BUDGET.low)).toEqual(["a"]);
});
