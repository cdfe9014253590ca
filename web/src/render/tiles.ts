/** Streams the city's 3D Tiles into the world frame: what to load, at which detail, and what it costs. */

import { TilesRenderer } from "3d-tiles-renderer";
import { TilesFadePlugin } from "3d-tiles-renderer/plugins";
import {
  type Camera,
  EventDispatcher,
  type Group,
  Matrix4,
  Mesh,
  type MeshDepthMaterial,
  type MeshLambertMaterial,
  type Object3D,
} from "three";
import { type CityUniforms, createCityMaterial, createShadowMaterial, setDetail } from "./materials";
import type { QualityLevel } from "./quality";
import { mergeTile } from "./tile_mesh";

/** What `TilesRenderer` counts; absent from its type declarations. */
interface LoadCounts {
  readonly queued: number;
  readonly downloading: number;
  readonly parsing: number;
  readonly loaded: number;
  readonly failed: number;
  readonly visible: number;
}

interface LoadedTile {
  readonly mesh: Mesh;
  readonly core: number;
  readonly lamps: Float32Array;
}

/** x east, y up, z south from x east, y north, z up. */
const WORLD_FROM_ENU = new Matrix4().makeRotationX(-Math.PI / 2);

/** Frames after which failed tiles are asked for again. */
const RETRY_AFTER = 300;

export interface TilesEvents {
  /** Shown or hidden tiles change what casts shadows and which lamps burn. */
  changed: object;
}

export class Tiles extends EventDispatcher<TilesEvents> {
  readonly group: Group;
  /** Bytes of tile content received so far (as parsed, after any transfer compression). */
  bytes = 0;
  private readonly renderer: TilesRenderer;
  private readonly shadowMaterial: MeshDepthMaterial = createShadowMaterial();
  private readonly loaded = new Map<Object3D, LoadedTile>();
  private fade: TilesFadePlugin | null = null;
  private detail = true;
  private treeReach = Number.POSITIVE_INFINITY;
  private settledFrames = 0;
  private framesFailed = 0;

  constructor(
    url: string,
    private readonly uniforms: CityUniforms,
  ) {
    super();
    this.renderer = new TilesRenderer(url);
    this.group = this.renderer.group;
    this.group.matrixAutoUpdate = false;
    // Tiles behind the viewer still throw shadows into the view; three culls what each camera does not see.
    this.renderer.displayActiveTiles = true;
    this.renderer.autoDisableRendererCulling = false;
    this.renderer.registerPlugin({
      name: "CITY_PAPER",
      parseTile: (buffer: ArrayBuffer): null => {
        this.bytes += buffer.byteLength;
        return null;
      },
      processTileModel: (scene: Object3D): Promise<void> => {
        this.fold(scene);
        return Promise.resolve();
      },
    });
    this.renderer.addEventListener("dispose-model", ({ scene }) => this.loaded.delete(scene as Object3D));
    this.renderer.addEventListener("tile-visibility-change", () => this.dispatchEvent({ type: "changed" }));
  }

