/** Folds all primitives of a tile into one mesh, so that a tile costs one draw call. */

import {
  BufferAttribute,
  BufferGeometry,
  type InterleavedBufferAttribute,
  Matrix4,
  Mesh,
  type Object3D,
} from "three";
import { LANDMARK, Surface } from "./facade";

/** Materials of a tile by name (the contract with the city builder) to their surface code. */
const SURFACES: Readonly<Record<string, number>> = {
  ground: Surface.ground,
  road: Surface.road,
  water: Surface.water,
  green: Surface.green,
  brass: Surface.brass,
  station: Surface.station,
  tree: Surface.tree,
  lamp: Surface.lamp,
};

type Attribute = BufferAttribute | InterleavedBufferAttribute;

/** Sixteen numbers, which the type of a matrix does not promise. */
// biome-ignore format: columns of a matrix
type FixedMatrix = [
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
];

/** True when four numbers a vertex lie one after the other, in the very form that is wanted. */
function isPlain(attribute: Attribute, kind: typeof Uint8Array | typeof Uint16Array): boolean {
  return (
    attribute instanceof BufferAttribute && attribute.itemSize === 4 && attribute.array.constructor === kind
  );
}

export interface MergedTile {
  readonly geometry: BufferGeometry;
  /** Index entries without trees and lamps, which stand last: far off they need not be drawn. */
  readonly core: number;
  /** Tops of the lamps, x, y, z each, in the frame of the geometry. */
  readonly lamps: Float32Array;
}

/**
 * Merge every mesh below `scene` into one geometry in the scene's frame.
 *
 * Attributes of the result: `position` float32, `color` normalised u8 RGBA, `fac` u16 (see `facade.ts`).
 * Returns null when the scene holds no triangles.
 */
export function mergeTile(scene: Object3D): MergedTile | null {
  scene.updateMatrixWorld(true);
  const sceneFromWorld = new Matrix4().copy(scene.matrixWorld).invert();
  const meshes: Mesh[] = [];
  let vertices = 0;
  let indices = 0;
  scene.traverse((node) => {
    if (!(node instanceof Mesh) || node.geometry.getAttribute("position") === undefined) return;
    meshes.push(node);
    vertices += node.geometry.getAttribute("position").count;
    indices += node.geometry.index?.count ?? node.geometry.getAttribute("position").count;
  });
  if (indices === 0) return null;
  meshes.sort((a, b) => Number(isFine(a)) - Number(isFine(b)));
  const target = new MergeTarget(vertices, indices);
  const lamps: number[] = [];
  let core = 0;
  for (const mesh of meshes) {
    const name = nameOf(mesh);
    const first = target.vertex;
    target.append(mesh.geometry, sceneFromWorld.clone().multiply(mesh.matrixWorld), name);
    if (name === "brass") target.widenBrass(first);
    if (name === "lamp") collectLamps(target.position, first, target.vertex, lamps);
    if (!isFine(mesh)) core = target.corner;
  }
  return { geometry: target.geometry(), core, lamps: new Float32Array(lamps) };
}

function nameOf(mesh: Mesh): string {
  return Array.isArray(mesh.material) ? "" : mesh.material.name;
}

function isFine(mesh: Mesh): boolean {
  const name = nameOf(mesh);
  return name === "tree" || name === "lamp";
}

class MergeTarget {
  readonly position: Float32Array;
  private readonly colour: Uint8Array;
  private readonly fac: Uint16Array;
  private readonly index: Uint16Array | Uint32Array;
  vertex = 0;
  corner = 0;

  constructor(vertices: number, indices: number) {
    this.position = new Float32Array(vertices * 3);
    this.colour = new Uint8Array(vertices * 4).fill(255);
    this.fac = new Uint16Array(vertices * 4);
    this.index = vertices > 65_535 ? new Uint32Array(indices) : new Uint16Array(indices);
  }

  append(geometry: BufferGeometry, sceneFromMesh: Matrix4, material: string): void {
    const position = geometry.getAttribute("position");
    this.appendPositions(position, sceneFromMesh);
    const colour = geometry.getAttribute("color");
    if (colour !== undefined) this.appendColours(colour);
    this.appendFacades(geometry.getAttribute("_fac"), position.count, material);
    const count = geometry.index?.count ?? position.count;
    for (let i = 0; i < count; i += 1) {
      this.index[this.corner + i] = this.vertex + (geometry.index?.getX(i) ?? i);
    }
    this.corner += count;
    this.vertex += position.count;
  }

