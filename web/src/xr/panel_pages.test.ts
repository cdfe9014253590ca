import { expect, test } from "vitest";
import type { VrPage } from "../render/api";
import { LINES_ABOVE, rowsBelow, TEXT_LINES } from "./panel_layout";
import { PageTurner } from "./panel_pages";
import { linesOf } from "./panel_text";

const NONE = { ko: "", en: "" };
const page = (more: Partial<VrPage>): VrPage => ({
  title: { ko: "제목", en: "Title" },
  lead: null,
  said: null,
  lines: [],
  act: null,
  ...more,
});
/** Ten letters a line. */
const measured = { measureText: (text: string) => ({ width: text.length }) as TextMetrics };
const broken = (text: string) => linesOf(measured, text, 10);
const shown = (turner: PageTurner) => turner.words.map(({ text }) => text);
const words = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`).join("\n");

test("a word longer than a line is broken, and nothing of a text is lost", () => {
  expect(broken("abc https://example.org/x")).toEqual(["abc", "https://ex", "ample.org/", "x"]);
  expect(broken("한 줄에 들어가는")).toEqual(["한 줄에 들어가는"]);
});

test("a long text comes in parts, and the last leads back to the first", () => {
  const turner = new PageTurner();
  const count = 2 * TEXT_LINES + 1;
  const long = page({ said: { ko: words(count), en: words(1) } });
  const seen: string[] = [];
  for (let part = 1; part <= 3; part += 1) {
    const targets = turner.arrange(long, "ko", broken);
    expect(turner.part).toEqual({ at: part, of: 3 });
    expect(targets.map(({ action }) => action)).toContain("next");
    expect(turner.words.length).toBeLessThanOrEqual(TEXT_LINES);
    seen.push(...shown(turner));
    turner.turn();
  }
  expect(seen).toEqual(words(count).split("\n"));
  turner.arrange(long, "ko", broken);
  expect(turner.part.at).toBe(1);
  expect(turner.arrange(long, "en", broken).map(({ action }) => action)).toEqual(["back"]);
});

test("what a page asks can be agreed to on its last part alone", () => {
  const turner = new PageTurner();
  const said = { ko: words(TEXT_LINES + 2), en: "" };
  const long = page({ said, act: { ko: "동의하고 남기기", en: "Agree" }, binding: true });
  const actions = () => turner.arrange(long, "ko", broken).map(({ action }) => action);
  expect(actions()).not.toContain("act");
  turner.turn();
  expect(actions()).toContain("act");
  const free = new PageTurner().arrange({ ...long, binding: false }, "ko", broken);
  expect(free.map(({ action }) => action)).toContain("act");
});

test("another page begins with its first part", () => {
  const turner = new PageTurner();
  const said = { ko: words(3 * TEXT_LINES), en: "" };
  turner.arrange(page({ said }), "ko", broken);
  turner.turn();
  turner.arrange(page({ said, lead: { ko: "다른 것", en: "Another" } }), "ko", broken);
  expect(turner.part.at).toBe(1);
  expect(turner.words[0]).toEqual({ text: "다른 것", isLead: true });
});

test("rows leave the words above them their room, and all of them are reached", () => {
  const lines = Array.from({ length: 7 }, (_, i) => ({ id: `${i}`, title: NONE, detail: NONE, on: false }));
  for (const above of [1, 2, 9]) {
    const turner = new PageTurner();
    const one = page({ said: { ko: words(above), en: "" }, lines });
    const seen = new Set<string>();
    turner.arrange(one, "ko", broken);
    for (let part = 0; part < turner.part.of; part += 1) {
      const targets = turner.arrange(one, "ko", broken);
      const ids = targets.flatMap(({ action }) =>
        typeof action === "object" && "line" in action ? [action.line] : [],
      );
      expect(ids.length).toBeLessThanOrEqual(rowsBelow(turner.words.length));
      for (const id of ids) seen.add(id);
      turner.turn();
    }
    expect(seen.size).toBe(7);
    expect(turner.words.length).toBe(Math.min(above, LINES_ABOVE));
    if (above > LINES_ABOVE) expect(shown(turner).at(-1)).toMatch(/…$/);
  }
});
