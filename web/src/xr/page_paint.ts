/** Paints City Hall on the VR panel: what there is, what it says, and the marks of a ballot. */

import { FONT } from "../render/label_paint";
import { PANEL_MARGIN, PANEL_WIDTH, type Target } from "./panel_layout";
import type { PanelContent } from "./panel_paint";
import { fitted, linesOf } from "./panel_text";

const INK = "#1e2124";
const SOFT = "#58616a";
const ACTION = "#256ef4";
const BOX = 46;
const TOP = 136;
const LINE = 46;
/** Lines of words that fit above the rows; the page says the rest. */
const MOST_LINES = 2;

/** What this step says, above its rows. */
export function paintHallWords(context: CanvasRenderingContext2D, { language, actions }: PanelContent): void {
  const { said, lines } = actions.hall.view();
  if (said === null) return;
  context.font = `500 37px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = SOFT;
  const all = linesOf(context, said[language], PANEL_WIDTH - 2 * PANEL_MARGIN);
  // Without rows below there is room for more.
  const shown = lines.length === 0 ? all : all.slice(0, MOST_LINES);
  shown.forEach((words, i) => {
    context.fillText(words, PANEL_MARGIN, TOP + i * LINE);
  });
}

/** A vote or a proposal with its state, or an option with its mark. */
export function paintHallLine(
  context: CanvasRenderingContext2D,
  target: Target,
  id: string,
  { language, actions }: PanelContent,
): void {
  const line = actions.hall.view().lines.find((one) => one.id === id);
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
  context.fillText(fitted(context, line.title[language], room), left, hasDetail ? middle - 20 : middle);
  if (!hasDetail) return;
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
