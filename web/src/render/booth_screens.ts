/** Live pictures on the booths' screens, drawn over their title cards. */

import { Group, LinearFilter, Mesh, MeshBasicMaterial, SRGBColorSpace, VideoTexture } from "three";
import type { Board } from "./api";
import { boardGeometry } from "./booth_board";

/** Before the title card, metres. */
const BEFORE = 0.03;
/** Pictures of another shape stand on black; below this difference nobody would see it. */
const SAME_SHAPE = 0.02;

interface Lit {
  readonly picture: HTMLVideoElement;
  readonly mesh: Mesh;
  readonly black: Mesh;
  readonly texture: VideoTexture;
  shape: number;
}

/** The part of a board that a picture of this shape (width to height) covers, shares of width and height. */
export function covered(board: Pick<Board, "size">, shape: number): readonly [number, number] {
  const own = board.size[0] / board.size[1];
  if (!Number.isFinite(shape) || shape <= 0 || Math.abs(shape / own - 1) < SAME_SHAPE) return [1, 1];
  return shape > own ? [1, own / shape] : [shape / own, 1];
}

function lifted(board: Board): Board {
  const [x, y, z] = board.position;
  const ahead = [-Math.sin(board.yaw) * BEFORE, -Math.cos(board.yaw) * BEFORE] as const;
  return { ...board, position: [x + ahead[0], y, z + ahead[1]] };
}

export class BoothScreens {
  readonly group = new Group();
  private readonly lit = new Map<string, Lit>();
  private boards = new Map<string, Board>();
  private readonly wanted = new Map<string, HTMLVideoElement>();

  /** Where the screens hang. */
  set(boards: ReadonlyMap<string, Board>): void {
    const same = JSON.stringify([...boards]) === JSON.stringify([...this.boards]);
    this.boards = new Map(boards);
    if (same) return;
    for (const id of [...this.lit.keys()]) this.darken(id);
    for (const [id, picture] of this.wanted) this.light(id, picture);
  }

  show(id: string, picture: HTMLVideoElement | null): void {
    if (picture === (this.wanted.get(id) ?? null)) return;
    this.darken(id);
    if (picture === null) this.wanted.delete(id);
    else {
      this.wanted.set(id, picture);
      this.light(id, picture);
    }
  }

  /** Fit the pictures to their screens: a publisher may turn or change the camera. */
  update(): void {
    for (const [id, lit] of this.lit) {
      const { videoWidth, videoHeight } = lit.picture;
      const shape = videoWidth / videoHeight;
      const board = this.boards.get(id);
      if (board === undefined || shape === lit.shape || !Number.isFinite(shape)) continue;
      lit.shape = shape;
      const [wide, tall] = covered(board, shape);
      const front = lifted(lifted(board));
      lit.mesh.geometry.dispose();
      lit.mesh.geometry = boardGeometry(
        [{ ...front, size: [front.size[0] * wide, front.size[1] * tall] }],
        [[0, 0, 1, 1]],
      );
      lit.mesh.visible = true;
      lit.black.visible = wide < 1 || tall < 1;
    }
  }

  dispose(): void {
    for (const id of [...this.lit.keys()]) this.darken(id);
  }

  private light(id: string, picture: HTMLVideoElement): void {
    const board = this.boards.get(id);
    if (board === undefined) return;
    const texture = new VideoTexture(picture);
    texture.colorSpace = SRGBColorSpace;
    texture.minFilter = LinearFilter;
    texture.generateMipmaps = false;
    const mesh = still(new MeshBasicMaterial({ map: texture, toneMapped: false }), lifted(board));
    const black = still(new MeshBasicMaterial({ color: "#000000" }), lifted(board));
    // Until the first frame says how it is shaped, the title card stays.
    mesh.visible = black.visible = false;
    this.group.add(black, mesh);
    this.lit.set(id, { picture, mesh, black, texture, shape: Number.NaN });
  }

  private darken(id: string): void {
    const lit = this.lit.get(id);
    if (lit === undefined) return;
    this.lit.delete(id);
    this.group.remove(lit.mesh, lit.black);
    for (const { geometry, material } of [lit.mesh, lit.black]) {
      geometry.dispose();
      (material as MeshBasicMaterial).dispose();
    }
    lit.texture.dispose();
  }
}

function still(material: MeshBasicMaterial, board: Board): Mesh {
  const mesh = new Mesh(boardGeometry([board], []), material);
  mesh.matrixAutoUpdate = false;
  return mesh;
}
