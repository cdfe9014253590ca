/**
 * The look of paper walls, drawn in the fragment shader from `_FAC`.
 *
 * `_FAC` = (u cm along the wall, v cm above the foot, kind, seed). Kinds 0 to 5 are walls of paper; the same with
 * LANDMARK added are walls of real places; the codes of `Surface` are everything else, so that a whole tile is
 * one draw call.
 */

import { BAND, HASH } from "./noise";

/** Added to a facade kind when the wall belongs to a landmark. */
export const LANDMARK = 32;

/** Third component of `_FAC` for what is not a wall. */
export const Surface = {
  ground: 16,
  road: 17,
  water: 18,
  green: 19,
  brass: 20,
  station: 21,
  tree: 22,
  lamp: 23,
} as const;

export const FACADE_VERTEX_HEAD = /* glsl */ `
attribute vec4 fac;
varying vec2 vWall;
varying vec2 vKindSeed;
#ifdef DETAIL
varying vec3 vWorld;
#endif
`;

/**
 * Brass carries in `fac` which way its edge lies (x: east and south in a byte each, 127.5 for none) and half its width
 * (y, cm): it grows so that it never gets thinner than about two pixels, and lies a little before the ground it is
 * inlaid in. Stands after three has projected the vertex.
 */
export const FACADE_VERTEX_BODY = /* glsl */ `
if ( fac.z == ${Surface.brass}.0 ) {
  if ( fac.y > 0.0 ) {
    vec2 way = vec2( floor( fac.x / 256.0 ), mod( fac.x, 256.0 ) ) / 127.5 - 1.0;
    float missing = max( 0.0, length( mvPosition.xyz ) * 0.0010 - fac.y * 0.01 );
    mvPosition += modelViewMatrix * vec4( way.x * missing, 0.0, way.y * missing, 0.0 );
  }
  mvPosition.xyz *= 0.998;
  gl_Position = projectionMatrix * mvPosition;
}
vWall = fac.xy * 0.01;
vKindSeed = fac.zw;
#ifdef DETAIL
vWorld = ( modelMatrix * vec4( transformed, 1.0 ) ).xyz;
#endif
`;

