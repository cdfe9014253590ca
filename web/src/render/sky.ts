/** The sky: a gradient dome with paper-cut clouds by day and stars by night. */

import { BackSide, Color, Mesh, ShaderMaterial, SphereGeometry, Vector3 } from "three";
import { HASH } from "./noise";

const VERTEX = /* glsl */ `
varying vec3 vDirection;
void main() {
  vDirection = position;
  gl_Position = projectionMatrix * vec4( mat3( viewMatrix ) * position, 1.0 );
  gl_Position.z = gl_Position.w * 0.99999;
}
`;

const CLOUDS = /* glsl */ `
float valueNoise( vec2 p ) {
  vec2 i = floor( p ), f = fract( p );
  f = f * f * ( 3.0 - 2.0 * f );
  return mix( mix( hash( i ), hash( i + vec2( 1, 0 ) ), f.x ),
    mix( hash( i + vec2( 0, 1 ) ), hash( i + vec2( 1, 1 ) ), f.x ), f.y );
}
vec3 withClouds( vec3 sky, vec3 v ) {
  vec2 q = v.xz / ( v.y + 0.12 ) * vec2( 1.5, 1.9 );
  float n = valueNoise( q * 0.9 + 3.0 ) * 0.62 + valueNoise( q * 2.1 ) * 0.27;
  #ifdef DETAIL
    n += valueNoise( q * 4.3 ) * 0.11;
  #else
    n += 0.055;
  #endif
  float rim = smoothstep( 0.03, 0.14, v.y ) * ( 1.0 - 0.6 * smoothstep( 0.5, 0.95, v.y ) );
  // Two sheets of paper, one on the other, each with a cut edge.
  float sheets = ( smoothstep( 0.615, 0.63, n ) * 0.55 + smoothstep( 0.69, 0.705, n ) * 0.45 ) * rim;
  vec3 paper = mix( vec3( 1.0, 0.985, 0.95 ), vec3( 0.20, 0.24, 0.38 ), night );
  paper *= mix( vec3( 1.0 ), 0.6 + 0.4 * sunColour, 0.6 );
  return mix( sky, paper, sheets * mix( 0.62, 0.22, night ) );
}
`;

const FRAGMENT = /* glsl */ `
varying vec3 vDirection;
uniform vec3 zenith, horizon, haze, sunDirection, sunColour;
uniform float night;
${HASH}
${CLOUDS}
float star( vec3 v ) {
  vec2 q = vec2( atan( v.z, v.x ) * 40.0, asin( v.y ) * 40.0 );
  q.x *= max( 0.25, sqrt( 1.0 - v.y * v.y ) );
  vec2 cell = floor( q );
  float size = 0.05 + 0.06 * hash( cell + 7.0 );
  return step( 0.972, hash( cell ) ) * smoothstep( size, size * 0.25, length( fract( q ) - 0.5 ) ) * smoothstep( 0.05, 0.3, v.y );
}
void main() {
  vec3 v = normalize( vDirection );
  float up = max( v.y, 0.0 );
  vec3 c = mix( horizon, zenith, 1.0 - exp( - up * 3.6 ) );
  c = mix( c, haze, exp( - up * 26.0 ) * 0.75 );
  float glow = max( dot( v, sunDirection ), 0.0 );
  c += sunColour * ( pow( glow, 6.0 ) * 0.10 + pow( glow, 60.0 ) * 0.18 ) * ( 1.0 - night * 0.7 ) * step( - 0.1, sunDirection.y + 0.1 );
  if ( v.y > 0.03 ) {
    c = withClouds( c, v );
    if ( night > 0.3 ) c += star( v ) * night * night * 0.5;
  }
  c += ( hash( gl_FragCoord.xy ) - 0.5 ) / 255.0;
  gl_FragColor = vec4( c, 1.0 );
  #include <colorspace_fragment>
}
`;

export class Sky {
  readonly mesh: Mesh<SphereGeometry, ShaderMaterial>;
  readonly uniforms = {
    zenith: { value: new Color() },
    horizon: { value: new Color() },
    haze: { value: new Color() },
    sunColour: { value: new Color() },
    sunDirection: { value: new Vector3(0, 1, 0) },
    night: { value: 0 },
  };

  constructor() {
    const material = new ShaderMaterial({
      side: BackSide,
      depthWrite: false,
      uniforms: this.uniforms,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      defines: { DETAIL: "" },
    });
    this.mesh = new Mesh(new SphereGeometry(1000, 24, 16), material);
    this.mesh.frustumCulled = false;
    this.mesh.matrixAutoUpdate = false;
    // Drawn last among opaque things: most of its pixels are already hidden by the city.
    this.mesh.renderOrder = 5;
  }

  setDetail(on: boolean): void {
    const { material } = this.mesh;
    if ("DETAIL" in material.defines === on) return;
    material.defines = on ? { DETAIL: "" } : {};
    material.needsUpdate = true;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
