import { describe, expect, it } from "vitest";
import { Ground, type GroundIndex, heightInCell } from "./ground";

const INDEX: GroundIndex = {
  cell: 25,
  chunk: 50,
  origin: [-50, -50],
  columns: 2,
  rows: 2,
  chunks: "ground/{column}_{row}.f32",
};

/** Heights of the plane y = x + 10 z, so that every chunk must agree at its seams. */
function plane(path: string): Promise<ArrayBuffer> {
  const [column, row] = (path.match(/\d+/g) ?? []).map(Number);
  const heights = new Float32Array(9);
  for (let zi = 0; zi < 3; zi += 1) {
    for (let xi = 0; xi < 3; xi += 1) {
      heights[zi * 3 + xi] = -50 + (column ?? 0) * 50 + xi * 25 + 10 * (-50 + (row ?? 0) * 50 + zi * 25);
    }
  }
  return Promise.resolve(heights.buffer);
}

describe("heightInCell", () => {
  it("uses the triangle on the side of the diagonal where the point lies", () => {
    expect(heightInCell(0, 10, 0, 0, 0.75, 0.25)).toBeCloseTo(5, 9);
    expect(heightInCell(0, 10, 0, 0, 0.25, 0.75)).toBeCloseTo(0, 9);
  });
});

describe("Ground", () => {
  it("is undefined until its chunk is there, and exact afterwards", async () => {
    const ground = new Ground(INDEX, plane);
    expect(ground.height(10, 20)).toBeUndefined();
    await ground.around(10, 20, 60);
    expect(ground.height(10, 20)).toBeCloseTo(10 + 200, 3);
    expect(ground.height(-33, -7)).toBeCloseTo(-33 - 70, 3);
  });

  it("has no height outside the city", async () => {
    const ground = new Ground(INDEX, plane);
    await ground.around(0, 0, 100);
    expect(ground.height(51, 0)).toBeUndefined();
    expect(ground.height(0, -50.1)).toBeUndefined();
  });

  it("rejects a chunk of the wrong size, naming it", async () => {
    const ground = new Ground(INDEX, () => Promise.resolve(new ArrayBuffer(8)));
    await expect(ground.around(0, 0, 1)).rejects.toThrow(/ground\/\d_\d\.f32: 2 heights instead of 9/);
  });
});
