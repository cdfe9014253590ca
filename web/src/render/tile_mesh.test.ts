import { BoxGeometry, BufferAttribute, BufferGeometry, Group, Mesh, MeshBasicMaterial } from "three";
import { describe, expect, it } from "vitest";
import { LANDMARK, Surface } from "./facade";
import { mergeTile } from "./tile_mesh";

function box(name: string, facade: boolean): Mesh {
  const geometry = new BoxGeometry(1, 2, 1);
  const count = geometry.getAttribute("position").count;
  geometry.setAttribute("color", new BufferAttribute(new Uint8Array(count * 4).fill(128), 4, true));
  if (facade) {
    const fac = new Uint16Array(count * 4);
    for (let i = 0; i < count; i += 1) fac.set([270, 330, 3, 1000], i * 4);
    geometry.setAttribute("_fac", new BufferAttribute(fac, 4));
  }
  return new Mesh(geometry, new MeshBasicMaterial({ name }));
}

describe("mergeTile", () => {
  it("keeps every triangle, in the frame of the tile", () => {
    const scene = new Group();
    scene.position.set(1e6, 0, 0);
    const paper = box("paper", true);
    paper.position.set(10, 0, -4);
    scene.add(paper, box("road", false));
    const merged = mergeTile(scene);
    expect(merged?.geometry.index?.count).toBe(72);
    const position = merged?.geometry.getAttribute("position");
    expect(position?.count).toBe(48);
    expect(position?.getX(0)).toBeCloseTo(10.5, 5);
    expect(position?.getZ(0)).toBeCloseTo(-3.5, 5);
  });

  it("names what each vertex is", () => {
    const scene = new Group();
    scene.add(box("paper", true), box("landmark", true), box("water", false));
    const fac = mergeTile(scene)?.geometry.getAttribute("fac");
    expect([fac?.getX(0), fac?.getY(0), fac?.getZ(0), fac?.getW(0)]).toEqual([270, 330, 3, 1000]);
    expect(fac?.getZ(24)).toBe(3 + LANDMARK);
    expect(fac?.getZ(48)).toBe(Surface.water);
  });

  it("takes colours of bytes as they are, and colours of numbers as bytes", () => {
    const numbers = box("road", false);
    const count = numbers.geometry.getAttribute("position").count;
    numbers.geometry.setAttribute("color", new BufferAttribute(new Float32Array(count * 4).fill(0.2), 4));
    const scene = new Group();
    scene.add(box("paper", true), numbers);
    const colour = mergeTile(scene)?.geometry.getAttribute("color");
    expect(colour?.array[4]).toBe(128);
    expect(colour?.array[(colour.count - 1) * 4]).toBe(51);
  });

  it("finds each lamp once, at its top", () => {
    const scene = new Group();
    for (const x of [0, 20, 40]) {
      const lamp = box("lamp", false);
      lamp.position.set(x, 4, 0);
      scene.add(lamp);
    }
    const lamps = mergeTile(scene)?.lamps ?? new Float32Array();
    expect(lamps.length).toBe(9);
    expect(lamps[4]).toBeCloseTo(5, 5);
    expect(Math.abs((lamps[6] ?? 0) - 40)).toBeLessThan(0.6);
  });

  it("tells the two edges of a brass ribbon apart, so that it can grow", () => {
    const ribbon = new BufferGeometry();
    // 0.4 m wide, running east.
    const points = [0, 0, -0.2, 0, 0, 0.2, 12, 0, -0.2, 12, 0, 0.2];
    ribbon.setAttribute("position", new BufferAttribute(new Float32Array(points), 3));
    ribbon.setIndex([0, 1, 2, 2, 1, 3]);
    const scene = new Group();
    scene.add(box("road", false), new Mesh(ribbon, new MeshBasicMaterial({ name: "brass" })));
    const fac = mergeTile(scene)?.geometry.getAttribute("fac");
    const across = [0, 1, 2, 3].map((i) => [fac?.getX(24 + i), fac?.getY(24 + i), fac?.getZ(24 + i)]);
    const [north, south] = [128 * 256, 128 * 256 + 255];
    expect(across).toEqual([north, south, north, south].map((turn) => [turn, 20, Surface.brass]));
    expect(fac?.getX(0)).toBe(0);
  });

  it("puts trees and lamps last, so that they can be left out", () => {
    const scene = new Group();
    scene.add(box("tree", false), box("ground", false), box("lamp", false), box("paper", true));
    const merged = mergeTile(scene);
    const fac = merged?.geometry.getAttribute("fac");
    const index = merged?.geometry.index;
    expect(merged?.core).toBe(72);
    const kinds = Array.from({ length: 144 }, (_, i) => fac?.getZ(index?.getX(i) ?? 0));
    expect(kinds.slice(0, 72)).not.toContain(Surface.tree);
    expect(new Set(kinds.slice(72))).toEqual(new Set([Surface.tree, Surface.lamp]));
  });

  it("answers null for a tile without triangles", () => {
    expect(mergeTile(new Group())).toBeNull();
  });
});
