/** Paints the VR panel on its canvas. */

import type { Language, SpotInfo, VrActions } from "../render/api";
import { FONT } from "../render/label_paint";
import { SPOT_COLOURS } from "../render/places";
import { pagesOf, paintButtonWords, paintLine, paintWords } from "./page_paint";
import { type Icon, paintIcon } from "./panel_icons";
import {
  CHAT_TOP,
  PANEL_HEIGHT,
  PANEL_MARGIN,
  PANEL_WIDTH,
  type PanelAction,
  sameAction,
  type Target,
} from "./panel_layout";
import type { PageTurner } from "./panel_pages";
import { fitted } from "./panel_text";
import { paintChoice, paintPayment, walletTitle } from "./wallet_paint";
import { peopleNear, WORDS } from "./words";

const PAPER = "#fffcf6";
const EDGE = "#e2dacb";
const INK = "#1e2124";
const SOFT = "#58616a";
const ACTION = "#256ef4";
const HOVER = "#e8f0fe";
const LEAVE = "#de3412";

export interface PanelContent {
  readonly language: Language;
  readonly actions: VrActions;
  readonly targets: readonly Target[];
  readonly hovered: Target | null;
  readonly view: "home" | "places" | "wallet" | "hall" | "expo";
  readonly turner: Pick<PageTurner, "words" | "part">;
  readonly spots: ReadonlyMap<string, SpotInfo>;
}

export function paintPanel(context: CanvasRenderingContext2D, content: PanelContent): void {
  context.clearRect(0, 0, PANEL_WIDTH, PANEL_HEIGHT);
  box(context, 2, 2, PANEL_WIDTH - 4, PANEL_HEIGHT - 4, 36, PAPER, EDGE);
  paintHeader(context, content);
  for (const target of content.targets) paintTarget(context, target, content);
  if (content.view === "home") paintChat(context, content);
  else if (content.view === "wallet") paintPayment(context, content);
  else if (pagesOf(content.view, content.actions) !== null) paintWords(context, content.turner.words);
}

function paintHeader(context: CanvasRenderingContext2D, content: PanelContent): void {
  const { language, actions, view } = content;
  const titles = {
    home: actions.placeName,
    places: () => WORDS.places,
    wallet: () => walletTitle(actions.purse),
    hall: () => actions.hall.view().title,
    expo: () => actions.expo.view().title,
  };
  const title = titles[view]()[language];
  const near = peopleNear(actions.peopleNear())[language];
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.font = `500 37px ${FONT}`;
  context.fillStyle = SOFT;
  context.fillText(near, PANEL_WIDTH - PANEL_MARGIN, 64);
  const room = PANEL_WIDTH - 2 * PANEL_MARGIN - context.measureText(near).width - 30;
  context.textAlign = "left";
  context.font = `700 46px ${FONT}`;
  // A long name is written smaller before it is cut.
  if (context.measureText(title).width > room) context.font = `700 38px ${FONT}`;
  context.fillStyle = INK;
  context.fillText(fitted(context, title, room), PANEL_MARGIN, 64);
}

function paintTarget(context: CanvasRenderingContext2D, target: Target, content: PanelContent): void {
  const { action } = target;
  const live = action === "microphone" && content.actions.microphone() === "live";
  const hovered = sameAction(content.hovered?.action, action);
  const strong = live || action === "pay" || action === "act";
  const fill = strong ? ACTION : hovered ? HOVER : "#ffffff";
  box(
    context,
    target.x,
    target.y,
    target.width,
    target.height,
    22,
    fill,
    hovered ? ACTION : EDGE,
    hovered ? 6 : 3,
  );
  if (typeof action === "object") {
    if ("place" in action) paintPlace(context, target, action.place, content);
    else if ("line" in action) paintLine(context, target, action.line, content);
    else paintChoice(context, target, action, content);
    return;
  }
  const colour = strong ? "#ffffff" : action === "leave" ? LEAVE : INK;
  const middle = target.x + target.width / 2;
  const tall = action !== "pay" && action !== "act" && target.height >= 140;
  if (tall) paintIcon(context, iconOf(action, content), middle, target.y + 46, 48, colour);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `700 38px ${FONT}`;
  context.fillStyle = colour;
  const level = target.y + (tall ? 104 : target.height / 2);
  paintButtonWords(context, wordOf(action, content), middle, level, target.width - 24);
}

function paintPlace(
  context: CanvasRenderingContext2D,
  target: Target,
  id: string,
  { language, spots }: PanelContent,
): void {
  const spot = spots.get(id);
  if (spot === undefined) return;
  context.fillStyle = SPOT_COLOURS[spot.category] ?? SOFT;
  context.beginPath();
  context.arc(target.x + 52, target.y + target.height / 2, 20, 0, 2 * Math.PI);
  context.fill();
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.font = `700 40px ${FONT}`;
  context.fillStyle = INK;
  context.fillText(
    fitted(context, spot.name[language], target.width - 130),
    target.x + 96,
    target.y + target.height / 2,
  );
}

function paintChat(context: CanvasRenderingContext2D, { language, actions }: PanelContent): void {
  const lines = actions.lastChat().slice(-2);
  context.textAlign = "left";
  context.textBaseline = "middle";
  const width = PANEL_WIDTH - 2 * PANEL_MARGIN;
  if (lines.length === 0) {
    context.font = `500 37px ${FONT}`;
    context.fillStyle = SOFT;
    context.fillText(WORDS.noChat[language], PANEL_MARGIN, CHAT_TOP + 40);
    return;
  }
  lines.forEach(({ name, text }, i) => {
    const y = CHAT_TOP + 40 + i * 66;
    context.font = `700 37px ${FONT}`;
    context.fillStyle = INK;
    const who = fitted(context, name, width / 3);
    context.fillText(who, PANEL_MARGIN, y);
    const indent = context.measureText(who).width + 18;
    context.font = `500 37px ${FONT}`;
    context.fillStyle = SOFT;
    context.fillText(fitted(context, text, width - indent), PANEL_MARGIN + indent, y);
  });
}

function wordOf(action: Exclude<PanelAction, object>, content: PanelContent): string {
  const { language, actions, turner, view } = content;
  const pages = pagesOf(view, actions);
  if (action === "act") return pages?.view().act?.[language] ?? "";
  if (action === "next" && pages !== null)
    return `${WORDS.next[language]} ${turner.part.at}/${turner.part.of}`;
  if (action !== "microphone") return WORDS[action][language];
  const state = actions.microphone();
  return WORDS[state === "live" ? "speaking" : state === "muted" ? "muted" : "noMicrophone"][language];
}

function iconOf(action: Exclude<PanelAction, object | "pay" | "act">, { actions }: PanelContent): Icon {
  if (action === "microphone") return actions.microphone() === "live" ? "microphone" : "muted";
  return action;
}

function box(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
  fill: string,
  edge: string,
  line = 3,
): void {
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = edge;
  context.lineWidth = line;
  context.stroke();
}
