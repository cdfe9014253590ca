/** Line icons of the VR panel, each drawn in a 24 × 24 field. */

import type { HomeAction, ListAction } from "./panel_layout";

export type Icon = HomeAction | ListAction | "muted";

const PATHS: Readonly<Record<Icon, string>> = {
  microphone: "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M5 11a7 7 0 0 0 14 0M12 18v3",
  muted: "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M5 11a7 7 0 0 0 14 0M12 18v3M4 3l16 18",
  wave: "M7 13V6.500a1.500 1.500 0 0 1 3 0V11V4.500a1.500 1.500 0 0 1 3 0V11V5.500a1.500 1.500 0 0 1 3 0V12V8.500a1.500 1.500 0 0 1 3 0V15a6 6 0 0 1-6 6h-1a6 6 0 0 1-5-2.700L4 14a1.600 1.600 0 0 1 2.500-2z",
  places:
    "M12 21s7-6.500 7-11.500a7 7 0 1 0-14 0C5 14.500 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5a2.500 2.500 0 0 0 0 5",
  hall: "M4.5 19.5h15M6.5 19V10.5M17.5 19V10.5M10.2 19v-8.5M13.8 19v-8.5M4.5 10l7.5-5 7.5 5z",
  expo: "M4 9h16M5 9V5h14v4M6 9v10.5M18 9v10.5M6 14h12M4.5 19.5h15",
  wallet:
    "M5.5 7.5h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2V6.8a1.8 1.8 0 0 1 1.5-1.8l9.5-1.5v4M16.2 13.5h.01",
  language: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  close: "M6 6l12 12M18 6L6 18",
  leave: "M10 4H5v16h5M14 8l4 4l-4 4M18 12H9",
  back: "M15 5l-7 7l7 7",
  previous: "M5 15l7-7l7 7",
  next: "M5 9l7 7l7-7",
};

/** Draw an icon with its middle at x, y. */
export function paintIcon(
  context: CanvasRenderingContext2D,
  icon: Icon,
  x: number,
  y: number,
  size: number,
  colour: string,
): void {
  context.save();
  context.translate(x - size / 2, y - size / 2);
  context.scale(size / 24, size / 24);
  context.strokeStyle = colour;
  context.lineWidth = 1.8;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.stroke(new Path2D(PATHS[icon]));
  context.restore();
}
