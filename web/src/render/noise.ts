/** GLSL fragments shared by the sky and the facades. */

/** A hash without sine (Dave Hoskins, 2014): stable across GPUs where `sin` is not. */
export const HASH = /* glsl */ `
float hash( vec2 p ) {
  vec3 q = fract( vec3( p.xyx ) * 0.1031 );
  q += dot( q, q.yzx + 33.33 );
  return fract( ( q.x + q.y ) * q.z );
}
`;

/** A box from `a` to `b` with edges as soft as the pixel is wide. */
export const BAND = /* glsl */ `
float band( float x, float a, float b, float w ) {
  w = max( w, 0.002 );
  return smoothstep( a - w, a + w, x ) - smoothstep( b - w, b + w, x );
}
`;
