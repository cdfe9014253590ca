/** The shapes of pins: a paper flag for proposals, a paper lozenge for reports, a notice board for votes. */

import { BoxGeometry, type BufferGeometry, CylinderGeometry, IcosahedronGeometry } from "three";
import type { PinKind } from "./api";
import { merge, type Piece } from "./avatar_shape";

const BRASS = "#9a7433";
const PAPER = "#fffaf0";
const EDGE = "#e2d8c9";
const INK = "#4a453e";
const ROOF = "#c3d3c2";

/** Height of each kind above its foot, metres. */
export const PIN_HEIGHT: Readonly<Record<PinKind, number>> = { proposal: 2.2, report: 2.0, vote: 2.3 };

/** A pin with its foot at the origin; its front is +Z. Where `coat` is 1, the colour of its state shows. */
export function pinShape(kind: PinKind): BufferGeometry {
  return merge(PIECES[kind]());
}

const PIECES: Readonly<Record<PinKind, () => Piece[]>> = {
  proposal: flagPieces,
  report: lozengePieces,
  vote: boardPieces,
};

/** A brass pole on a brass foot, with a ball on top. */
function polePieces(height: number): Piece[] {
  return [
    plain(new CylinderGeometry(0.035, 0.035, height, 6).translate(0, height / 2, 0), BRASS),
    plain(new CylinderGeometry(0.2, 0.24, 0.06, 12).translate(0, 0.03, 0), BRASS),
    plain(new IcosahedronGeometry(0.085, 1).translate(0, height, 0), BRASS),
  ];
}

function flagPieces(): Piece[] {
  const lines = [0.16, 0.02, -0.12].map((y, i) =>
    plain(box(i === 2 ? 0.3 : 0.46, 0.045, 0.03, i === 2 ? 0.36 : 0.44, 1.82 + y), INK),
  );
  return [
    ...polePieces(2.1),
    plain(box(0.8, 0.56, 0.02, 0.44, 1.82), PAPER),
    tinted(box(0.12, 0.56, 0.034, 0.09, 1.82)),
    ...lines,
  ];
}

function lozengePieces(): Piece[] {
  const turned = (side: number, depth: number) =>
    new BoxGeometry(side, side, depth).rotateZ(Math.PI / 4).translate(0, 1.56, 0);
  return [
    ...polePieces(1.2),
    tinted(turned(0.62, 0.03)),
    plain(turned(0.48, 0.05), PAPER),
    plain(box(0.075, 0.28, 0.07, 0, 1.62), INK),
    plain(box(0.075, 0.075, 0.07, 0, 1.39), INK),
  ];
}

function boardPieces(): Piece[] {
  const legs = [-0.8, 0.8].map((x) =>
    plain(new CylinderGeometry(0.05, 0.05, 2.05, 6).translate(x, 1.02, 0), BRASS),
  );
  const rows = [0.24, -0.02, -0.28].flatMap((y) => [
    tinted(box(0.17, 0.17, 0.06, -0.5, 1.42 + y)),
    plain(box(0.72, 0.06, 0.06, 0.12, 1.42 + y), INK),
  ]);
  return [
    ...legs,
    plain(box(1.6, 1.0, 0.04, 0, 1.42), PAPER),
    plain(box(1.72, 0.06, 0.06, 0, 0.89), EDGE),
    plain(box(1.96, 0.1, 0.36, 0, 2.1), ROOF),
    plain(box(1.7, 0.1, 0.2, 0, 2.2), ROOF),
    ...rows,
  ];
}

function box(width: number, height: number, depth: number, x: number, y: number): BoxGeometry {
  return new BoxGeometry(width, height, depth).translate(x, y, 0);
}

function plain(geometry: BufferGeometry, colour: string): Piece {
  return { geometry, colour, coat: 0 };
}

function tinted(geometry: BufferGeometry): Piece {
  return { geometry, colour: "#ffffff", coat: 1 };
}
