/** Where the sun stands over Gwangju, and what its clocks say. */

import { sunAt } from "./render/sun";

const DAY = 86_400_000;

/** The night theme begins when the sun is this high, radians: a degree below the horizon. */
const NIGHT_BELOW = -Math.PI / 180;

export function isNight(moment: Date): boolean {
  return sunAt(moment).altitude < NIGHT_BELOW;
}

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Seoul",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** `15:50`, the time in Gwangju. */
export function gwangjuClock(moment: Date): string {
  return CLOCK.format(moment);
}

/** Korea keeps UTC+9 the year round. */
const KST = 9 * 3_600_000;

/** The moment of `minutes` after midnight in Gwangju on the day of `day`. */
export function atGwangjuMinutes(day: Date, minutes: number): Date {
  const midnight = Math.floor((day.getTime() + KST) / DAY) * DAY - KST;
  return new Date(midnight + minutes * 60_000);
}

/** Minutes since midnight in Gwangju. */
export function gwangjuMinutes(moment: Date): number {
  return Math.floor(((moment.getTime() + KST) % DAY) / 60_000);
}
