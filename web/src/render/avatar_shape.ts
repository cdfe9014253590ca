/** The shapes of people: bell coat, round head, mittens, ground rings. Paper and paint, no likeness of anyone. */

import {
  BoxGeometry,
  BufferAttribute,
  BufferGeometry,
  CircleGeometry,
  Color,
  CylinderGeometry,
  IcosahedronGeometry,
  LatheGeometry,
  OctahedronGeometry,
  RingGeometry,
  SphereGeometry,
  Vector2,
} from "three";

/** Coats, by `PersonLook.colour`. */
export const COATS: readonly string[] = [
  "#2f63ae",
  "#b5452f",
  "#2f8068",
  "#dca03a",
  "#7a4f9a",
  "#c8577a",
  "#33363d",
  "#4a90c2",
  "#8a6a3f",
  "#5b8f3a",
];

/** From the eyes down to where coat and head meet, metres. */
export const NECK = 0.235;

const IVORY = "#fbf1e2";
const INK = "#2a2724";
const BLUSH = "#f0b9a2";
const HAIR = "#3b332d";
const COLLAR = "#fffaf0";

/** Radius and height of the coat's outline, height 1 being the neck. */
const OUTLINE: readonly (readonly [number, number])[] = [
  [0.26, 0.076],
  [0.3, 0.107],
  [0.285, 0.344],
  [0.235, 0.65],
  [0.185, 0.855],
  [0.15, 0.947],
  [0.07, 0.992],
  [0, 1],
];

export interface Piece {
  readonly geometry: BufferGeometry;
  readonly colour: string;
  /** 1 where the person's own coat colour multiplies, 0 elsewhere. */
  readonly coat: number;
}

/** The coat, 1 high from the ground to the neck, and 0.3 m wide; its front is −Z. */
export function coatShape(near: boolean): BufferGeometry {
  const outline = near ? OUTLINE : [0, 2, 3, 4, 7].map((i) => OUTLINE[i]);
  const lathe = new LatheGeometry(
    outline.map((point) => new Vector2(point?.[0], point?.[1])),
    near ? 14 : 8,
  );
  const pieces: Piece[] = [{ geometry: lathe, colour: "#ffffff", coat: 1 }];
  if (near) {
    for (const side of [-1, 1]) {
      const lapel = new BoxGeometry(0.036, 0.16, 0.02).rotateX(0.32).rotateZ(side * 0.48);
      pieces.push({ geometry: lapel.translate(side * -0.046, 0.935, -0.15), colour: COLLAR, coat: 0 });
    }
  }
  const merged = merge(pieces);
  shadeHem(merged);
  return merged;
}

/** The head, 0.4 m across, its origin between the eyes; it looks to −Z. */
export function headShape(near: boolean): BufferGeometry {
  const skull = new SphereGeometry(0.2, near ? 16 : 8, near ? 10 : 6).scale(1, 0.96, 0.95);
  const hair = new SphereGeometry(0.212, near ? 14 : 8, near ? 6 : 4, 0, 2 * Math.PI, 0, 1.45);
  const pieces: Piece[] = [
    { geometry: skull.translate(0, -0.015, 0), colour: IVORY, coat: 0 },
    { geometry: hair.rotateX(0.42).translate(0, -0.005, 0.012), colour: HAIR, coat: 0 },
  ];
  if (near) {
    for (const side of [-1, 1]) {
      const eye = new SphereGeometry(0.024, 6, 5).scale(1, 1.35, 0.6).translate(side * 0.068, 0, -0.178);
      const cheek = new SphereGeometry(0.03, 6, 4)
        .scale(1.2, 0.7, 0.4)
        .translate(side * 0.115, -0.05, -0.166);
      pieces.push({ geometry: eye, colour: INK, coat: 0 }, { geometry: cheek, colour: BLUSH, coat: 0 });
    }
  }
  return merge(pieces);
}

/** A mitten round the palm; thumb up, fingers to −Z, cuff in the coat's colour to +Z (OpenXR's grip pose). */
export function handShape(near: boolean): BufferGeometry {
  if (!near) return merge([{ geometry: new IcosahedronGeometry(0.075, 0), colour: IVORY, coat: 0 }]);
  const palm = new SphereGeometry(0.07, 9, 7).scale(0.86, 0.94, 1.1);
  const thumb = new SphereGeometry(0.027, 6, 5).scale(1, 1, 1.35).translate(0, 0.06, -0.026);
  const cuff = new CylinderGeometry(0.05, 0.062, 0.05, 10, 1, true)
    .rotateX(Math.PI / 2)
    .translate(0, 0, 0.075);
  return merge([
    { geometry: palm, colour: IVORY, coat: 0 },
    { geometry: thumb, colour: IVORY, coat: 0 },
    { geometry: cuff, colour: "#ffffff", coat: 1 },
  ]);
}

