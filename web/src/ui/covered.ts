/** What lies over the city: labels in the picture keep out from under it, and a slow machine draws less behind it. */

import type { City } from "../city";
import type { ScreenRect } from "../render/api";

const CHECK_EVERY = 400;
const OVER = ".panel, .bar, .footer";
/** What somebody reads and writes in. */
const READ = "[role=dialog], dialog[open]";

function rectangles(): ScreenRect[] {
  const boxes = [...document.querySelectorAll(OVER)].map((element) => element.getBoundingClientRect());
  return boxes
    .filter(({ width, height }) => width > 0 && height > 0)
    .map(({ left, top, right, bottom }) => ({ left, top, right, bottom }));
}

/** Keep the view told. */
export function tellCovered(city: City): void {
  let [last, stood] = ["", ""];
  setInterval(() => {
    const view = city.view.get();
    if (view === null || document.hidden) return;
    const standing = [...city.self.position, city.self.yaw].join();
    view.reading = standing === stood && document.querySelector(READ) !== null;
    stood = standing;
    const covered = rectangles();
    const key = JSON.stringify(covered);
    if (key === last) return;
    last = key;
    view.setCovered(covered);
  }, CHECK_EVERY);
}