  /** Tell the shader which way the edges of brass ribbons lie: across the shortest side of each triangle. */
  widenBrass(first: number): void {
    const { position, index } = this;
    let corner = this.corner;
    while (corner > 0 && (index[corner - 1] ?? 0) >= first) corner -= 3;
    for (; corner < this.corner; corner += 3) {
      let [from, to, shortest] = [0, 0, Number.POSITIVE_INFINITY];
      for (let side = 0; side < 3; side += 1) {
        const a = index[corner + side] ?? 0;
        const b = index[corner + ((side + 1) % 3)] ?? 0;
        const length = Math.hypot(
          position[a * 3] - position[b * 3],
          position[a * 3 + 2] - position[b * 3 + 2],
        );
        if (length < shortest) [from, to, shortest] = [a, b, length];
      }
      this.setAcross(from, to, shortest);
      this.setAcross(to, from, shortest);
    }
  }

  geometry(): BufferGeometry {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(this.position, 3));
    geometry.setAttribute("color", new BufferAttribute(this.colour, 4, true));
    geometry.setAttribute("fac", new BufferAttribute(this.fac, 4));
    geometry.setIndex(new BufferAttribute(this.index, 1));
    geometry.computeBoundingSphere();
    return geometry;
  }

  private setAcross(vertex: number, opposite: number, width: number): void {
    const { position } = this;
    const x = position[vertex * 3] - position[opposite * 3];
    const z = position[vertex * 3 + 2] - position[opposite * 3 + 2];
    const length = Math.hypot(x, z) || 1;
    const byte = (part: number): number => Math.round((part / length + 1) * 127.5);
    this.fac[vertex * 4] = byte(x) * 256 + byte(z);
    this.fac[vertex * 4 + 1] = Math.min(65_535, Math.round(width * 50));
  }

  private appendPositions(position: Attribute, sceneFromMesh: Matrix4): void {
    const [a, b, c, , d, e, f, , g, h, i, , x, y, z] = sceneFromMesh.elements as FixedMatrix;
    const target = this.position;
    let at = this.vertex * 3;
    // Written out: this runs for every vertex of the city in sight, while somebody waits to see it.
    for (let vertex = 0; vertex < position.count; vertex += 1, at += 3) {
      const px = position.getX(vertex);
      const py = position.getY(vertex);
      const pz = position.getZ(vertex);
      target[at] = a * px + d * py + g * pz + x;
      target[at + 1] = b * px + e * py + h * pz + y;
      target[at + 2] = c * px + f * py + i * pz + z;
    }
  }

  private appendColours(colour: Attribute): void {
    if (isPlain(colour, Uint8Array)) {
      this.colour.set(colour.array as Uint8Array, this.vertex * 4);
      return;
    }
    for (let i = 0; i < colour.count; i += 1) {
      const at = (this.vertex + i) * 4;
      this.colour[at] = Math.round(colour.getX(i) * 255);
      this.colour[at + 1] = Math.round(colour.getY(i) * 255);
      this.colour[at + 2] = Math.round(colour.getZ(i) * 255);
    }
  }

  private appendFacades(fac: Attribute | undefined, count: number, material: string): void {
    const surface = SURFACES[material];
    const offset = material === "landmark" ? LANDMARK : 0;
    if (surface === undefined && fac !== undefined && isPlain(fac, Uint16Array)) {
      this.fac.set(fac.array as Uint16Array, this.vertex * 4);
      const end = (this.vertex + count) * 4;
      for (let at = this.vertex * 4 + 2; offset > 0 && at < end; at += 4) this.fac[at] += offset;
      return;
    }
    for (let i = 0; i < count; i += 1) {
      const at = (this.vertex + i) * 4;
      if (surface !== undefined || fac === undefined) {
        this.fac[at + 2] = surface ?? offset;
        continue;
      }
      this.fac[at] = fac.getX(i);
      this.fac[at + 1] = fac.getY(i);
      this.fac[at + 2] = fac.getZ(i) + offset;
      this.fac[at + 3] = fac.getW(i);
    }
  }
}

/** One entry per lamp: its vertices follow one another, and lamps stand metres apart. */
function collectLamps(position: Float32Array, first: number, end: number, lamps: number[]): void {
  const apart = 2;
  let x = Number.POSITIVE_INFINITY;
  let z = Number.POSITIVE_INFINITY;
  for (let i = first; i < end; i += 1) {
    const px = position[i * 3] ?? 0;
    const py = position[i * 3 + 1] ?? 0;
    const pz = position[i * 3 + 2] ?? 0;
    if (Math.abs(px - x) > apart || Math.abs(pz - z) > apart) {
      x = px;
      z = pz;
      lamps.push(px, py, pz);
    } else if (py > (lamps[lamps.length - 2] ?? 0)) {
      lamps[lamps.length - 2] = py;
    }
  }
}
