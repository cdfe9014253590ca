/** What every page of the administration works with, and the words that they share. */

import type { Api, Me, Schemas } from "../../api/client";
import type { City } from "../../city";
import { type Key, text } from "../../i18n";
import type { Pages } from "../../ui/pages";
import type { Option } from "../hall/parts";

export interface AdminDesk {
  readonly api: Api;
  readonly city: City;
  readonly pages: Pages;
  tell(message: string): void;
}

export type Kind = Schemas["Kind"];
export type Category = Schemas["Category"];

export const KINDS: readonly Kind[] = ["mute", "kick", "timeout", "ban"];
export const CATEGORIES: readonly Category[] = [
  "noise",
  "insult",
  "spam",
  "impersonation",
  "obscenity",
  "danger",
  "other",
];

const PLACES: Readonly<Record<string, Key>> = {
  city: "admin.place_city",
  "city/city_hall": "admin.place_hall",
  "city/kdj_center": "admin.place_expo",
};
/** Where roles are given. */
export const ROLE_PLACES = Object.keys(PLACES);

export function placeWords(place: string): string {
  const key = PLACES[place];
  if (key !== undefined) return text(key);
  const slot = /^city\/kdj_center\/([a-z]\d+)$/.exec(place)?.[1];
  return slot === undefined ? place : text("expo.slot_named", { number: slot.toUpperCase() });
}

export function placeOptions(places: readonly string[]): Option<string>[] {
  return places.map((place) => ({ value: place, title: placeWords(place) }));
}

const ROLES: Readonly<Record<string, Key>> = {
  citizen: "role.citizen",
  exhibitor: "role.exhibitor",
  officer: "role.officer",
  operator: "role.operator",
};

export function roleWords({ role, place }: { readonly role: string; readonly place: string }): string {
  const key = ROLES[role];
  return `${key === undefined ? role : text(key)} · ${placeWords(place)}`;
}

/** Places where somebody may do something, the widest first. */
export function placesOf(me: Me | null, action: string): string[] {
  if (me === null) return [];
  if (me.may.includes(action)) return ["city"];
  return Object.entries(me.may_at)
    .filter(([, actions]) => actions.includes(action))
    .map(([place]) => place)
    .sort((a, b) => a.length - b.length);
}

/** Whether anything of the administration is theirs. */
export function isOfficial(me: Me | null): boolean {
  return ["administer", "mute", "free_slot"].some((action) => placesOf(me, action).length > 0);
}

/** `10분`, `1시간`, `7일`. */
export function lengthWords(seconds: number): string {
  if (seconds < 3600) return text("admin.minutes", { count: Math.round(seconds / 60) });
  if (seconds < 86_400) return text("admin.hours", { count: Math.round(seconds / 3600) });
  return text("admin.days", { count: Math.round(seconds / 86_400) });
}
