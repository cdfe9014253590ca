import { expect, test } from "vitest";
import { linesOf } from "./booth_paint";

/** Every letter is one wide. */
const measure = (text: string) => [...text].length;

test("lines break between words", () => {
  expect(linesOf("빛고을 의 종이 도시", 7, 3, measure)).toEqual(["빛고을 의", "종이 도시"]);
});

test("a word wider than a line breaks where it must", () => {
  expect(linesOf("abcdefgh ij", 3, 5, measure)).toEqual(["abc", "def", "gh", "ij"]);
});

test("what does not fit ends in an ellipsis, within the width", () => {
  const lines = linesOf("one two three four five", 6, 2, measure);
  expect(lines).toEqual(["one", "two…"]);
  for (const line of linesOf("가나다라마바사아자차", 4, 2, measure))
    expect(measure(line)).toBeLessThanOrEqual(4);
});

test("nothing makes no line", () => {
  expect(linesOf("  ", 10, 2, measure)).toEqual([]);
});
