/** What the server refused or could not do, as one kind of error with words for people (RFC 9457). */

import type { Key } from "../i18n";
import { en } from "../i18n/en";
import { ko } from "../i18n/ko";
import type { Bilingual } from "../render/api";

export class ProblemError extends Error {
  override readonly name = "ProblemError";

  /**
   * @param status HTTP status; 0 when nothing was answered, or nobody was asked.
   * @param code For programs: `insufficient_funds`, `csrf`, `offline`, …
   * @param said What is wrong and what to do.
   */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly said: Bilingual,
  ) {
    super(`${code}: ${said.en}`);
  }

  /** True where the same request may well be granted a little later. */
  get passes(): boolean {
    return this.code === "offline" || this.code === "slow" || this.status === 429 || this.status >= 500;
  }
}

/** A problem of the page's own, in the page's words. */
export function ownProblem(code: string, key: Key): ProblemError {
  return new ProblemError(0, code, { ko: ko[key], en: en[key] });
}

/** Read an answer that is no success. What is no problem document comes from something in between. */
export function readProblem(status: number, body: unknown): ProblemError {
  const { code, ko: korean, en: english } = (body ?? {}) as Record<string, unknown>;
  if (typeof code === "string" && typeof korean === "string" && typeof english === "string") {
    return new ProblemError(status, code, { ko: korean, en: english });
  }
  const key: Key = status >= 500 ? "problem.server" : status === 429 ? "problem.often" : "problem.unreadable";
  return new ProblemError(status, "unreadable", { ko: ko[key], en: en[key] });
}

/** Why nothing was answered. */
export function unanswered(error: unknown): ProblemError {
  const late = error instanceof DOMException && error.name === "TimeoutError";
  return late ? ownProblem("slow", "problem.slow") : ownProblem("offline", "problem.offline");
}
