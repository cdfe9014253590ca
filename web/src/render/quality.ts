/** What each quality level costs and gives. */

import type { Quality } from "./api";

export interface QualityLevel {
  /** Device pixels per CSS pixel, at most. */
  readonly pixelRatio: number;
  readonly antialias: boolean;
  /** Shadow map edge in texels; 0 switches shadows off. */
  readonly shadowMap: number;
  /** Screen-space error in CSS pixels below which a tile is good enough. */
  readonly errorTarget: number;
  /** Draw clouds, window mullions, shop signs and other fine detail. */
  readonly detail: boolean;
  /** Trees and lamps of tiles farther than this are left out, metres. */
  readonly treeReach: number;
  /** Bytes of tiles kept in memory. */
  readonly tileBytes: number;
  /** Cross-fade between tiles of two levels, milliseconds. */
  readonly tileFade: number;
  /** Tiles downloaded at once. */
  readonly downloads: number;
  /** Distance below which people have faces and round coats, metres. */
  readonly nearPeople: number;
}

const MEGABYTE = 2 ** 20;

export const QUALITY: Readonly<Record<Quality, QualityLevel>> = {
  low: {
    pixelRatio: 0.5,
    antialias: false,
    shadowMap: 0,
    errorTarget: 110,
    detail: false,
    treeReach: 60,
    tileBytes: 160 * MEGABYTE,
    tileFade: 0,
    downloads: 4,
    nearPeople: 10,
  },
  medium: {
    pixelRatio: 1.5,
    antialias: true,
    shadowMap: 1024,
    errorTarget: 20,
    detail: true,
    treeReach: 500,
    tileBytes: 256 * MEGABYTE,
    tileFade: 250,
    downloads: 6,
    nearPeople: 18,
  },
  high: {
    pixelRatio: 2,
    antialias: true,
    shadowMap: 2048,
    errorTarget: 11,
    detail: true,
    treeReach: 1500,
    tileBytes: 512 * MEGABYTE,
    tileFade: 250,
    downloads: 8,
    nearPeople: 22,
  },
};
