/** Paints pages of City Hall and of the expo on the VR panel: words, what can be chosen, the marks of a ballot. */

import type { VrActions, VrPages } from "../render/api";
import { FONT } from "../render/label_paint";
import { PANEL_MARGIN, PANEL_WIDTH, type Target, WORDS_LINE, WORDS_TOP } from "./panel_layout";
import type { Words } from "./panel_pages";
import type { PanelContent } from "./panel_paint";
import { fitted, linesOf } from "./panel_text";

const INK = "#1e2124";
const SOFT = "#58616a";
const ACTION = "#256ef4";
const BOX = 46;
const LINE = 42;

/** The pages that the panel shows; null while it shows something of its own. */
export function pagesOf(view: PanelContent["view"], actions: VrActions): VrPages | null {
  if (view === "hall") return actions.hall;
  return view === "expo" ? actions.expo : null;
}

function wordsFont(isLead: boolean): string {
  return isLead ? `700 40px ${FONT}` : `500 37px ${FONT}`;
}

/** Break words into lines that fit the panel. */
export function brokenWords(context: CanvasRenderingContext2D, text: string, isLead: boolean): string[] {
  context.font = wordsFont(isLead);
  return linesOf(context, text, PANEL_WIDTH - 2 * PANEL_MARGIN);
}

/** What this page says, above its rows. */
export function paintWords(context: CanvasRenderingContext2D, words: readonly Words[]): void {
  context.textAlign = "left";
  context.textBaseline = "middle";
  words.forEach(({ text, isLead }, i) => {
    context.font = wordsFont(isLead);
    context.fillStyle = isLead ? INK : SOFT;
    context.fillText(text, PANEL_MARGIN, WORDS_TOP + (i + 0.5) * WORDS_LINE);
  });
}

/** Words on a button: on two lines where one is too short. */
export function paintButtonWords(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  width: number,
): void {
  const [first = "", ...rest] = linesOf(context, text, width);
  if (rest.length === 0) {
    context.fillText(first, x, y);
    return;
  }
  context.fillText(fitted(context, first, width), x, y - LINE / 2);
  context.fillText(fitted(context, rest.join(" "), width), x, y + LINE / 2);
}

/** Something to choose with its state, or an option with its mark. */
export function paintLine(
  context: CanvasRenderingContext2D,
  target: Target,
  id: string,
  content: PanelContent,
): void {
  const { language, view, actions } = content;
  const line = pagesOf(view, actions)
    ?.view()
    .lines.find((one) => one.id === id);
  if (line === undefined) return;
  const middle = target.y + target.height / 2;
  const isOption = line.on !== null;
  const left = target.x + (isOption ? 104 : 36);
  if (isOption) paintMark(context, target.x + 34, middle, line.on === true);
  const room = target.width - (left - target.x) - 30;
  const hasDetail = line.detail[language] !== "";
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.font = `700 40px ${FONT}`;
  context.fillStyle = INK;
  if (!hasDetail) {
    paintButtonWords(context, line.title[language], left, middle, room);
    return;
  }
  context.fillText(fitted(context, line.title[language], room), left, middle - 20);
  context.font = `500 37px ${FONT}`;
  context.fillStyle = SOFT;
  context.fillText(fitted(context, line.detail[language], room), left, middle + 28);
}

function paintMark(context: CanvasRenderingContext2D, x: number, middle: number, on: boolean): void {
  context.beginPath();
  context.roundRect(x, middle - BOX / 2, BOX, BOX, 10);
  context.fillStyle = on ? ACTION : "#ffffff";
  context.fill();
  context.lineWidth = 4;
  context.strokeStyle = on ? ACTION : SOFT;
  context.stroke();
  if (!on) return;
  context.beginPath();
  context.moveTo(x + 11, middle + 1);
  context.lineTo(x + 20, middle + 11);
  context.lineTo(x + 36, middle - 11);
  context.lineWidth = 6;
  context.strokeStyle = "#ffffff";
  context.stroke();
}
