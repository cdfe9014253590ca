/** What can be labelled: landmarks, stations, neighbourhoods and people, and when each may show. */

import type { Bilingual, CityPin, Language, SpotInfo } from "./api";
import type { LabelSpec, LabelStyle } from "./label_paint";
import { PIN_HEIGHT } from "./pins_shape";
import { type District, SPOT_COLOURS } from "./places";

/** Lower comes first; LOOK: landmarks > speakers > near people > stations > neighbourhoods. */
export type Rank = 0 | 1 | 2 | 3 | 4;

export interface Label {
  readonly kind: "landmark" | "station" | "dong" | "person" | "pin";
  readonly id: string | number;
  readonly name: Bilingual;
  /** What a second line says, where that is not the name in the other language. */
  readonly detail?: Bilingual;
  /** Height above the ground of what is placed there once the ground is known, metres. */
  readonly rise: number;
  readonly mark: string;
  rank: Rank;
  /** Middle of the label's lower edge, world metres. */
  x: number;
  y: number;
  z: number;
  /** Ground below, for the pin; NaN while it is not known. */
  foot: number;
  speaking: boolean;
}

/** Metres within which each kind shows, on the street and from the sky. */
const REACH = {
  landmark: { street: 2500, sky: 6000 },
  nature: { street: 16_000, sky: 20_000 },
  station: { street: 900, sky: 2600 },
  dong: { street: 0, sky: 3600 },
  person: { street: 14, sky: 0 },
  speaker: { street: 60, sky: 0 },
  pin: { street: 40, sky: 0 },
} as const;

/** Type height of the first line, degrees, and CSS pixels at least. */
export const TYPE = { landmark: 0.95, station: 0.84, dong: 0.84, person: 0.72, pin: 0.72 } as const;
export const SMALLEST_TYPE = { landmark: 15, station: 13, dong: 13, person: 11, pin: 12 } as const;

/** Of an angle in degrees. */
export function tangent(degrees: number): number {
  return Math.tan((degrees * Math.PI) / 180);
}

export function spotLabel(spot: SpotInfo): Label {
  const [x, y, z] = spot.position;
  return {
    kind: spot.kind,
    id: spot.id,
    name: spot.name,
    mark: spot.kind === "station" ? "" : (SPOT_COLOURS[spot.category] ?? "#58616a"),
    rank: spot.kind === "station" ? 3 : 0,
    x,
    y: y + spot.height_m,
    z,
    foot: y,
    rise: 0,
    speaking: false,
  };
}

export function dongLabel(dong: District): Label {
  const [x, z] = dong.label;
  return {
    kind: "dong",
    id: dong.id,
    name: dong.name,
    mark: "",
    rank: 4,
    x,
    y: Number.NaN,
    z,
    foot: Number.NaN,
    rise: 26,
    speaking: false,
  };
}

/** The paper slip over a pin: what it is, and how far it has come. */
export function pinLabel(pin: CityPin): Label {
  return {
    kind: "pin",
    id: pin.id,
    name: pin.title,
    detail: pin.detail,
    mark: "",
    rank: 3,
    x: pin.x,
    y: Number.NaN,
    z: pin.z,
    foot: Number.NaN,
    rise: PIN_HEIGHT[pin.kind] + 0.25,
    speaking: false,
  };
}

export function personLabel(id: number, name: string): Label {
  return {
    kind: "person",
    id,
    name: { ko: name, en: name },
    mark: "#9ed2fa",
    rank: 2,
    x: 0,
    y: Number.NaN,
    z: 0,
    foot: Number.NaN,
    rise: 0,
    speaking: false,
  };
}

/**
 * World height at which a label stands, seen from `distance` metres.
 *
 * From above, plates stand clear of what they name; near by they come down, so that they stay in view.
 */
export function standOf(label: Label, distance: number, high: boolean): number {
  if (label.kind !== "landmark" && label.kind !== "station") return label.y;
  if (high) return label.y + (label.kind === "station" ? 8 : 52);
  return Math.min(label.y, label.foot + 5 + 0.2 * distance);
}

/** Where a panel or another label is in the way, a landmark's plate comes down its pin rather than vanish. */
const LIFTS: readonly number[] = [1, 0.66, 0.36];
const UNMOVED: readonly number[] = [1];

/** Shares of the way up from the ground at which a label may stand, best first. */
export function liftsOf({ kind, foot }: Label): readonly number[] {
  return kind === "landmark" && !Number.isNaN(foot) ? LIFTS : UNMOVED;
}

/** World height of a label that stands `lift` of its full way up; see `standOf`. */
export function liftedStand(label: Label, distance: number, high: boolean, lift: number): number {
  const stand = standOf(label, distance, high);
  return lift === 1 ? stand : label.foot + (stand - label.foot) * lift;
}

/** Metres within which a label shows now. Mountains show across the city. */
export function reachOf(label: Label, high: boolean): number {
  const view = high ? "sky" : "street";
  if (label.kind === "person") return REACH[label.speaking ? "speaker" : "person"][view];
  if (label.kind === "landmark" && label.mark === SPOT_COLOURS.nature) return REACH.nature[view];
  return REACH[label.kind][view];
}

const STYLES: Readonly<Record<Label["kind"], LabelStyle>> = {
  landmark: "plate",
  station: "station",
  dong: "brass",
  person: "tag",
  pin: "plate",
};

/** The text and look of a label, `distance` metres away. */
export function labelSpec(
  label: Label,
  language: Language,
  distance: number,
  high: boolean,
  em: number,
  night: boolean,
): LabelSpec {
  const other = language === "ko" ? "en" : "ko";
  const style = label.speaking ? "speaker" : STYLES[label.kind];
  let second = "";
  if (label.kind === "landmark" || (label.kind === "station" && !high)) second = shortened(label.name[other]);
  if (label.detail !== undefined) second = label.detail[language];
  if (label.kind === "landmark" && distance > 1500) second += ` · ${(distance / 1000).toFixed(1)} km`;
  const mark = label.kind === "person" && !label.speaking ? "" : label.mark;
  if (label.kind === "pin") return { first: clipped(label.name[language]), second, style, mark, em, night };
  return { first: shortened(label.name[language]), second, style, mark, em, night };
}

/** Characters of what people wrote that stand over a pin. */
const LONGEST_PIN = 22;

function clipped(title: string): string {
  const letters = [...title];
  return letters.length > LONGEST_PIN ? `${letters.slice(0, LONGEST_PIN - 1).join("")}…` : title;
}

/** A plate names the place; what follows a spaced slash is its second name, and too long for a phone. */
function shortened(name: string): string {
  return name.split(" / ")[0] as string;
}
