/** What a person may be called: 1 to 24 characters that everyone can see and that change nothing around them. */

import { MAX_NAME } from "./protocol/messages";
import type { Language } from "./render/api";

/**
 * What nobody can see: controls, format characters (direction marks, joiners), surrogates, private use, unassigned
 * characters, line separators, and letters that draw nothing (Hangul fillers and their like). As the server's rule.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/u;

export type NameProblem = "empty" | "long" | "hidden";

/** Bring typed text to the form that is sent: composed (NFC), outer spaces off, inner runs of spaces single. */
export function tidyName(text: string): string {
  return text
    .normalize("NFC")
    .replace(/\p{Zs}+/gu, " ")
    .replace(/^ | $/g, "");
}

/** Say what is wrong with a tidied name, or null. Length counts code points, as the server does. */
export function nameProblem(name: string): NameProblem | null {
  if (name === "") return "empty";
  if ([...name].length > MAX_NAME) return "long";
  return HIDDEN.test(name) ? "hidden" : null;
}

interface Words {
  readonly first: readonly string[];
  readonly second: readonly string[];
}

/** The same words in both languages, in the same order. */
const WORDS: Readonly<Record<Language, Words>> = {
  ko: {
    first: ["무등산", "충장로", "양림동", "금남로", "동명동", "월봉", "풍암", "운천", "극락강", "황룡강"],
    second: ["나그네", "산책자", "이웃", "길손", "까치", "고양이", "수달", "반딧불", "느티나무", "은행잎"],
  },
  en: {
    first: [
      "Mudeung",
      "Chungjang",
      "Yangnim",
      "Geumnam",
      "Dongmyeong",
      "Wolbong",
      "Pungam",
      "Uncheon",
      "Geungnak",
      "Hwangnyong",
    ],
    second: [
      "Wayfarer",
      "Walker",
      "Neighbour",
      "Traveller",
      "Magpie",
      "Cat",
      "Otter",
      "Firefly",
      "Zelkova",
      "Ginkgo",
    ],
  },
};

/** A friendly name for somebody who has not chosen one: a place of Gwangju and a passer-by. */
export function randomName(language: Language, random: () => number = Math.random): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)];
  const { first, second } = WORDS[language];
  return `${pick(first)} ${pick(second)}`;
}

/** A name that `randomName` drew, in this language; any other name as it is. */
export function inLanguage(name: string, language: Language): string {
  const [one = "", two = "", ...rest] = name.split(" ");
  for (const { first, second } of Object.values(WORDS)) {
    const [place, passer] = [first.indexOf(one), second.indexOf(two)];
    if (rest.length > 0 || place < 0 || passer < 0) continue;
    return `${WORDS[language].first[place]} ${WORDS[language].second[passer]}`;
  }
  return name;
}