/** Eyes of somebody of this shape, metres above the ground. */
export const WHOLE_EYES = 1.6;

/**
 * A whole person in one piece, upright on the ground, hands hanging, for the crowd; its front is −Z.
 *
 * @param near With eyes and hands; otherwise what is left of somebody a hundred metres away.
 */
export function wholeShape(near: boolean): BufferGeometry {
  const neck = WHOLE_EYES - NECK;
  const outline = (near ? [0, 2, 3, 4, 7] : [0, 3, 7]).map((i) => OUTLINE[i] as readonly [number, number]);
  const coat = new LatheGeometry(
    outline.map(([radius, height]) => new Vector2(radius, height)),
    near ? 8 : 5,
  );
  const skull = new SphereGeometry(0.2, near ? 8 : 5, near ? 5 : 3).translate(0, -0.015, 0);
  const hair = new SphereGeometry(0.212, near ? 8 : 5, near ? 3 : 2, 0, 2 * Math.PI, 0, 1.45);
  const pieces: Piece[] = [
    { geometry: coat.scale(1, neck, 1), colour: "#ffffff", coat: 1 },
    { geometry: skull.translate(0, WHOLE_EYES, 0), colour: IVORY, coat: 0 },
    { geometry: hair.rotateX(0.42).translate(0, WHOLE_EYES - 0.005, 0.012), colour: HAIR, coat: 0 },
  ];
  for (const side of near ? [-1, 1] : []) {
    const eye = new OctahedronGeometry(0.026).scale(1, 1.35, 0.6).translate(side * 0.068, WHOLE_EYES, -0.18);
    const hand = new OctahedronGeometry(0.085).translate(side * 0.31, 0.86, -0.05);
    pieces.push({ geometry: eye, colour: INK, coat: 0 }, { geometry: hand, colour: IVORY, coat: 0 });
  }
  const merged = merge(pieces);
  shadeHem(merged);
  return merged;
}

/** A soft round shadow on the ground. */
export function blobShape(): BufferGeometry {
  const circle = new CircleGeometry(0.46, 14).rotateX(-Math.PI / 2);
  const { count } = circle.getAttribute("position");
  const colour = new Float32Array(count * 4);
  const dark = new Color("#3a342c");
  for (let i = 0; i < count; i += 1) colour.set([dark.r, dark.g, dark.b, i === 0 ? 0.62 : 0], i * 4);
  circle.setAttribute("color", new BufferAttribute(colour, 4));
  return circle;
}

/** Two rings on the ground, 0.55 and 0.78 m. */
export function ringShape(): BufferGeometry {
  const rings = [0.55, 0.78].map((radius) => new RingGeometry(radius - 0.035, radius + 0.035, 48, 1));
  return merge(rings.map((ring) => ({ geometry: ring.rotateX(-Math.PI / 2), colour: "#256ef4", coat: 0 })));
}

/** One geometry of all pieces: `color` from each, `coat` where an instance's own colour shows. */
export function merge(pieces: readonly Piece[]): BufferGeometry {
  const position: number[] = [];
  const normal: number[] = [];
  const colour: number[] = [];
  const coat: number[] = [];
  const index: number[] = [];
  const tint = new Color();
  for (const { geometry, colour: paint, coat: weight } of pieces) {
    const first = position.length / 3;
    const points = geometry.getAttribute("position");
    const normals = geometry.getAttribute("normal");
    tint.set(paint);
    for (let i = 0; i < points.count; i += 1) {
      position.push(points.getX(i), points.getY(i), points.getZ(i));
      normal.push(normals.getX(i), normals.getY(i), normals.getZ(i));
      colour.push(tint.r, tint.g, tint.b);
      coat.push(weight);
    }
    const corners = geometry.index?.count ?? points.count;
    for (let i = 0; i < corners; i += 1) index.push(first + (geometry.index?.getX(i) ?? i));
    geometry.dispose();
  }
  const merged = new BufferGeometry();
  merged.setAttribute("position", new BufferAttribute(new Float32Array(position), 3));
  merged.setAttribute("normal", new BufferAttribute(new Float32Array(normal), 3));
  merged.setAttribute("color", new BufferAttribute(new Float32Array(colour), 3));
  merged.setAttribute("coat", new BufferAttribute(new Float32Array(coat), 1));
  merged.setIndex(index);
  return merged;
}

/** Darken the lowest edge of a coat, which grounds it. */
function shadeHem(geometry: BufferGeometry): void {
  const position = geometry.getAttribute("position");
  const colour = geometry.getAttribute("color");
  for (let i = 0; i < position.count; i += 1) {
    const y = position.getY(i);
    const shade = y < 0.12 ? 0.74 : y < 0.4 ? 0.93 : 1;
    colour.setXYZ(i, colour.getX(i) * shade, colour.getY(i) * shade, colour.getZ(i) * shade);
  }
}
