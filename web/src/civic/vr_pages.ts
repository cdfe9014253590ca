/** Pages of the VR panel that lead one to the next, and ask the server on the way. */

import { ProblemError } from "../api/problem";
import type { Bilingual, VrLine, VrPage, VrPages } from "../render/api";
import { both } from "./hall/pins";

export const NOTHING: Bilingual = { ko: "", en: "" };
export const nothing = () => undefined;

/** A page of the panel, and what pressing it does. */
export interface Shown {
  readonly view: VrPage;
  readonly press: (line: string) => void;
  readonly act: () => void;
}

export type Step = () => Shown;

/** What a button does may have changed a moment ago, ms: a trigger that bounces agrees to nothing unread. */
const SETTLES = 400;

export abstract class HeadsetPages implements VrPages {
  /** The way here; the last is shown. */
  private steps: Step[] = [];
  private said: Bilingual | null = null;
  /** What is under way; an answer to anything else comes too late. */
  private asked = 0;
  private isWaiting = false;
  private changedAt = Number.NEGATIVE_INFINITY;

  abstract open(): void;
  abstract openAt(id: string): void;

  /** Where it begins. */
  protected abstract first(): Shown;

  view(): VrPage {
    return this.current.view;
  }

  press(line: string): void {
    const { view, press } = this.current;
    // The panel is painted a moment after an answer came: what was pressed may be gone.
    if (view.lines.some(({ id }) => id === line)) press(line);
  }

  act(): void {
    const isSettled = performance.now() - this.changedAt >= SETTLES;
    if (isSettled && !this.isWaiting) this.current.act();
  }

  back(): boolean {
    this.asked += 1;
    this.changed();
    if (this.steps.length < 2) return false;
    this.steps.pop();
    return true;
  }

  protected begin(...steps: Step[]): void {
    this.asked += 1;
    this.steps = steps;
    this.changed();
  }

  protected go(step: Step): void {
    this.steps.push(step);
    this.changed();
  }

  /** Go on in place of the page that is shown. */
  protected replace(...steps: Step[]): void {
    this.steps.splice(-1, 1, ...steps);
    this.changed();
  }

  private changed(): void {
    this.said = null;
    this.isWaiting = false;
    this.changedAt = performance.now();
  }

  /** Take an answer, or say why there is none. */
  protected ask<T>(answer: Promise<T>, take: (found: T) => void): void {
    const mine = ++this.asked;
    this.said = both("hall.loading");
    this.isWaiting = true;
    answer.then(
      (found) => {
        if (mine !== this.asked) return;
        this.changed();
        take(found);
      },
      (error: unknown) => {
        if (mine === this.asked) this.changed();
        if (!(error instanceof ProblemError)) throw error;
        if (mine === this.asked) this.said = error.said;
      },
    );
  }

  protected shown(
    view: Partial<VrPage>,
    press: Shown["press"] = nothing,
    act: Shown["act"] = nothing,
  ): Shown {
    const base = { title: NOTHING, lead: null, lines: [] as readonly VrLine[], act: null, ...view };
    // Words of the server, or of what is on its way, come before the step's own.
    return { view: { ...base, said: this.said ?? view.said ?? null }, press, act };
  }

  private get current(): Shown {
    return (this.steps.at(-1) ?? (() => this.first()))();
  }
}

/** Parts of a sentence, or paragraphs, in both languages; empty ones are left out. */
export function joined(parts: readonly (Bilingual | null)[], between = "\n"): Bilingual {
  const side = (language: "ko" | "en") =>
    parts
      .map((part) => part?.[language] ?? "")
      .filter((words) => words !== "")
      .join(between);
  return { ko: side("ko"), en: side("en") };
}

/** Something that people wrote, as they wrote it. */
export function asWritten(words: string): Bilingual {
  return { ko: words, en: words };
}

/** `3월 2일`, `Mar 2`. */
export function dayOf(seconds: number): Bilingual {
  const date = new Date(seconds * 1000);
  const side = (language: "ko" | "en") =>
    new Intl.DateTimeFormat(language, { month: "short", day: "numeric" }).format(date);
  return { ko: side("ko"), en: side("en") };
}
