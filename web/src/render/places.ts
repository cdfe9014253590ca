/** Places and districts of the city, read from the files beside the tiles. */

import type { Bilingual, SpotInfo } from "./api";

export interface Places {
  readonly name: Bilingual;
  /** Id of the spot where people start and the sky view looks. */
  readonly start: string;
  readonly spots: readonly SpotInfo[];
}

export interface District {
  readonly id: string;
  readonly name: Bilingual;
  /** Where its name stands, world x and z. */
  readonly label: readonly [number, number];
}

export interface Districts {
  readonly dong: readonly District[];
}

/** Fetch and check `places.json`. Rejects when the file is missing or holds no start. */
export async function loadPlaces(base: string): Promise<Places> {
  const places = (await fetchJson(`${base}/places.json`)) as Places;
  if (!Array.isArray(places.spots) || !places.spots.some((spot) => spot.id === places.start)) {
    throw new Error(`${base}/places.json: no spot "${places.start}" to start at`);
  }
  return places;
}

export async function loadDistricts(base: string): Promise<Districts> {
  const districts = (await fetchJson(`${base}/districts.json`)) as Districts;
  if (!Array.isArray(districts.dong)) throw new Error(`${base}/districts.json: no dong`);
  return districts;
}

export async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return response.json();
}

export async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return response.arrayBuffer();
}

/** Nearer than this, metres, a station and a landmark are one place on a picture or a map. */
const ONE_PLACE = 30;

/** The spots to name: a station that stands at a landmark's very point goes by the landmark's name. */
export function namedSpots(spots: readonly SpotInfo[]): readonly SpotInfo[] {
  const landmarks = spots.filter(({ kind }) => kind === "landmark");
  const isTwin = ({ kind, position: [x, , z] }: SpotInfo) =>
    kind === "station" &&
    landmarks.some(({ position }) => Math.hypot(position[0] - x, position[2] - z) < ONE_PLACE);
  return spots.filter((spot) => !isTwin(spot));
}

/** Colour of a spot's mark; real places are the only saturated things in the city. */
export const SPOT_COLOURS: Readonly<Record<string, string>> = {
  memory: "#b5452f",
  culture: "#2f63ae",
  campus: "#2f8068",
  accent: "#dca03a",
  nature: "#4c6a8a",
  station: "#008577",
};
