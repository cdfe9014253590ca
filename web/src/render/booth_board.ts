/** Upright boards of the hall: screens and plates, as three.js wants them. */

import { BufferAttribute, BufferGeometry } from "three";
import type { Board, Vec3 } from "./api";

/** Boards are drawn this far before what the tiles hold there, metres: large tiles round places to 3 cm. */
export const LIFT = 0.05;

/** A point of a board: `right` as its viewer sees it, `up`, and `before` its face, metres from its middle. */
export function boardPoint(board: Board, right: number, up: number, before: number): Vec3 {
  const { position, yaw } = board;
  const [east, south] = [Math.sin(yaw), Math.cos(yaw)];
  return [
    position[0] - right * south - before * east,
    position[1] + up,
    position[2] + right * east - before * south,
  ];
}

/** A rectangle of a texture: left, bottom, right, top, 0 to 1. */
export type Patch = readonly [number, number, number, number];

/** Boards as one mesh: four points and two triangles each, in their order. */
export function boardGeometry(boards: readonly Board[], patches: readonly Patch[]): BufferGeometry {
  const position = new Float32Array(boards.length * 12);
  const uv = new Float32Array(boards.length * 8);
  const index: number[] = [];
  boards.forEach((board, at) => {
    const [half, tall] = [board.size[0] / 2, board.size[1] / 2];
    const [left, bottom, right, top] = patches[at] ?? [0, 0, 1, 1];
    const corners = [
      [-half, -tall],
      [half, -tall],
      [half, tall],
      [-half, tall],
    ] as const;
    corners.forEach(([x, y], corner) => {
      position.set(boardPoint(board, x, y, LIFT), at * 12 + corner * 3);
    });
    uv.set([left, bottom, right, bottom, right, top, left, top], at * 8);
    const first = at * 4;
    index.push(first, first + 1, first + 2, first, first + 2, first + 3);
  });
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(position, 3));
  geometry.setAttribute("uv", new BufferAttribute(uv, 2));
  geometry.setIndex(index);
  geometry.computeBoundingSphere();
  return geometry;
}