  /** Fetch the tileset itself. Rejects when it is missing or has no root transform. */
  load(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.renderer.addEventListener("load-root-tileset", () => {
        const transform = (this.renderer.root as { transform?: number[] } | null)?.transform;
        if (transform === undefined || transform.length !== 16) {
          reject(new Error("tileset.json: the root has no transform, so it stands nowhere on Earth"));
          return;
        }
        this.placeGroup(transform);
        resolve();
      });
      this.renderer.addEventListener("load-error", ({ tile, error }) => {
        if (tile === null) reject(error);
        else console.warn("a tile did not load", error);
      });
      this.renderer.update();
    });
  }

  setQuality(level: QualityLevel, reducedMotion: boolean): void {
    this.renderer.errorTarget = level.errorTarget;
    this.renderer.lruCache.maxBytesSize = level.tileBytes;
    this.renderer.lruCache.minBytesSize = level.tileBytes * 0.75;
    this.renderer.downloadQueue.maxJobsPerOrigin = level.downloads;
    this.renderer.parseQueue.maxJobs = 2;
    this.setFade(reducedMotion ? 0 : level.tileFade);
    this.detail = level.detail;
    this.treeReach = level.treeReach;
    for (const { mesh } of this.loaded.values())
      setDetail(mesh.material as MeshLambertMaterial, level.detail);
  }

  /** Choose, load and show tiles for a camera; `width` and `height` in CSS pixels. */
  update(camera: Camera, width: number, height: number): void {
    this.renderer.setCamera(camera);
    this.renderer.setResolution(camera, width, height);
    this.renderer.update();
    this.leaveOutFarTrees();
    this.retry();
    this.settledFrames = this.counts.visible > 0 && this.tilesAwaited === 0 ? this.settledFrames + 1 : 0;
  }

  /** Nothing in view is still on its way. Two frames' grace: the first may have found new tiles to want. */
  get settled(): boolean {
    return this.settledFrames >= 3;
  }

  get tilesLoaded(): number {
    return this.loaded.size;
  }

  get tilesAwaited(): number {
    const { queued, downloading, parsing } = this.counts;
    return queued + downloading + parsing;
  }

  get tilesVisible(): number {
    return this.renderer.visibleTiles.size;
  }

  /** Visit the lamps of every shown tile with the matrix that takes them into the world. */
  forEachLamps(visit: (lamps: Float32Array, worldFromTile: Matrix4) => void): void {
    for (const { mesh, lamps } of this.loaded.values()) {
      if (lamps.length > 0 && mesh.parent?.parent === this.group) visit(lamps, mesh.matrixWorld);
    }
  }

  dispose(): void {
    this.renderer.dispose();
    this.shadowMaterial.dispose();
  }

  private get counts(): LoadCounts {
    return (this.renderer as unknown as { stats: LoadCounts }).stats;
  }

  /** Ask again for tiles that a lost server did not give. */
  private retry(): void {
    if (this.counts.failed === 0) return;
    this.framesFailed += 1;
    if (this.framesFailed < RETRY_AFTER) return;
    this.framesFailed = 0;
    this.renderer.resetFailedTiles();
  }

  /** Cross-fade for so many milliseconds; 0 for none, which also spares a second shader. */
  private setFade(duration: number): void {
    if (duration > 0 === (this.fade !== null)) return;
    if (this.fade !== null) {
      this.renderer.unregisterPlugin(this.fade);
      this.fade = null;
      return;
    }
    this.fade = new TilesFadePlugin({ fadeDuration: duration, fadeRootTiles: false });
    this.renderer.registerPlugin(this.fade);
  }

  private leaveOutFarTrees(): void {
    for (const tile of this.renderer.visibleTiles) {
      const { scene } = (tile as unknown as { engineData: { scene: Object3D | null } }).engineData;
      const loaded = scene === null ? undefined : this.loaded.get(scene);
      if (loaded === undefined) continue;
      const far = tile.traversal.distanceFromCamera > this.treeReach;
      loaded.mesh.geometry.drawRange.count = far ? loaded.core : Number.POSITIVE_INFINITY;
    }
  }

  private placeGroup(ecefFromEnu: readonly number[]): void {
    // In double precision: ECEF numbers are 6 million metres long, and float32 would lose half a metre.
    const enuFromEcef = new Matrix4().fromArray(ecefFromEnu as number[]).invert();
    this.group.matrix.multiplyMatrices(WORLD_FROM_ENU, enuFromEcef);
    this.group.updateMatrixWorld(true);
  }

  private fold(scene: Object3D): void {
    const merged = mergeTile(scene);
    scene.traverse((node) => {
      if (!(node instanceof Mesh)) return;
      node.geometry.dispose();
      for (const material of [node.material].flat()) material.dispose();
    });
    scene.clear();
    if (merged === null) return;
    const mesh = new Mesh(merged.geometry, createCityMaterial(this.uniforms, this.detail));
    mesh.customDepthMaterial = this.shadowMaterial;
    mesh.castShadow = true;
    mesh.receiveShadow = true;
    mesh.matrixAutoUpdate = false;
    scene.add(mesh);
    this.loaded.set(scene, { mesh, core: merged.core, lamps: merged.lamps });
  }
}
