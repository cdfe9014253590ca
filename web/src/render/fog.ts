/** Haze that thickens with distance but never hides the mountain: min(0.90, 1 − exp(−(d/6800)^1.35)). */

import { FogExp2, ShaderChunk } from "three";

const REACH = 6800;
const THICKEST = 0.9;

/** GLSL for three's `fog_fragment`: the same haze in every material, built-in ones included. */
const FOG_FRAGMENT = /* glsl */ `
#ifdef USE_FOG
  float fogFactor = min( ${THICKEST.toFixed(2)}, 1.0 - exp( - pow( max( vFogDepth, 0.0 ) * fogDensity, 1.35 ) ) );
  gl_FragColor.rgb = mix( gl_FragColor.rgb, fogColor, fogFactor );
#endif
`;

export function createFog(): FogExp2 {
  ShaderChunk.fog_fragment = FOG_FRAGMENT;
  return new FogExp2(0xffffff, 1 / REACH);
}
