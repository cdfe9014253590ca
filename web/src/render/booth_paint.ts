/** Draws what a booth's plate and its dark screen say. */

import type { Bilingual, CityBooth, Language } from "./api";
import { FONT } from "./label_paint";

/** Pixels of one booth's part of the texture: the plate above, the screen below it, as their boards are shaped. */
export const CARD = { width: 640, plate: 96, screen: 360 } as const;
export const CARD_HEIGHT = CARD.plate + CARD.screen;

type Painter = CanvasRenderingContext2D;

const PAPER = "#fffcf6";
const INK = "#1e2124";
const SOFT = "#58616a";
const BRASS = "#9a7433";
const DARK = "#181b21";
const LIGHT = "#fff7e8";
const DIM = "#c2bcb0";
const GLEAM = "#d6a252";

/** What stands in an empty slot, and in one that is being set up. */
const FREE: Bilingual = { ko: "빈 칸", en: "Free slot" };
const SOON: Bilingual = { ko: "준비하고 있어요", en: "Opening soon" };

/**
 * Break words into lines that are no wider than `width`; what does not fit into `most` lines ends in an ellipsis.
 *
 * Lines break between words; a word wider than a line breaks wherever it must.
 */
export function linesOf(
  words: string,
  width: number,
  most: number,
  measure: (text: string) => number,
): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(/\s+/).filter(Boolean)) {
    let rest = word;
    const joined = line === "" ? rest : `${line} ${rest}`;
    if (measure(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    while (measure(rest) > width && [...rest].length > 1) {
      const letters = [...rest];
      let count = letters.length - 1;
      while (count > 1 && measure(letters.slice(0, count).join("")) > width) count -= 1;
      lines.push(letters.slice(0, count).join(""));
      rest = letters.slice(count).join("");
    }
    line = rest;
  }
  if (line !== "") lines.push(line);
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most);
  const last = [...(kept[most - 1] ?? "")];
  while (last.length > 1 && measure(`${last.join("")}…`) > width) last.pop();
  kept[most - 1] = `${last.join("")}…`;
  return kept;
}

/** Write lines below one another; returns the height that they took. */
function write(
  on: Painter,
  words: string,
  [x, y, width]: readonly [number, number, number],
  look: { readonly size: number; readonly weight: number; readonly colour: string; readonly most: number },
): number {
  on.font = `${look.weight} ${look.size}px ${FONT}`;
  on.fillStyle = look.colour;
  on.textBaseline = "top";
  on.textAlign = "left";
  const step = Math.round(look.size * 1.28);
  const lines = linesOf(words, width, look.most, (text) => on.measureText(text).width);
  lines.forEach((line, index) => {
    on.fillText(line, x, y + index * step);
  });
  return lines.length * step;
}

/** Paint a booth's plate and card at the painter's origin. */
export function paintBooth(on: Painter, booth: CityBooth, language: Language): void {
  on.save();
  on.beginPath();
  on.rect(0, 0, CARD.width, CARD_HEIGHT);
  on.clip();
  plate(on, booth, language);
  on.translate(0, CARD.plate);
  if (booth.state === "free") freeCard(on, booth, language);
  else titleCard(on, booth, language);
  on.restore();
}

function plate(on: Painter, { number, state, title, organisation }: CityBooth, language: Language): void {
  on.fillStyle = PAPER;
  on.fillRect(0, 0, CARD.width, CARD.plate);
  on.fillStyle = BRASS;
  on.fillRect(0, CARD.plate - 5, CARD.width, 5);
  on.font = `700 46px ${FONT}`;
  on.textBaseline = "middle";
  on.textAlign = "left";
  on.fillText(number, 22, CARD.plate / 2);
  const from = 22 + on.measureText(number).width + 22;
  const room = CARD.width - from - 18;
  const name = state === "free" ? FREE : (title ?? organisation ?? SOON);
  let size = 42;
  const weight = state === "free" ? 400 : 700;
  const words = state === "free" ? `${FREE.ko} · ${FREE.en}` : name[language];
  const measure = (text: string) => {
    on.font = `${weight} ${size}px ${FONT}`;
    return on.measureText(text).width;
  };
  while (size > 28 && measure(words) > room) size -= 2;
  on.fillStyle = state === "free" ? SOFT : INK;
  on.fillText(linesOf(words, room, 1, measure)[0] ?? "", from, CARD.plate / 2);
}

function ground(on: Painter): void {
  on.fillStyle = DARK;
  on.fillRect(0, 0, CARD.width, CARD.screen);
}

function freeCard(on: Painter, { number }: CityBooth, language: Language): void {
  ground(on);
  on.textAlign = "center";
  on.textBaseline = "middle";
  on.fillStyle = GLEAM;
  on.font = `700 132px ${FONT}`;
  on.fillText(number, CARD.width / 2, 138);
  on.fillStyle = LIGHT;
  on.font = `500 44px ${FONT}`;
  on.fillText(FREE[language], CARD.width / 2, 242);
  on.fillStyle = DIM;
  on.font = `400 34px ${FONT}`;
  on.fillText(FREE[language === "ko" ? "en" : "ko"], CARD.width / 2, 296);
}

function titleCard(on: Painter, { title, organisation, summary }: CityBooth, language: Language): void {
  ground(on);
  const left = 40;
  const width = CARD.width - 2 * left;
  let y = 34;
  on.fillStyle = GLEAM;
  on.fillRect(left, y, 64, 6);
  y += 26;
  const whose = organisation?.[language] ?? "";
  const heading = title?.[language] ?? whose;
  if (title !== null) {
    y += write(on, whose, [left, y, width], { size: 30, weight: 500, colour: GLEAM, most: 1 }) + 8;
  }
  y += write(on, heading, [left, y, width], { size: 54, weight: 700, colour: LIGHT, most: 2 }) + 14;
  const detail = title === null ? SOON[language] : (summary?.[language] ?? "");
  const most = Math.max(1, Math.floor((CARD.screen - 24 - y) / 41));
  write(on, detail, [left, y, width], { size: 32, weight: 400, colour: DIM, most });
}