export const FACADE_FRAGMENT_HEAD = /* glsl */ `
varying vec2 vWall;
varying vec2 vKindSeed;
#ifdef DETAIL
varying vec3 vWorld;
#endif
uniform float night;
uniform vec3 horizonColour;
${HASH}
${BAND}
vec3 glow = vec3( 0.0 );

struct Bay { vec2 period; vec4 window; float lit; bool shops; };

Bay bayOf( float kind ) {
  if ( kind < 1.5 ) return Bay( vec2( 2.7, 3.3 ), vec4( 0.20, 0.80, 0.30, 0.76 ), 0.34, true );
  if ( kind < 2.5 ) return Bay( vec2( 1.75, 3.3 ), vec4( 0.07, 0.93, 0.28, 0.84 ), 0.30, true );
  if ( kind < 3.5 ) return Bay( vec2( 4.1, 2.9 ), vec4( 0.05, 0.95, 0.36, 0.84 ), 0.42, false );
  return Bay( vec2( 3.1, 3.0 ), vec4( 0.26, 0.72, 0.34, 0.72 ), 0.46, false );
}

vec3 signPaper( float h ) {
  if ( h < 0.3 ) return vec3( 0.86, 0.80, 0.70 );
  if ( h < 0.5 ) return vec3( 0.70, 0.74, 0.74 );
  if ( h < 0.7 ) return vec3( 0.80, 0.70, 0.60 );
  return h < 0.88 ? vec3( 0.74, 0.77, 0.68 ) : vec3( 0.58, 0.58, 0.60 );
}

#ifdef DETAIL
void drawWall( inout vec3 paper, float kind, float seed ) {
  Bay bay = bayOf( kind );
  vec2 p = vWall;
  vec2 pixel = fwidth( p );
  vec2 q = bay.shops ? p - vec2( 0.0, 0.9 ) : p;
  vec2 cell = floor( q / bay.period ), f = fract( q / bay.period ), soft = pixel / bay.period * 0.75;
  // Detail fades to its average before it is finer than a pixel, so that nothing shimmers.
  float near = 1.0 - smoothstep( 0.10, 0.38, max( soft.x, soft.y ) );
  vec4 w = bay.window;
  float glassy = mix( ( w.y - w.x ) * ( w.w - w.z ), band( f.x, w.x, w.y, soft.x ) * band( f.y, w.z, w.w, soft.y ), near );
  float shopfront = bay.shops ? 1.0 - smoothstep( 3.55 - pixel.y, 3.55 + pixel.y, p.y ) : 0.0;
  float signs = bay.shops && ! ( kind < 1.5 && seed < 0.28 ) ? band( p.y, 3.02, 3.82, pixel.y ) : 0.0;
  glassy *= 1.0 - max( shopfront, signs );
  if ( cell.y < 0.0 ) glassy = 0.0;
  glassy *= 1.0 - 0.9 * near * band( f.x, 0.485, 0.515, soft.x );
  float panes = 1.0 - smoothstep( 0.15, 0.5, pixel.x / 3.4 );
  float shop = shopfront * band( p.y, 0.45, 2.75, pixel.y ) * mix( 0.86, band( fract( p.x / 3.4 ), 0.06, 0.94, pixel.x / 3.4 ), panes );
  float h = hash( cell + floor( seed * 997.0 ) );
  vec3 glass = mix( vec3( 0.56, 0.60, 0.65 ), vec3( 0.78, 0.79, 0.79 ), h );
  paper = mix( paper, glass * paper * 1.02, glassy * mix( 0.50, 0.72, near ) );
  if ( kind > 2.5 && kind < 3.5 ) {
    paper *= 1.0 + near * ( 0.05 * band( f.y, 0.10, 0.34, soft.y ) - 0.10 * band( f.y, 0.0, 0.05, soft.y ) );
  }
  paper = mix( paper, vec3( 0.50, 0.52, 0.54 ), shop * 0.55 );
  float signHash = hash( vec2( floor( p.x / 6.8 ) + 3.0, floor( seed * 910.0 ) ) );
  vec3 signColour = signPaper( signHash );
  paper = mix( paper, signColour * 0.86, signs * 0.85 );
  paper *= mix( 0.74, 1.0, smoothstep( - 0.5, 4.5, p.y ) ) * mix( 0.95, 1.0, smoothstep( 2.0, 22.0, p.y ) );
  if ( night > 0.0 ) {
    float lit = mix( bay.lit, step( h, bay.lit ), near );
    vec3 lamp = mix( vec3( 1.0, 0.62, 0.26 ), vec3( 1.0, 0.80, 0.50 ), hash( cell.yx + floor( seed * 77.0 ) ) );
    float open = step( 0.35, hash( vec2( floor( p.x / 6.8 ), floor( seed * 310.0 ) ) ) );
    glow = glassy * ( lit * lamp * mix( 0.62, 0.85, near ) + ( 1.0 - lit ) * vec3( 0.035, 0.05, 0.085 ) );
    glow += shop * open * vec3( 1.0, 0.72, 0.40 ) * mix( 0.80, 0.42, clamp( p.y / 3.0, 0.0, 1.0 ) );
    glow += signs * step( 0.35, signHash ) * signColour * vec3( 1.0, 0.80, 0.55 ) * 0.42;
    glow += paper * vec3( 1.0, 0.66, 0.36 ) * ( 0.20 * exp( - max( p.y, 0.0 ) / 4.0 ) + 0.006 );
  }
}
#else
// The same wall for weak machines: windows and a shop floor, hard-edged, one hash.
void drawWall( inout vec3 paper, float kind, float seed ) {
  Bay bay = bayOf( kind );
  vec2 q = bay.shops ? vWall - vec2( 0.0, 0.9 ) : vWall;
  vec2 period = 1.0 / bay.period;
  vec2 c = q * period, f = fract( c ), soft = fwidth( q ) * period;
  float near = 1.0 - clamp( max( soft.x, soft.y ) * 2.2 - 0.2, 0.0, 1.0 );
  vec4 w = bay.window;
  vec2 inside = step( w.xz, f ) * step( f, w.yw );
  float glassy = mix( ( w.y - w.x ) * ( w.w - w.z ), inside.x * inside.y, near );
  bool street = bay.shops && vWall.y < 3.55;
  if ( street ) glassy = vWall.y > 0.45 && vWall.y < 2.75 ? 0.75 : 0.0;
  paper *= 1.0 - glassy * vec3( 0.24, 0.22, 0.19 );
  paper *= 0.76 + 0.24 * clamp( vWall.y * 0.22, 0.0, 1.0 );
  if ( night > 0.0 ) {
    float lit = street ? 0.7 : mix( bay.lit, step( hash( floor( c ) + floor( seed * 997.0 ) ), bay.lit ), near );
    glow = glassy * lit * vec3( 0.72, 0.53, 0.30 ) + paper * vec3( 0.05, 0.033, 0.018 );
  }
}
#endif

void drawContours( inout vec3 land ) {
  #ifdef DETAIL
  // Above the town the hills read as stacked cards, 50 m each.
  float level = vWorld.y / 50.0, w = fwidth( level );
  float line = 1.0 - smoothstep( 0.0, max( w * 1.3, 0.02 ), abs( fract( level + 0.5 ) - 0.5 ) );
  line *= ( 1.0 - smoothstep( 0.22, 0.6, w ) ) * smoothstep( 120.0, 175.0, vWorld.y );
  land *= ( 1.0 - 0.16 * line ) * ( 0.975 + 0.025 * mod( floor( level ), 2.0 ) );
  #endif
}
`;

