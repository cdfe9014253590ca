/** Trickled candidates as SDP fragments (RFC 8840, section 9). */

/** A session's own credentials and the first section of its bundle, as its offer says them. */
export interface Origin {
  fragment: string;
  password: string;
  /** The `m=` line and its mid. */
  media: string;
  mid: string;
}

/** Read what a fragment repeats of an offer; null when the offer lacks it. */
export function originOf(offer: string): Origin | null {
  const value = (pattern: RegExp) => pattern.exec(offer)?.[1]?.trim();
  const fragment = value(/^a=ice-ufrag:(.*)$/m);
  const password = value(/^a=ice-pwd:(.*)$/m);
  const media = value(/^(m=.*)$/m);
  const mid = value(/^a=mid:(.*)$/m);
  if (fragment === undefined || password === undefined || media === undefined || mid === undefined)
    return null;
  return { fragment, password, media, mid };
}

/**
 * Write a fragment.
 *
 * @param candidates As `RTCIceCandidate.candidate` gives them, with or without `a=`.
 * @param ended Whether these are the last.
 */
export function fragmentOf(origin: Origin, candidates: readonly string[], ended: boolean): string {
  return [
    `a=ice-ufrag:${origin.fragment}`,
    `a=ice-pwd:${origin.password}`,
    origin.media,
    `a=mid:${origin.mid}`,
    ...candidates.map((candidate) => `a=${candidate.replace(/^a=/, "")}`),
    ...(ended ? ["a=end-of-candidates"] : []),
    "",
  ].join("\r\n");
}
