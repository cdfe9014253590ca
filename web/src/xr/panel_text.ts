/** Text on the VR panel: as much as fits. */

/** Text that fits a width, shortened with an ellipsis where it must be. */
export function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let short = text;
  while (short.length > 1 && context.measureText(`${short}…`).width > width) short = short.slice(0, -1);
  return `${short}…`;
}

/** Break a text at its spaces into lines that fit a width; a word that is longer than a line is broken itself. */
export function linesOf(
  context: Pick<CanvasRenderingContext2D, "measureText">,
  text: string,
  width: number,
): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").flatMap((one) => piecesOf(context, one, width))) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last === undefined || context.measureText(longer).width > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function piecesOf(
  context: Pick<CanvasRenderingContext2D, "measureText">,
  word: string,
  width: number,
): string[] {
  const pieces = [""];
  for (const letter of word) {
    const longer = `${pieces.at(-1)}${letter}`;
    if (pieces.at(-1) !== "" && context.measureText(longer).width > width) pieces.push(letter);
    else pieces[pieces.length - 1] = longer;
  }
  return pieces;
}
