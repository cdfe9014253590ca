import { expect, test } from "vitest";
import { inLanguage, nameProblem, randomName, tidyName } from "./name";

test("spaces are tidied and Hangul is composed", () => {
  expect(tidyName("  나은   씨 ")).toBe("나은 씨");
  expect(tidyName("\u3000나은\u00a0씨")).toBe("나은 씨");
  expect(tidyName("나은".normalize("NFD"))).toBe("나은");
});

test("1 to 24 characters pass, counted as people count them", () => {
  expect(nameProblem("")).toBe("empty");
  expect(nameProblem("가".repeat(24))).toBeNull();
  expect(nameProblem("🙂".repeat(24))).toBeNull();
  expect(nameProblem("가".repeat(25))).toBe("long");
});

test("what nobody can see is refused", () => {
  expect(nameProblem("a\u202Eb")).toBe("hidden");
  expect(nameProblem("a\nb")).toBe("hidden");
  expect(nameProblem("a\u200Bb")).toBe("hidden");
  expect(nameProblem("\u3164")).toBe("hidden");
});

test("markup is a name like any other", () => {
  expect(nameProblem("<b>x</b>")).toBeNull();
});

test("every default name is allowed", () => {
  for (let value = 0; value < 1; value += 0.01) {
    for (const language of ["ko", "en"] as const) {
      expect(nameProblem(randomName(language, () => value))).toBeNull();
    }
  }
});

test("a name that was drawn follows the language, there and back; a typed one stays", () => {
  for (let value = 0; value < 1; value += 0.05) {
    const korean = randomName("ko", () => value);
    const english = inLanguage(korean, "en");
    expect(english).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    expect(inLanguage(english, "ko")).toBe(korean);
  }
  expect(inLanguage("나은", "en")).toBe("나은");
  expect(inLanguage("양림동 느티나무 둘", "en")).toBe("양림동 느티나무 둘");
});
