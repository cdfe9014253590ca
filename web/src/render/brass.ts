/** Brass lines laid into the ground, never thinner than a pixel or two on the screen. */

import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DoubleSide,
  Mesh,
  ShaderMaterial,
  UniformsLib,
  UniformsUtils,
} from "three";

const DAY = new Color("#9a7433");
const NIGHT = new Color("#d6a252");

const VERTEX = /* glsl */ `
attribute vec2 across;
#include <common>
#include <fog_pars_vertex>
void main() {
  vec4 view = viewMatrix * modelMatrix * vec4( position, 1.0 );
  float halfWidth = max( 0.10, - view.z * 0.0011 );
  vec4 mvPosition = viewMatrix * modelMatrix * vec4( position + vec3( across.x, 0.0, across.y ) * halfWidth, 1.0 );
  gl_Position = projectionMatrix * mvPosition;
  #include <fog_vertex>
}
`;

const FRAGMENT = /* glsl */ `
uniform vec3 brass;
#include <common>
#include <fog_pars_fragment>
void main() {
  gl_FragColor = vec4( brass, 1.0 );
  #include <colorspace_fragment>
  #include <fog_fragment>
}
`;

export function createBrassMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    fog: true,
    side: DoubleSide,
    polygonOffset: true,
    polygonOffsetFactor: -2,
    polygonOffsetUnits: -4,
    uniforms: { ...UniformsUtils.clone(UniformsLib.fog), brass: { value: DAY.clone() } },
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
  });
}

export function setBrassNight(material: ShaderMaterial, night: number): void {
  (material.uniforms.brass.value as Color).copy(DAY).lerp(NIGHT, night);
}

/** Strokes of brass: each a run of world points x, y, z; consecutive points are joined. */
export function createBrass(strokes: readonly Float32Array[], material: ShaderMaterial): Mesh {
  const segments = strokes.reduce((sum, stroke) => sum + stroke.length / 3 - 1, 0);
  const position = new Float32Array(segments * 12);
  const across = new Float32Array(segments * 8);
  const index = new Uint32Array(segments * 6);
  let segment = 0;
  for (const stroke of strokes) {
    for (let i = 0; i + 5 < stroke.length; i += 3) {
      writeSegment(stroke, i, segment, position, across);
      index.set(
        [0, 2, 1, 0, 3, 2].map((corner) => segment * 4 + corner),
        segment * 6,
      );
      segment += 1;
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(position, 3));
  geometry.setAttribute("across", new BufferAttribute(across, 2));
  geometry.setIndex(new BufferAttribute(index, 1));
  geometry.computeBoundingSphere();
  const mesh = new Mesh(geometry, material);
  mesh.matrixAutoUpdate = false;
  return mesh;
}

function writeSegment(
  stroke: Float32Array,
  from: number,
  segment: number,
  position: Float32Array,
  across: Float32Array,
): void {
  const dx = stroke[from + 3] - stroke[from];
  const dz = stroke[from + 5] - stroke[from + 2];
  const length = Math.hypot(dx, dz) || 1;
  for (let corner = 0; corner < 4; corner += 1) {
    const end = from + (corner === 0 || corner === 3 ? 0 : 3);
    const side = corner < 2 ? 1 : -1;
    position.set(stroke.subarray(end, end + 3), (segment * 4 + corner) * 3);
    across.set([(-dz / length) * side, (dx / length) * side], (segment * 4 + corner) * 2);
  }
}
