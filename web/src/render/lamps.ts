/** Pools of light below the street lamps at night: additive discs on the ground, no real lights. */

import { AdditiveBlending, InstancedMesh, Matrix4, PlaneGeometry, ShaderMaterial, Vector3 } from "three";
import type { Tiles } from "./tiles";

const CAPACITY = 600;
const DIAMETER = 19;
/** Lamps farther than this light nothing that could be seen. */
const REACH = 420;
/** Metres the viewer goes before the nearest lamps are chosen anew. */
const STEP = 25;
/** Lift of a disc over the ground, so that paving does not cut it. */
const LIFT = 0.12;
/** Height of a lamp's globe where the ground below it is not known. */
const GLOBE = 4.4;

const VERTEX = /* glsl */ `
varying vec2 vPlace;
void main() {
  vPlace = uv * 2.0 - 1.0;
  vec4 view = viewMatrix * instanceMatrix * vec4( position, 1.0 );
  // Drawn where it lies, but compared as if half a metre nearer: uneven paving does not swallow it.
  view.xyz *= 1.0 - min( 0.5, 0.5 / length( view.xyz ) );
  gl_Position = projectionMatrix * view;
}
`;

const FRAGMENT = /* glsl */ `
varying vec2 vPlace;
uniform float night;
void main() {
  float r = 1.0 - min( 1.0, length( vPlace ) );
  gl_FragColor = vec4( vec3( 1.0, 0.66, 0.30 ) * r * r * 0.55 * night, 1.0 );
}
`;

export class Lamps {
  readonly mesh: InstancedMesh<PlaneGeometry, ShaderMaterial>;
  private readonly uniforms = { night: { value: 0 } };
  private readonly chosenAt = new Vector3(Number.NaN, 0, 0);
  private readonly top = new Vector3();
  private readonly matrix = new Matrix4();
  private stale = true;

  constructor(
    private readonly tiles: Tiles,
    private readonly ground: (x: number, z: number) => number | undefined,
  ) {
    const material = new ShaderMaterial({
      transparent: true,
      depthWrite: false,
      blending: AdditiveBlending,
      polygonOffset: true,
      polygonOffsetFactor: -4,
      polygonOffsetUnits: -8,
      uniforms: this.uniforms,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
    });
    this.mesh = new InstancedMesh(
      new PlaneGeometry(DIAMETER, DIAMETER).rotateX(-Math.PI / 2),
      material,
      CAPACITY,
    );
    this.mesh.frustumCulled = false;
    this.mesh.matrixAutoUpdate = false;
    this.mesh.count = 0;
    tiles.addEventListener("changed", () => {
      this.stale = true;
    });
  }

  update(eye: Vector3, night: number): void {
    this.uniforms.night.value = night;
    this.mesh.visible = night > 0.02 && this.mesh.count > 0;
    if (night <= 0.02) return;
    if (!this.stale && this.chosenAt.distanceTo(eye) < STEP) return;
    this.stale = false;
    this.chosenAt.copy(eye);
    this.choose(eye);
    this.mesh.visible = this.mesh.count > 0;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.mesh.dispose();
  }

  private choose(eye: Vector3): void {
    let count = 0;
    this.tiles.forEachLamps((lamps, worldFromTile) => {
      for (let i = 0; i < lamps.length && count < CAPACITY; i += 3) {
        this.top.fromArray(lamps, i).applyMatrix4(worldFromTile);
        if (Math.hypot(this.top.x - eye.x, this.top.z - eye.z) > REACH) continue;
        const floor = this.ground(this.top.x, this.top.z) ?? this.top.y - GLOBE;
        this.mesh.setMatrixAt(count, this.matrix.makeTranslation(this.top.x, floor + LIFT, this.top.z));
        count += 1;
      }
    });
    this.mesh.count = count;
    this.mesh.instanceMatrix.needsUpdate = true;
  }
}
