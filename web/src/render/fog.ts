/** Haze that thickens with distance but never hides the mountain: min(0.90, 1 − exp(−(d/6800)^1.35)). */

import { FogExp2, ShaderChunk } from "three";

const REACH = 6800;
const THICKEST = 0.9;

/**
 * The same haze in every material, three's own included. It is reckoned at the vertices: the triangles of a city are
 * small, and `pow` in every pixel is not.
 */
const CHUNKS = {
  fog_pars_vertex: /* glsl */ `
#ifdef USE_FOG
  uniform float fogDensity;
  varying float vFogFactor;
#endif
`,
  fog_vertex: /* glsl */ `
#ifdef USE_FOG
  vFogFactor = min( ${THICKEST.toFixed(2)}, 1.0 - exp( - pow( length( mvPosition.xyz ) * fogDensity, 1.35 ) ) );
#endif
`,
  fog_pars_fragment: /* glsl */ `
#ifdef USE_FOG
  uniform vec3 fogColor;
  varying float vFogFactor;
#endif
`,
  fog_fragment: /* glsl */ `
#ifdef USE_FOG
  gl_FragColor.rgb = mix( gl_FragColor.rgb, fogColor, vFogFactor );
#endif
`,
} as const;

export function createFog(): FogExp2 {
  Object.assign(ShaderChunk, CHUNKS);
  return new FogExp2(0xffffff, 1 / REACH);
}
