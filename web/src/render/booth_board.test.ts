import { Vector3 } from "three";
import { expect, test } from "vitest";
import type { Board } from "./api";
import { boardGeometry, boardPoint, LIFT } from "./booth_board";

/** It looks north (−z): whoever reads it stands north of it and looks south, with west at their right hand. */
const north: Board = { position: [10, 5, 20], yaw: 0, size: [4, 2] };
const west: Board = { position: [0, 0, 0], yaw: Math.PI / 2, size: [4, 2] };

test("a viewer's right hand and the board's face are where they should be", () => {
  expect(boardPoint(north, 1, 2, 3).map((one) => one + 0)).toEqual([9, 7, 17]);
  const [x, y, z] = boardPoint(west, 1, 0, 3);
  expect([x, y, z].map((one) => Math.round(one) + 0)).toEqual([-3, 0, 1]);
});

test("triangles face whoever stands before the board", () => {
  for (const board of [north, west]) {
    const points = boardGeometry([board], [[0, 0, 1, 1]]).getAttribute("position");
    const [a, b, c] = [0, 1, 2].map((at) => new Vector3().fromBufferAttribute(points, at));
    const face = b.clone().sub(a).cross(c.clone().sub(a)).normalize();
    const ahead = new Vector3(-Math.sin(board.yaw), 0, -Math.cos(board.yaw));
    expect(face.dot(ahead)).toBeCloseTo(1);
    expect(
      a
        .clone()
        .sub(new Vector3(...board.position))
        .dot(ahead),
    ).toBeCloseTo(LIFT, 4);
  }
});
