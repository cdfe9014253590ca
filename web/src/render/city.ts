/** The city itself, once its files are here: tiles, ground, places, and what is drawn on them. */

import { Group, type PerspectiveCamera, type Vector3 } from "three";
import { AccuracyRings } from "./accuracy";
import type { SpotInfo } from "./api";
import { CityDataError } from "./errors";
import { Ground, type GroundIndex } from "./ground";
import { Lamps } from "./lamps";
import type { CityUniforms } from "./materials";
import { type District, fetchBytes, fetchJson, loadDistricts, loadPlaces } from "./places";
import type { QualityLevel } from "./quality";
import { Tiles } from "./tiles";

/** Ground loaded before the city counts as loaded, metres round the start. */
const FIRST_GROUND = 300;

export class City {
  readonly group = new Group();
  readonly accuracy: AccuracyRings;
  readonly lamps: Lamps;

  private constructor(
    readonly tiles: Tiles,
    readonly ground: Ground,
    readonly spots: readonly SpotInfo[],
    readonly start: SpotInfo,
    readonly dong: readonly District[],
  ) {
    const height = (x: number, z: number): number | undefined => ground.height(x, z);
    this.accuracy = new AccuracyRings(spots, height);
    this.lamps = new Lamps(tiles, height);
    this.group.add(tiles.group, this.accuracy.group, this.lamps.mesh);
  }

  /** Fetch everything below `base`. Raises: CityDataError naming the file that is missing or wrong. */
  static async load(base: string, uniforms: CityUniforms): Promise<City> {
    const tiles = new Tiles(`${base}/tileset.json`, uniforms);
    try {
      const [places, districts, index] = await Promise.all([
        loadPlaces(base),
        loadDistricts(base),
        fetchJson(`${base}/ground.json`) as Promise<GroundIndex>,
        tiles.load(),
      ]);
      const ground = new Ground(index, (path) => fetchBytes(`${base}/${path}`));
      const start = places.spots.find((spot) => spot.id === places.start) as SpotInfo;
      await ground.around(start.position[0], start.position[2], FIRST_GROUND);
      return new City(tiles, ground, places.spots, start, districts.dong);
    } catch (error) {
      tiles.dispose();
      throw new CityDataError(`the city could not be loaded: ${String(error)}`, { cause: error });
    }
  }

  setQuality(level: QualityLevel, reducedMotion: boolean): void {
    this.tiles.setQuality(level, reducedMotion);
  }

  update(
    camera: PerspectiveCamera,
    eye: Vector3,
    width: number,
    height: number,
    night: number,
    seconds: number,
  ): void {
    this.tiles.update(camera, width, height);
    this.accuracy.update(eye, night, seconds);
    this.lamps.update(eye, night);
  }

  dispose(): void {
    this.tiles.dispose();
    this.accuracy.dispose();
    this.lamps.dispose();
  }
}
