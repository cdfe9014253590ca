/** Plates and dark screens of all booths: one texture, one draw call. */

import {
  CanvasTexture,
  type Intersection,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  MeshBasicMaterial,
  type Raycaster,
  SRGBColorSpace,
} from "three";
import type { Board, CityBooth, Language } from "./api";
import { boardGeometry, type Patch } from "./booth_board";
import { CARD, CARD_HEIGHT, paintBooth } from "./booth_paint";

const COLUMNS = 4;
/** By night paper glows, but less than a lamp. */
const NIGHT_SHADE = 0.28;

export class BoothCards {
  readonly mesh = new Mesh(
    boardGeometry([], []),
    new MeshBasicMaterial({ toneMapped: false, color: "#ffffff" }),
  );
  private readonly canvas = document.createElement("canvas");
  private texture: CanvasTexture | null = null;
  private booths: readonly CityBooth[] = [];
  private shape = "";
  private said: string[] = [];

  constructor() {
    this.mesh.matrixAutoUpdate = false;
    this.mesh.visible = false;
  }

  /** Show these; only what says something else than before is painted anew. */
  set(booths: readonly CityBooth[], language: Language): void {
    this.booths = booths;
    const shape = JSON.stringify(booths.map(({ id, screen, plate }) => [id, screen, plate]));
    if (shape !== this.shape) {
      this.shape = shape;
      this.build();
    }
    this.paint(language);
  }

  setNight(night: number): void {
    this.mesh.material.color.setScalar(1 - NIGHT_SHADE * night);
  }

  /** Paint everything anew, e.g. once the page's own font has arrived. */
  repaint(language: Language): void {
    this.said = [];
    this.paint(language);
  }

  /** Which booth a ray meets, within its reach. */
  hit(ray: Raycaster): string | null {
    const hits: Intersection[] = [];
    this.mesh.raycast(ray, hits);
    const near = hits.sort((a, b) => a.distance - b.distance)[0];
    // Two boards a booth, two triangles a board.
    return near?.faceIndex == null ? null : (this.booths[Math.floor(near.faceIndex / 4)]?.id ?? null);
  }

  dispose(): void {
    this.texture?.dispose();
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }

  private build(): void {
    const { booths, canvas, mesh } = this;
    const rows = Math.ceil(booths.length / COLUMNS);
    canvas.width = COLUMNS * CARD.width;
    canvas.height = Math.max(1, rows * CARD_HEIGHT);
    this.said = [];
    const boards: Board[] = [];
    const patches: Patch[] = [];
    booths.forEach(({ plate, screen }, at) => {
      const [x, y] = this.corner(at);
      const patch = (top: number, tall: number): Patch => [
        x / canvas.width,
        1 - (top + tall) / canvas.height,
        (x + CARD.width) / canvas.width,
        1 - top / canvas.height,
      ];
      boards.push(plate, screen);
      patches.push(patch(y, CARD.plate), patch(y + CARD.plate, CARD.screen));
    });
    mesh.geometry.dispose();
    mesh.geometry = boardGeometry(boards, patches);
    mesh.visible = booths.length > 0;
    this.texture?.dispose();
    const texture = new CanvasTexture(canvas);
    texture.colorSpace = SRGBColorSpace;
    texture.minFilter = LinearMipmapLinearFilter;
    texture.magFilter = LinearFilter;
    texture.anisotropy = 4;
    this.texture = texture;
    mesh.material.map = texture;
    mesh.material.needsUpdate = true;
  }

  private paint(language: Language): void {
    const painter = this.canvas.getContext("2d");
    if (painter === null || this.texture === null) return;
    let changed = false;
    this.booths.forEach((booth, at) => {
      const { number, state, title, organisation, summary } = booth;
      const says = JSON.stringify([language, number, state, title, organisation, summary]);
      if (this.said[at] === says) return;
      this.said[at] = says;
      changed = true;
      painter.setTransform(1, 0, 0, 1, ...this.corner(at));
      paintBooth(painter, booth, language);
    });
    painter.setTransform(1, 0, 0, 1, 0, 0);
    if (changed) this.texture.needsUpdate = true;
  }

  private corner(at: number): [number, number] {
    return [(at % COLUMNS) * CARD.width, Math.floor(at / COLUMNS) * CARD_HEIGHT];
  }
}
