/** Links such as `/?enter=1&name=…&spot=<id>` that walk straight in. What cannot be read is left out. */

import { nameProblem, tidyName } from "./name";
import { COLOURS } from "./protocol/messages";
import type { Language, Quality } from "./render/api";

export interface Link {
  readonly enter: boolean;
  /** Walk in only to look, without a body; for a large screen in a hall. */
  readonly look: boolean;
  readonly name: string | null;
  readonly language: Language | null;
  readonly spot: string | null;
  readonly colour: number | null;
  /** False means: without microphone. */
  readonly microphone: boolean;
  /** The sun is fixed at this moment. */
  readonly time: Date | null;
  readonly sky: boolean;
  readonly quality: Quality | null;
  /** Power is saved: the city is drawn less often. */
  readonly saving: boolean;
  /** The token of an invitation to an organisation. */
  readonly invitation: string | null;
  /** `socket`: no peer connection is tried, as where UDP is blocked. */
  readonly carrier: "socket" | null;
}

function oneOf<T extends string>(text: string | null, allowed: readonly T[]): T | null {
  return allowed.find((value) => value === text) ?? null;
}

function moment(text: string | null): Date | null {
  // A plus sign of the time zone arrives as a space when the link was not percent-encoded.
  const date = new Date((text ?? "").replace(" ", "+"));
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Read the query of the page's address. */
export function parseLink(search: string): Link {
  const query = new URLSearchParams(search);
  const name = tidyName(query.get("name") ?? "");
  const colour = query.get("colour") ?? "";
  const spot = query.get("spot") ?? "";
  const invitation = query.get("invitation") ?? "";
  return {
    enter: query.get("enter") === "1" || query.get("look") === "1",
    look: query.get("look") === "1",
    name: nameProblem(name) === null ? name : null,
    language: oneOf(query.get("lang"), ["ko", "en"]),
    spot: /^[a-z0-9_]{1,48}$/.test(spot) ? spot : null,
    colour: /^\d$/.test(colour) && Number(colour) < COLOURS ? Number(colour) : null,
    microphone: query.get("mic") !== "0",
    time: moment(query.get("time")),
    sky: query.get("view") === "sky",
    quality: oneOf(query.get("quality"), ["low", "medium", "high"]),
    saving: query.get("save") === "1",
    carrier: oneOf(query.get("link"), ["socket"]),
    invitation: /^[\w-]{16,64}$/.test(invitation) ? invitation : null,
  };
}
