/** Painting the map: dong and their names, brass boundaries, places, people, me. */

import { chosen } from "../i18n";
import type { CityPin, SpotInfo, Vec3 } from "../render/api";
import { SPOT_COLOURS } from "../render/places";
import { type Districts, overlaps, type Point, type Ring } from "../world/districts";
import { type Projection, toPixel, visibleBox } from "./projection";

export interface MapScene {
  readonly districts: Districts | null;
  readonly spots: readonly SpotInfo[];
  /** Proposals, reports and votes that stand in the city. */
  readonly pins: readonly CityPin[];
  readonly people: readonly { readonly position: Vec3; readonly speaking: boolean }[];
  readonly me: { readonly position: Vec3; readonly yaw: number } | null;
  /** The dong I stand in. */
  readonly dongId: string | null;
  /** A point somebody holds, and the spot under the pointer. */
  readonly picked: Point | null;
  readonly hovered: string | null;
  readonly night: boolean;
  readonly big: boolean;
}

interface Palette {
  readonly land: string;
  readonly away: string;
  readonly mine: string;
  readonly brass: string;
  readonly gu: string;
  readonly ink: string;
  readonly halo: string;
}

const DAY: Palette = {
  land: "#f4eee3",
  away: "#e2dacb",
  mine: "rgb(37 110 244 / .13)",
  brass: "rgb(154 116 51 / .62)",
  gu: "#9a7433",
  ink: "#6d5324",
  halo: "rgb(255 252 246 / .92)",
};
const NIGHT: Palette = {
  land: "#2a2a2c",
  away: "#1d1e22",
  mine: "rgb(111 159 255 / .20)",
  brass: "rgb(214 162 82 / .55)",
  gu: "#d6a252",
  ink: "#e6c48d",
  halo: "rgb(24 27 33 / .92)",
};
const FONT = '"Pretendard GOV", system-ui, sans-serif';
const BLUE = "#256ef4";

type Ink = CanvasRenderingContext2D;

function trace(ink: Ink, map: Projection, rings: readonly Ring[]): void {
  ink.beginPath();
  for (const ring of rings) {
    ring.forEach((point, index) => {
      const [x, y] = toPixel(map, point);
      if (index === 0) ink.moveTo(x, y);
      else ink.lineTo(x, y);
    });
    ink.closePath();
  }
}

function paintLand(ink: Ink, map: Projection, scene: MapScene, palette: Palette): void {
  ink.fillStyle = palette.away;
  ink.fillRect(0, 0, map.width, map.height);
  if (scene.districts === null) return;
  const seen = visibleBox(map);
  ink.lineJoin = "round";
  for (const dong of scene.districts.dong) {
    const box = scene.districts.boxes.get(dong.id);
    if (box === undefined || !overlaps(box, seen)) continue;
    trace(ink, map, dong.rings);
    ink.fillStyle = palette.land;
    ink.fill("evenodd");
    if (dong.id === scene.dongId) {
      ink.fillStyle = palette.mine;
      ink.fill("evenodd");
    }
    ink.strokeStyle = palette.brass;
    ink.lineWidth = 1;
    ink.stroke();
  }
  for (const gu of scene.districts.gu) {
    trace(ink, map, gu.rings);
    ink.strokeStyle = palette.gu;
    ink.lineWidth = 2;
    ink.stroke();
  }
}

/** Text with a halo, left out where it would lie on another; returns whether it was written. */
class Lettering {
  private readonly taken: { left: number; right: number; top: number; bottom: number }[] = [];

  constructor(
    private readonly ink: Ink,
    private readonly map: Projection,
    private readonly palette: Palette,
  ) {}

  write(
    words: string,
    [x, y]: Point,
    size: number,
    weight: number,
    align: "center" | "left" = "center",
  ): void {
    const { ink, map } = this;
    ink.font = `${weight} ${size}px ${FONT}`;
    const width = ink.measureText(words).width + 6;
    const left = align === "center" ? x - width / 2 : x;
    const box = { left, right: left + width, top: y - size * 0.7, bottom: y + size * 0.7 };
    const cut = box.left < 2 || box.right > map.width - 2 || box.top < 2 || box.bottom > map.height - 2;
    if (cut || this.taken.some((other) => overlaps(other, box))) return;
    this.taken.push(box);
    ink.textAlign = align;
    ink.textBaseline = "middle";
    ink.lineWidth = 3.5;
    ink.strokeStyle = this.palette.halo;
    ink.strokeText(words, x, y);
    ink.fillStyle = this.palette.ink;
    ink.fillText(words, x, y);
  }
}

function paintNames(map: Projection, scene: MapScene, letters: Lettering): void {
  if (scene.districts === null) return;
  const far = map.metresPerPixel > 28;
  const size = scene.big ? 13 : 11;
  if (far) {
    for (const gu of scene.districts.gu) {
      const own = scene.districts.dong.filter((dong) => dong.gu === gu.id);
      const middle = own.reduce((sum, dong) => [sum[0] + dong.label[0], sum[1] + dong.label[1]], [0, 0]);
      const centre: Point = [middle[0] / own.length, middle[1] / own.length];
      letters.write(chosen(gu.name), toPixel(map, centre), size + 3, 700);
    }
  }
  for (const dong of scene.districts.dong) {
    letters.write(chosen(dong.name), toPixel(map, dong.label), far ? size - 2 : size, 500);
  }
}

