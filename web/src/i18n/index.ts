/** The chosen language, and the texts in it. */

import type { Bilingual, Language } from "../render/api";
import { Value } from "../value";
import { en } from "./en";
import { type Key, ko } from "./ko";

export type { Key } from "./ko";
export type Fill = Readonly<Record<string, string | number>>;

/** The language of the page. Whoever shows text follows it. */
export const language = new Value<Language>("ko");

const TEXTS: Readonly<Record<Language, Readonly<Record<Key, string>>>> = { ko, en };

/** The text of `key` in the chosen language, `{name}` filled in. */
export function text(key: Key, fill: Fill = {}): string {
  return TEXTS[language.get()][key].replace(/\{(\w+)\}/g, (hole, name: string) => String(fill[name] ?? hole));
}

/** The chosen side of a text that comes in both languages. */
export function chosen(both: Bilingual): string {
  return both[language.get()];
}

/** `60 m`, `1.2 km`: a distance as people say it. */
export function distance(metres: number): string {
  if (metres < 995) {
    const step = metres < 100 ? 1 : 10;
    return text("unit.metres", { value: Math.round(metres / step) * step });
  }
  const kilometres = metres / 1000;
  return text("unit.kilometres", { value: kilometres.toFixed(kilometres < 9.95 ? 1 : 0) });
}
