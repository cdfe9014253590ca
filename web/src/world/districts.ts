/** The five gu and 95 dong: their outlines, and which one a point lies in. World metres, x east, z south. */

import type { Bilingual } from "../render/api";

export type Point = readonly [number, number];
export type Ring = readonly Point[];

export interface Dong {
  readonly id: string;
  readonly gu: string;
  readonly name: Bilingual;
  readonly rings: readonly Ring[];
  /** Where its name stands. */
  readonly label: Point;
}

export interface Gu {
  readonly id: string;
  readonly name: Bilingual;
  readonly rings: readonly Ring[];
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function boxOf(rings: readonly Ring[]): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, z] of rings.flat()) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, z);
    box.bottom = Math.max(box.bottom, z);
  }
  return box;
}

export function overlaps(a: Box, b: Box): boolean {
  return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}

/** Even-odd rule over all rings: holes and islands come out right. */
export function contains(rings: readonly Ring[], x: number, z: number): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, az] = ring[i];
      const [bx, bz] = ring[j];
      if (az > z !== bz > z && x < ((bx - ax) * (z - az)) / (bz - az) + ax) inside = !inside;
    }
  }
  return inside;
}

export class Districts {
  readonly boxes: ReadonlyMap<string, Box>;
  private readonly guById: ReadonlyMap<string, Gu>;
  private last: Dong | null = null;

  constructor(
    readonly gu: readonly Gu[],
    readonly dong: readonly Dong[],
  ) {
    this.boxes = new Map(dong.map(({ id, rings }) => [id, boxOf(rings)]));
    this.guById = new Map(gu.map((one) => [one.id, one]));
  }

  /** The dong at a point, or null outside the city. */
  dongAt(x: number, z: number): Dong | null {
    if (this.last !== null && contains(this.last.rings, x, z)) return this.last;
    const point = { left: x, right: x, top: z, bottom: z };
    const near = this.dong.filter(({ id }) => overlaps(this.boxes.get(id) as Box, point));
    this.last = near.find(({ rings }) => contains(rings, x, z)) ?? null;
    return this.last;
  }

  guOf(dong: Dong): Gu | undefined {
    return this.guById.get(dong.gu);
  }
}

/** Fetch `districts.json`. Rejects when it is missing or empty. */
export async function loadDistricts(base: string): Promise<Districts> {
  const response = await fetch(`${base}/districts.json`);
  if (!response.ok) throw new Error(`districts.json: HTTP ${response.status}`);
  const { gu, dong } = (await response.json()) as { gu: Gu[]; dong: Dong[] };
  if (!Array.isArray(gu) || !Array.isArray(dong)) throw new Error("districts.json: no dong");
  return new Districts(gu, dong);
}
