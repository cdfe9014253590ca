/** GLSL of the sky. */

import { HASH } from "./noise";

export const DOME_VERTEX = /* glsl */ `
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
  float n = valueNoise( q * 0.9 + 3.0 ) * 0.62 + valueNoise( q * 2.1 ) * 0.27 + valueNoise( q * 4.3 ) * 0.11;
  float rim = smoothstep( 0.03, 0.14, v.y ) * ( 1.0 - 0.6 * smoothstep( 0.5, 0.95, v.y ) );
  // Two sheets of paper, one on the other, each with a cut edge.
  float sheets = ( smoothstep( 0.615, 0.63, n ) * 0.55 + smoothstep( 0.69, 0.705, n ) * 0.45 ) * rim;
  vec3 paper = mix( vec3( 1.0, 0.985, 0.95 ), vec3( 0.20, 0.24, 0.38 ), night );
  paper *= mix( vec3( 1.0 ), 0.6 + 0.4 * sunColour, 0.6 );
  return mix( sky, paper, sheets * mix( 0.62, 0.22, night ) );
}
`;

/** `skyColour( v )`: linear colour towards the unit vector v. */
const SKY = /* glsl */ `
uniform vec3 zenith, horizon, haze, sunDirection, sunColour;
uniform float night;
${HASH}
${CLOUDS}
float star( vec3 v ) {
  vec2 q = vec2( atan( v.z, v.x ) * 40.0, asin( v.y ) * 40.0 );
  q.x *= max( 0.25, sqrt( 1.0 - v.y * v.y ) );
  vec2 cell = floor( q );
  float size = 0.05 + 0.06 * hash( cell + 7.0 );
  return step( 0.972, hash( cell ) ) * ( 1.0 - smoothstep( size * 0.25, size, length( fract( q ) - 0.5 ) ) )
    * smoothstep( 0.05, 0.3, v.y );
}
vec3 skyColour( vec3 v ) {
  float up = max( v.y, 0.0 );
  vec3 c = mix( horizon, zenith, 1.0 - exp( - up * 3.6 ) );
  c = mix( c, haze, exp( - up * 26.0 ) * 0.75 );
  float glow = max( dot( v, sunDirection ), 0.0 );
  c += sunColour * ( pow( glow, 6.0 ) * 0.10 + pow( glow, 60.0 ) * 0.18 ) * ( 1.0 - night * 0.7 ) * step( - 0.1, sunDirection.y + 0.1 );
  if ( v.y > 0.03 ) {
    c = withClouds( c, v );
    if ( night > 0.3 ) c += star( v ) * night * night * 0.5;
  }
  return c + ( hash( gl_FragCoord.xy ) - 0.5 ) / 255.0;
}
`;

export const DOME_FRAGMENT = /* glsl */ `
varying vec3 vDirection;
${SKY}
void main() {
  gl_FragColor = vec4( skyColour( normalize( vDirection ) ), 1.0 );
  #include <colorspace_fragment>
}
`;

export const BAKE_VERTEX = /* glsl */ `
varying vec2 vPlace;
void main() {
  vPlace = position.xy;
  gl_Position = vec4( position.xy, 0.0, 1.0 );
}
`;

/** Stored as sRGB, so that eight bits do not band at night. */
export const BAKE_FRAGMENT = /* glsl */ `
varying vec2 vPlace;
${SKY}
void main() {
  float r = dot( vPlace, vPlace );
  vec3 v = vec3( 2.0 * vPlace.x, 1.0 - r, 2.0 * vPlace.y ) / ( 1.0 + r );
  gl_FragColor = sRGBTransferOETF( vec4( max( skyColour( v ), 0.0 ), 1.0 ) );
}
`;

export const BAKED_DOME_FRAGMENT = /* glsl */ `
varying vec3 vDirection;
uniform sampler2D picture;
void main() {
  vec3 v = normalize( vec3( vDirection.x, max( vDirection.y, 0.0 ), vDirection.z ) );
  gl_FragColor = texture2D( picture, v.xz / ( 1.0 + v.y ) * 0.5 + 0.5 );
}
`;
