/** One booth's model: fetched, read, put into the city's light, and let go. */

import {
  type BufferGeometry,
  Group,
  type Material,
  Mesh,
  type MeshBasicMaterial,
  MeshLambertMaterial,
  type MeshStandardMaterial,
  type Object3D,
  type Texture,
} from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import type { BoothModel, CityBooth } from "./api";

/** Fetch a model and read it. Throws where it cannot be had; an aborted one throws `AbortError`. */
export async function fetchModel(url: string, signal: AbortSignal): Promise<Group> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  const { scene } = await new GLTFLoader().parseAsync(bytes, "");
  if (signal.aborted) {
    disposeModel(scene);
    throw new DOMException("no longer wanted", "AbortError");
  }
  matt(scene);
  return scene;
}

/** A model on its stand, scaled to fit; it looks out of its slot (docs/expo.md). */
export function onStand(
  scene: Group,
  model: Pick<BoothModel, "scale" | "offset">,
  { position, yaw }: CityBooth["stand"],
): Group {
  const outer = new Group();
  const inner = new Group();
  inner.add(scene);
  inner.scale.setScalar(model.scale);
  inner.position.set(...model.offset);
  outer.add(inner);
  outer.position.set(...position);
  outer.rotation.y = yaw + Math.PI;
  outer.updateMatrixWorld(true);
  outer.traverse((one) => {
    one.matrixAutoUpdate = false;
    one.castShadow = one.receiveShadow = true;
  });
  return outer;
}

/** The city has one kind of surface (LOOK): no mirrors, no gloss; what shines by itself keeps shining. */
function matt(scene: Object3D): void {
  const known = new Map<Material, Material>();
  scene.traverse((one) => {
    if (!(one instanceof Mesh)) return;
    const before = one.material as Material;
    const after = known.get(before) ?? mattOf(before as MeshStandardMaterial | MeshBasicMaterial);
    known.set(before, after);
    one.material = after;
  });
  for (const [before, after] of known) if (before !== after) before.dispose();
}

function mattOf(material: MeshStandardMaterial | MeshBasicMaterial): Material {
  if (!("roughness" in material)) return material;
  const { color, map, emissive, emissiveMap, emissiveIntensity, normalMap, normalScale, aoMap } = material;
  const { alphaTest, transparent, opacity, side, vertexColors, flatShading, depthWrite } = material;
  const made = new MeshLambertMaterial({
    color,
    map,
    emissive,
    emissiveMap,
    emissiveIntensity,
    normalMap,
    normalScale,
    aoMap,
    alphaTest,
    transparent,
    opacity,
    side,
    vertexColors,
    flatShading,
    depthWrite,
  });
  material.metalnessMap?.dispose();
  if (material.roughnessMap !== material.metalnessMap) material.roughnessMap?.dispose();
  return made;
}

/** Free what a model holds on the graphics card, and its decoded pictures. */
export function disposeModel(root: Object3D): void {
  const [geometries, materials] = [new Set<BufferGeometry>(), new Set<Material>()];
  const textures = new Set<Texture>();
  root.traverse((one) => {
    if (!(one instanceof Mesh)) return;
    geometries.add(one.geometry as BufferGeometry);
    materials.add(one.material as Material);
  });
  for (const material of materials) {
    for (const value of Object.values(material)) {
      if ((value as Texture | null)?.isTexture) textures.add(value as Texture);
    }
    material.dispose();
  }
  for (const texture of textures) {
    texture.dispose();
    if (texture.image instanceof ImageBitmap) texture.image.close();
  }
  for (const geometry of geometries) geometry.dispose();
}