/** Paints `diffuseColor` and `glow`; stands where three colours the fragment, before it is lit. */
export const FACADE_FRAGMENT_COLOUR = /* glsl */ `
{
  float kind = floor( vKindSeed.x + 0.5 );
  float seed = floor( vKindSeed.y + 0.5 ) / 1023.0;
  bool landmark = kind >= ${LANDMARK}.0;
  float wall = landmark ? kind - ${LANDMARK}.0 : kind;
  if ( wall > 0.5 && wall < 5.5 && wall != 4.0 ) drawWall( diffuseColor.rgb, wall, seed );
  else if ( wall == 4.0 ) diffuseColor.rgb *= mix( 0.78, 1.0, smoothstep( - 0.5, 4.5, vWall.y ) );
  else if ( kind < 0.5 ) glow = diffuseColor.rgb * vec3( 1.0, 0.70, 0.44 ) * 0.05;
  else if ( kind == ${Surface.ground}.0 ) drawContours( diffuseColor.rgb );
  else if ( kind == ${Surface.brass}.0 ) glow = diffuseColor.rgb * vec3( 1.0, 0.85, 0.55 ) * 0.5;
  else if ( kind == ${Surface.tree}.0 ) glow = diffuseColor.rgb * vec3( 0.08, 0.065, 0.045 );
  else if ( kind == ${Surface.lamp}.0 ) glow = vec3( 1.0, 0.76, 0.43 );
  else if ( kind == ${Surface.water}.0 ) {
    #ifdef DETAIL
    float grazing = 1.0 - abs( normalize( cameraPosition - vWorld ).y );
    diffuseColor.rgb = mix( diffuseColor.rgb, horizonColour * 0.9, 0.35 * pow( grazing, 3.0 ) );
    #else
    diffuseColor.rgb = mix( diffuseColor.rgb, horizonColour * 0.9, 0.16 );
    #endif
  }
  if ( landmark || kind == ${Surface.station}.0 ) {
    float light = dot( diffuseColor.rgb, vec3( 0.3333 ) );
    glow = max( glow, diffuseColor.rgb * mix( 0.75, 0.26, smoothstep( 0.55, 0.95, light ) ) );
  }
  glow *= night;
}
`;
