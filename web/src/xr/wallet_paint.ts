/** Paints the VR panel's wallet: what is there, whom to pay, how much, and what came of it. */

import type { Bilingual, VrPurse } from "../render/api";
import { FONT } from "../render/label_paint";
import { type Choice, PANEL_MARGIN, PANEL_WIDTH, type Target } from "./panel_layout";
import type { PanelContent } from "./panel_paint";
import { fitted, linesOf } from "./panel_text";
import { WORDS } from "./words";

const INK = "#1e2124";
const SOFT = "#58616a";
const LINE = 52;
const TOP = 150;

/** `지갑 · 9,000빛`; while somebody is paid, their name. */
export function walletTitle(purse: VrPurse): Bilingual {
  const { step, name } = purse.payment();
  const balance = purse.balance();
  if (step !== "none") return { ko: `${name}님에게 보내기`, en: `Pay ${name}` };
  if (balance === null) return WORDS.wallet;
  const money = purse.money(balance);
  return { ko: `${WORDS.wallet.ko} · ${money.ko}`, en: `${WORDS.wallet.en} · ${money.en}` };
}

/** A person to pay, or an amount. */
export function paintChoice(
  context: CanvasRenderingContext2D,
  target: Target,
  choice: Exclude<Choice, { readonly place: string } | { readonly line: string }>,
  { language, actions: { purse } }: PanelContent,
): void {
  const middle = target.y + target.height / 2;
  context.textBaseline = "middle";
  context.fillStyle = INK;
  context.font = `700 42px ${FONT}`;
  if ("amount" in choice) {
    context.textAlign = "center";
    context.fillText(purse.money(choice.amount)[language], target.x + target.width / 2, middle);
    return;
  }
  const person = purse.people().find(({ id }) => id === choice.person);
  if (person === undefined) return;
  context.textAlign = "left";
  context.fillText(fitted(context, person.name, target.width - 240), target.x + 36, middle);
  context.textAlign = "right";
  context.font = `500 37px ${FONT}`;
  context.fillStyle = SOFT;
  context.fillText(`${Math.round(person.away)} m`, target.x + target.width - 36, middle);
}

/** The words of this step, above its buttons. */
export function paintPayment(context: CanvasRenderingContext2D, content: PanelContent): void {
  const { language, targets, actions } = content;
  const { purse } = actions;
  const { step, amount, said } = purse.payment();
  if (step === "none") {
    const isCitizen = purse.balance() !== null;
    const isEmpty = !targets.some(({ action }) => typeof action === "object");
    if (!isCitizen) paintWords(context, [WORDS.visitor[language]]);
    else if (isEmpty) paintWords(context, [WORDS.nobody[language]]);
    return;
  }
  const words: string[] = [];
  if (amount > 0) words.push(purse.money(amount)[language]);
  words.push(WORDS[step][language]);
  if (said !== null) words.push(said[language]);
  paintWords(context, words);
}

/** The first line large, the others below it. */
export function paintWords(context: CanvasRenderingContext2D, words: readonly string[]): void {
  const width = PANEL_WIDTH - 2 * PANEL_MARGIN;
  let y = TOP;
  context.textAlign = "left";
  context.textBaseline = "middle";
  words.forEach((text, i) => {
    context.font = i === 0 ? `700 46px ${FONT}` : `500 37px ${FONT}`;
    context.fillStyle = i === 0 ? INK : SOFT;
    for (const line of linesOf(context, text, width)) {
      context.fillText(line, PANEL_MARGIN, y);
      y += LINE;
    }
  });
}
