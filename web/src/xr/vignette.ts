/** Darkens the edge of the view while it moves by itself, for people whom that makes ill. */

import { BufferGeometry, Float32BufferAttribute, Mesh, ShaderMaterial } from "three";

/** Seconds to close and to open again. */
const EASE = 0.2;

const VERTEX = /* glsl */ `
varying vec2 vPlace;
void main() {
  // Measured from where the eye looks straight ahead, which is not the middle of a headset's image.
  vec2 ahead = - projectionMatrix[ 2 ].xy;
  vPlace = ( position.xy - ahead ) / vec2( projectionMatrix[ 0 ][ 0 ], projectionMatrix[ 1 ][ 1 ] );
  gl_Position = vec4( position.xy, 0.0, 1.0 );
}
`;

const FRAGMENT = /* glsl */ `
varying vec2 vPlace;
uniform float strength;
void main() {
  float angle = degrees( atan( length( vPlace ) ) );
  gl_FragColor = vec4( 0.0, 0.0, 0.0, smoothstep( 22.0, 40.0, angle ) * 0.92 * strength );
}
`;

export class Vignette {
  readonly mesh: Mesh<BufferGeometry, ShaderMaterial>;
  private readonly strength = { value: 0 };

  constructor() {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new Float32BufferAttribute([-1, -1, 0, 3, -1, 0, -1, 3, 0], 3));
    this.mesh = new Mesh(
      geometry,
      new ShaderMaterial({
        transparent: true,
        depthTest: false,
        depthWrite: false,
        uniforms: { strength: this.strength },
        vertexShader: VERTEX,
        fragmentShader: FRAGMENT,
      }),
    );
    this.mesh.frustumCulled = false;
    this.mesh.matrixAutoUpdate = false;
    this.mesh.renderOrder = 60;
    this.mesh.visible = false;
  }

  update(on: boolean, seconds: number): void {
    const step = seconds / EASE;
    this.strength.value = Math.min(1, Math.max(0, this.strength.value + (on ? step : -step)));
    this.mesh.visible = this.strength.value > 0;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