function dot(ink: Ink, [x, y]: Point, radius: number, colour: string, edge = 2): void {
  ink.beginPath();
  ink.arc(x, y, radius, 0, 2 * Math.PI);
  ink.fillStyle = colour;
  ink.fill();
  if (edge === 0) return;
  ink.lineWidth = edge;
  ink.strokeStyle = "#fff";
  ink.stroke();
}

function paintSpots(ink: Ink, map: Projection, scene: MapScene, letters: Lettering): void {
  for (const spot of scene.spots) {
    const at = toPixel(map, [spot.position[0], spot.position[2]]);
    const colour = SPOT_COLOURS[spot.category] ?? BLUE;
    const radius = spot.accuracy_m / map.metresPerPixel;
    if (radius > 8) {
      ink.beginPath();
      ink.arc(...(at as [number, number]), radius, 0, 2 * Math.PI);
      ink.setLineDash([3, 3]);
      ink.lineWidth = 1;
      ink.strokeStyle = scene.night ? "#d6a252" : "#9a7433";
      ink.stroke();
      ink.setLineDash([]);
    }
    const hovered = scene.hovered === spot.id;
    dot(ink, at, (spot.kind === "station" ? 4 : 5.5) + (hovered ? 2.5 : 0), colour);
    const named = scene.big && (hovered || map.metresPerPixel < (spot.kind === "station" ? 14 : 26));
    if (named) letters.write(chosen(spot.name), [at[0] + 9, at[1]], 12.5, 700, "left");
  }
}

/** Each kind by its own shape, as it stands in the city: a flag, a lozenge, a board. */
const PIN_SHAPES: Readonly<Record<CityPin["kind"], readonly Point[]>> = {
  proposal: [
    [-1, 7],
    [-1, -7],
    [8, -4],
    [1, -1],
    [1, 7],
  ],
  report: [
    [0, -6],
    [6, 0],
    [0, 6],
    [-6, 0],
  ],
  vote: [
    [-6, -5],
    [6, -5],
    [6, 5],
    [-6, 5],
  ],
};
const PIN_COLOURS: Readonly<Record<CityPin["kind"], string>> = {
  proposal: "#2f63ae",
  report: "#b5452f",
  vote: "#2f8068",
};

function paintPins(ink: Ink, map: Projection, scene: MapScene): void {
  const size = scene.big ? 1 : 0.75;
  for (const { kind, x, z } of scene.pins) {
    const [left, top] = toPixel(map, [x, z]);
    if (left < -9 || top < -9 || left > map.width + 9 || top > map.height + 9) continue;
    ink.beginPath();
    for (const [dx, dy] of PIN_SHAPES[kind]) ink.lineTo(left + dx * size, top + dy * size);
    ink.closePath();
    ink.lineWidth = 2;
    ink.strokeStyle = "#fff";
    ink.stroke();
    ink.fillStyle = PIN_COLOURS[kind];
    ink.fill();
  }
}

function paintPeople(ink: Ink, map: Projection, scene: MapScene): void {
  for (const { position, speaking } of scene.people) {
    const at = toPixel(map, [position[0], position[2]]);
    dot(
      ink,
      at,
      speaking ? 3.5 : 2.6,
      speaking ? BLUE : scene.night ? "#fff7e8" : "#1e2124",
      speaking ? 1.5 : 0,
    );
  }
  if (scene.me === null) return;
  const [x, y] = toPixel(map, [scene.me.position[0], scene.me.position[2]]);
  // Yaw 0 looks north, which is up here; positive turns left.
  const ahead = -Math.PI / 2 - scene.me.yaw;
  ink.beginPath();
  ink.moveTo(x, y);
  ink.arc(x, y, scene.big ? 44 : 34, ahead - 0.55, ahead + 0.55);
  ink.closePath();
  ink.fillStyle = "rgb(37 110 244 / .24)";
  ink.fill();
  dot(ink, [x, y], 6, BLUE, 2.5);
}

export function paintMap(ink: Ink, map: Projection, scene: MapScene): void {
  const palette = scene.night ? NIGHT : DAY;
  paintLand(ink, map, scene, palette);
  const letters = new Lettering(ink, map, palette);
  paintSpots(ink, map, scene, letters);
  paintNames(map, scene, letters);
  paintPins(ink, map, scene);
  paintPeople(ink, map, scene);
  if (scene.picked !== null) {
    const [x, y] = toPixel(map, scene.picked);
    ink.beginPath();
    ink.arc(x, y, 9, 0, 2 * Math.PI);
    ink.lineWidth = 3;
    ink.strokeStyle = BLUE;
    ink.stroke();
  }
}

/** Fit a canvas to its size in the page at the screen's resolution; returns its context scaled to CSS pixels. */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): Ink | null {
  const ratio = Math.min(devicePixelRatio, 2);
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  const ink = canvas.getContext("2d");
  ink?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ink;
}
