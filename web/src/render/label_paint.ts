/** Draws one label on a canvas: plates with a mark, station signs, brass names, name tags. */

/** Pretendard GOV where the page ships it; every fallback has Korean. */
export const FONT =
  '"Pretendard GOV", Pretendard, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", sans-serif';

/** Call `arrived` once the font is there. */
export function awaitFont(arrived: () => void): void {
  const sizes = ["500 20px", "700 20px"].map((font) =>
    document.fonts.load(`${font} ${FONT}`, "광주 Gwangju"),
  );
  Promise.all(sizes)
    .then(arrived)
    .catch((error: unknown) => console.warn("the page's font did not load; labels use another", error));
}

export interface LabelSpec {
  readonly first: string;
  readonly second: string;
  readonly style: LabelStyle;
  /** Colour of the round mark before the text; empty for none. */
  readonly mark: string;
  /** Height of the first line's type in device pixels. */
  readonly em: number;
  readonly night: boolean;
}

export type LabelStyle = "plate" | "station" | "brass" | "tag" | "speaker";

interface Paint {
  readonly background: string;
  readonly first: string;
  readonly second: string;
  /** Outline of letters that stand on no background. */
  readonly halo: string;
  /** Corner radius and padding in em. */
  readonly round: number;
  readonly pad: number;
}

const PAPER = "rgba(255,252,246,.95)";
const DARK = "rgba(24,27,33,.90)";

const DAY: Readonly<Record<LabelStyle, Paint>> = {
  plate: { background: PAPER, first: "#1e2124", second: "#58616a", halo: "", round: 0.3, pad: 0.55 },
  station: { background: "#006f64", first: "#ffffff", second: "#d5f2ee", halo: "", round: 0.3, pad: 0.5 },
  brass: {
    background: "",
    first: "#6d4a10",
    second: "#6d4a10",
    halo: "rgba(255,250,240,.92)",
    round: 0,
    pad: 0.25,
  },
  tag: {
    background: "rgba(19,20,22,.86)",
    first: "#ffffff",
    second: "#ffffff",
    halo: "",
    round: 1,
    pad: 0.5,
  },
  speaker: { background: "#0b50d0", first: "#ffffff", second: "#ffffff", halo: "", round: 1, pad: 0.5 },
};

const NIGHT: Readonly<Record<LabelStyle, Paint>> = {
  ...DAY,
  plate: { ...DAY.plate, background: DARK, first: "#fff7e8", second: "#cdd1d5" },
  brass: { ...DAY.brass, first: "#f0c987", second: "#f0c987", halo: "rgba(12,18,30,.80)" },
};

/** Size of the second line against the first. */
const SECOND = 0.68;
/** Type below this many device pixels is a smear. */
const SMALLEST_SECOND = 9;

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly pad: number;
  readonly indent: number;
  readonly secondEm: number;
}

/** Paint a label into the top left corner of a canvas context; returns its size in pixels. */
export function paintLabel(
  context: CanvasRenderingContext2D,
  spec: LabelSpec,
): { width: number; height: number } {
  const paint = (spec.night ? NIGHT : DAY)[spec.style];
  const layout = layOut(context, spec, paint);
  const { width, height, pad, indent } = layout;
  context.clearRect(0, 0, width + 2, height + 2);
  if (paint.background !== "") {
    context.fillStyle = paint.background;
    context.beginPath();
    context.roundRect(0, 0, width, height, Math.min(paint.round * spec.em, height / 2));
    context.fill();
  }
  if (spec.mark !== "") {
    context.fillStyle = spec.mark;
    context.beginPath();
    context.arc(pad + spec.em * 0.26, height / 2, spec.em * 0.26, 0, 2 * Math.PI);
    context.fill();
  }
  context.textBaseline = "alphabetic";
  context.lineJoin = "round";
  const top = pad * (spec.second === "" ? 0.62 : 0.72) + spec.em * 0.9;
  line(context, spec.first, pad + indent, top, `700 ${spec.em}px ${FONT}`, paint.first, paint.halo, spec.em);
  if (spec.second !== "") {
    const font = `500 ${layout.secondEm}px ${FONT}`;
    line(
      context,
      spec.second,
      pad + indent,
      top + layout.secondEm * 1.34,
      font,
      paint.second,
      paint.halo,
      spec.em,
    );
  }
  return { width, height };
}

function layOut(context: CanvasRenderingContext2D, spec: LabelSpec, paint: Paint): Layout {
  const pad = Math.round(paint.pad * spec.em);
  const indent = spec.mark === "" ? 0 : Math.round(spec.em * 0.9);
  const secondEm = Math.min(spec.em - 1, Math.max(SMALLEST_SECOND, Math.round(spec.em * SECOND)));
  context.font = `700 ${spec.em}px ${FONT}`;
  let text = context.measureText(spec.first).width;
  if (spec.second !== "") {
    context.font = `500 ${secondEm}px ${FONT}`;
    text = Math.max(text, context.measureText(spec.second).width);
  }
  const lines = spec.em * 1.14 + (spec.second === "" ? 0 : secondEm * 1.34);
  return {
    width: Math.ceil(text + pad * 2 + indent),
    height: Math.ceil(lines + pad * (spec.second === "" ? 1.24 : 1.3)),
    pad,
    indent,
    secondEm,
  };
}

function line(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  font: string,
  fill: string,
  halo: string,
  em: number,
): void {
  context.font = font;
  if (halo !== "") {
    context.strokeStyle = halo;
    context.lineWidth = em * 0.24;
    context.strokeText(text, x, y);
  }
  context.fillStyle = fill;
  context.fillText(text, x, y);
}
