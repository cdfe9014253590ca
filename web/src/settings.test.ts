import { expect, test } from "vitest";
import { parseLink } from "./link";
import { recallSettings } from "./settings";

class Notebook {
  readonly pages = new Map<string, string>();
  getItem(key: string): string | null {
    return this.pages.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.pages.set(key, value);
  }
}

const NO_LINK = parseLink("");

test("what was chosen is there the next time", () => {
  const memory = new Notebook();
  const first = recallSettings(memory, NO_LINK, false);
  first.name.set("나은");
  first.comfort.set({ turn: "smooth", move: "smooth", vignette: false });
  const second = recallSettings(memory, NO_LINK, false);
  expect(second.name.get()).toBe("나은");
  expect(second.comfort.get()).toEqual({ turn: "smooth", move: "smooth", vignette: false });
});

test("a link wins over what was kept", () => {
  const memory = new Notebook();
  recallSettings(memory, NO_LINK, false).language.set("ko");
  expect(recallSettings(memory, parseLink("?lang=en&name=Minh"), false).language.get()).toBe("en");
});

test.each(['"loud"', "7", "not json", "null"])("a kept volume of %s falls back", (kept) => {
  const memory = new Notebook();
  memory.setItem("meta-gwangju.volume", kept);
  expect(recallSettings(memory, NO_LINK, false).volume.get()).toBe(0.8);
});

test("phones begin with medium quality, desks with high", () => {
  expect(recallSettings(new Notebook(), NO_LINK, true).quality.get()).toBe("medium");
  expect(recallSettings(new Notebook(), NO_LINK, false).quality.get()).toBe("high");
});
