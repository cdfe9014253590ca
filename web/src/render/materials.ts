/** One material for a whole tile: vertex colours, flat faces from derivatives, Lambert, and facades by `fac`. */

import {
  Color,
  type Material,
  MeshDepthMaterial,
  MeshLambertMaterial,
  ShaderChunk,
  type WebGLProgramParametersWithUniforms,
} from "three";
import {
  FACADE_FRAGMENT_COLOUR,
  FACADE_FRAGMENT_HEAD,
  FACADE_VERTEX_BODY,
  FACADE_VERTEX_HEAD,
  Surface,
} from "./facade";

/** Uniforms that every material of the city shares; changed once for all of them. */
export class CityUniforms {
  /** 0 by day, 1 when every lantern is lit. */
  readonly night = { value: 0 };
  readonly horizonColour = { value: new Color() };
}

/** Metres by which a shadow lookup leaves its surface: there are no vertex normals to do it earlier. */
const SHADOW_LIFT = 0.28;

/** three's light loop with the lookup moved off the surface along the flat normal. */
const LIGHTS_BEGIN = /* glsl */ `
#if defined( USE_SHADOWMAP ) && NUM_DIR_LIGHT_SHADOWS > 0
  vec4 shadowLift = directionalShadowMatrix[ 0 ] * vec4( ( vec4( normal, 0.0 ) * viewMatrix ).xyz * ${SHADOW_LIFT}, 0.0 );
#endif
${ShaderChunk.lights_fragment_begin.replaceAll("vDirectionalShadowCoord[ i ]", "vDirectionalShadowCoord[ i ] + shadowLift")}
`;

const SHADOW_MATRIX = /* glsl */ `
#if defined( USE_SHADOWMAP ) && NUM_DIR_LIGHT_SHADOWS > 0
  uniform mat4 directionalShadowMatrix[ NUM_DIR_LIGHT_SHADOWS ];
#endif
`;

/** The material of one tile. Each tile has its own, so that each can fade; they share one program. */
export function createCityMaterial(uniforms: CityUniforms, detail: boolean): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ vertexColors: true, flatShading: true });
  material.defines = detail ? { DETAIL: "" } : {};
  material.onBeforeCompile = (shader) => {
    patchCity(shader, uniforms);
  };
  material.customProgramCacheKey = () => "city";
  return material;
}

function patchCity(shader: WebGLProgramParametersWithUniforms, uniforms: CityUniforms): void {
  shader.uniforms.night = uniforms.night;
  shader.uniforms.horizonColour = uniforms.horizonColour;
  shader.vertexShader = shader.vertexShader
    .replace("#include <common>", `#include <common>\n${FACADE_VERTEX_HEAD}`)
    .replace("#include <project_vertex>", `#include <project_vertex>\n${FACADE_VERTEX_BODY}`);
  shader.fragmentShader = shader.fragmentShader
    .replace("#include <common>", `#include <common>\n${SHADOW_MATRIX}${FACADE_FRAGMENT_HEAD}`)
    .replace("#include <color_fragment>", `#include <color_fragment>\n${FACADE_FRAGMENT_COLOUR}`)
    .replace("#include <emissivemap_fragment>", "totalEmissiveRadiance += glow;")
    .replace("#include <lights_fragment_begin>", LIGHTS_BEGIN);
}

/** Depth for the shadow map: what lies flat on the land casts nothing, and is not drawn at all. */
export function createShadowMaterial(): MeshDepthMaterial {
  const material = new MeshDepthMaterial();
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace("#include <common>", "#include <common>\nattribute vec4 fac;")
      .replace(
        "#include <project_vertex>",
        `#include <project_vertex>
        if ( fac.z > ${Surface.ground - 0.5} && fac.z < ${Surface.station - 0.5} ) gl_Position = vec4( 2.0, 2.0, 2.0, 1.0 );`,
      );
  };
  material.customProgramCacheKey = () => "city-shadow";
  return material;
}

/**
 * People: vertex colours, multiplied by the person's own colour where `coat` is 1. `glow` is the share of their
 * colour that they give off at night, so that nobody walks in the dark.
 */
export function createCoatMaterial(uniforms: CityUniforms, glow: number): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ vertexColors: true });
  material.onBeforeCompile = (shader) => {
    shader.uniforms.night = uniforms.night;
    shader.vertexShader = shader.vertexShader
      .replace("#include <common>", "#include <common>\nattribute float coat;")
      .replace(
        "#include <color_vertex>",
        "vColor = vec4( color * mix( vec3( 1.0 ), instanceColor, coat ), 1.0 );",
      );
    shader.fragmentShader = shader.fragmentShader
      .replace("#include <common>", "#include <common>\nuniform float night;")
      .replace(
        "#include <emissivemap_fragment>",
        `totalEmissiveRadiance += diffuseColor.rgb * night * ${glow.toFixed(2)};`,
      );
  };
  material.customProgramCacheKey = () => `coat-${glow}`;
  return material;
}

/** Switch a material's fine detail on or off; it is compiled anew at the next frame. */
export function setDetail(material: Material & { defines?: Record<string, unknown> }, on: boolean): void {
  const defines = { ...material.defines };
  if ("DETAIL" in defines === on) return;
  if (on) defines.DETAIL = "";
  else delete defines.DETAIL;
  material.defines = defines;
  material.needsUpdate = true;
}
