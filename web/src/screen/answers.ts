/** What the server's answers mean for somebody who watches. */

/** What to do after an answer. */
export type Verdict = "go" | "again" | "never";

/** Judge a status: 2xx goes on, what may change by itself is tried again, everything else is not. */
export function judge(status: number): Verdict {
  if (status >= 200 && status < 300) return "go";
  return status === 408 || status === 409 || status === 429 || status >= 500 ? "again" : "never";
}

/** Milliseconds that `Retry-After` asks for; 0 when it says nothing that can be used. */
export function retryAfter(value: string | null): number {
  const seconds = value === null ? Number.NaN : Number(value);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 60) * 1000 : 0;
}
