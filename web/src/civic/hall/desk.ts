/** What every page of City Hall works with. */

import type { Api } from "../../api/client";
import type { City } from "../../city";

import type { Pages, SheetPage } from "../../ui/pages";
import type { Point } from "../../world/districts";
import type { Drafts } from "./drafts";
import type { Names } from "./names";

/** Its place, as roles name it. */
const CITY_HALL = "city/city_hall";

/** The three counters of City Hall. */
export type Counter = "proposals" | "votes" | "reports";

export interface Desk {
  readonly city: City;
  readonly api: Api;
  readonly pages: Pages;
  readonly drafts: Drafts;
  readonly names: Names;
  /** Back to the list of a counter. */
  home(counter: Counter): void;
  tell(message: string): void;
  /** To the citizen's card, and back to `page` once somebody has signed in. */
  signIn(page: SheetPage): void;
  /** Go near a point of the city and be shown the rest of the way. */
  goTo(point: Point, name: string): void;
  /** Have a point chosen on the map, around `start`; null: none was. */
  choosePoint(start: Point): Promise<Point | null>;
  proposal(id: number): SheetPage;
  vote(id: number): SheetPage;
  report(id: number): SheetPage;
}

/** Number of the citizen who looks; null for a visitor. */
export function myNumber(desk: Pick<Desk, "api">): number | null {
  return desk.api.me.get()?.citizen?.number ?? null;
}

/** Whether I may do something at City Hall: there alone, or all over the city. */
export function mayDo(desk: Pick<Desk, "api">, action: string): boolean {
  const me = desk.api.me.get();
  return (me?.may_at[CITY_HALL] ?? me?.may ?? []).includes(action);
}

/** Where I stand, world x and z. */
export function standing(desk: Pick<Desk, "city">): Point {
  const [x, , z] = desk.city.self.position;
  return [x, z];
}

/** Bounds for the API round a point, metres. */
export function boxAround([x, z]: Point, reach: number): string {
  return [x - reach, z - reach, x + reach, z + reach].map((one) => one.toFixed(1)).join(",");
}
