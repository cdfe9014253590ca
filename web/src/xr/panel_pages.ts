/** A page of City Hall or of the expo on the panel: which of its words and lines are shown. */

import type { Language, VrPage } from "../render/api";
import { LINES_ABOVE, pageTargets, rowsBelow, type Target, TEXT_LINES } from "./panel_layout";

/** A line of words; the first are large. */
export interface Words {
  readonly text: string;
  readonly isLead: boolean;
}

/** Break a text into lines that fit the panel. */
export type Broken = (text: string, isLead: boolean) => readonly string[];

export class PageTurner {
  words: readonly Words[] = [];
  /** Of how many the shown part is which, from 1. */
  part = { at: 1, of: 1 };
  private turned = 0;
  private key = "";

  /** On to the next part; after the last comes the first. */
  turn(): void {
    this.turned += 1;
  }

  /** Choose what is shown, and where it can be pressed. */
  arrange(page: VrPage, language: Language, broken: Broken): Target[] {
    const key = JSON.stringify([page.title, page.lead]);
    if (key !== this.key) [this.key, this.turned] = [key, 0];
    const all = [
      ...(page.lead === null ? [] : paragraphs(page.lead[language], true, broken)),
      ...(page.said === null ? [] : paragraphs(page.said[language], false, broken)),
    ];
    if (page.lines.length === 0) {
      this.words = this.slice(all, TEXT_LINES);
      return pageTargets([], 0, this.buttons(page));
    }
    this.words = shortened(all, LINES_ABOVE);
    const ids = this.slice(
      page.lines.map(({ id }) => id),
      rowsBelow(this.words.length),
    );
    return pageTargets(ids, this.words.length, this.buttons(page));
  }

  /** Nobody agrees to, or casts, what they have not turned to the end of. */
  private buttons(page: VrPage): { hasNext: boolean; hasAct: boolean } {
    const { at, of } = this.part;
    const isRead = at === of || page.binding !== true;
    return { hasNext: of > 1, hasAct: page.act !== null && isRead };
  }

  private slice<T>(all: readonly T[], most: number): readonly T[] {
    const of = Math.max(1, Math.ceil(all.length / most));
    const at = this.turned % of;
    this.part = { at: at + 1, of };
    return all.slice(at * most, (at + 1) * most);
  }
}

function paragraphs(text: string, isLead: boolean, broken: Broken): Words[] {
  const filled = text.split("\n").filter((one) => one.trim() !== "");
  return filled.flatMap((one) => broken(one, isLead).map((line) => ({ text: line, isLead })));
}

/** Above rows there is no more room; that words are missing is shown. */
function shortened(words: readonly Words[], most: number): readonly Words[] {
  const last = words[most - 1];
  if (words.length <= most || last === undefined) return words;
  return [...words.slice(0, most - 1), { ...last, text: `${last.text.slice(0, -1)}…` }];
}
