/** A hall as a plan: every slot a button that says what is in it, and a dot where I stand. */

import { chosen, text } from "../../i18n";
import { el } from "../../ui/dom";
import type { Stop } from "../../value";
import { type ExpoDesk, stateWords } from "./desk";
import { type Booth, type Hall, ownerOf, type Slot, titleOf } from "./expo";
import { planOf } from "./place";

const LOOK_EVERY = 500;

export interface HallPlan {
  readonly element: HTMLElement;
  readonly stop: Stop;
}

/** @param open Called with the id of a slot that was pressed. */
export function hallPlan(desk: ExpoDesk, hall: Hall, open: (id: string) => void): HallPlan {
  const plan = planOf(hall);
  const floor = el("div", { class: "hall-floor", attributes: { role: "group" } });
  floor.setAttribute("aria-label", text("expo.plan", { hall: chosen(hall.name) }));
  floor.style.aspectRatio = String(plan.shape);
  const slots = new Map<string, HTMLButtonElement>();
  for (const slot of hall.slots) {
    const one = el("button", { attributes: { type: "button" }, onclick: () => open(slot.id) });
    lay(one, slot, plan);
    slots.set(slot.id, one);
    floor.append(one);
  }
  const me = el("span", { class: "hall-me", attributes: { "aria-hidden": "true" } });
  const door = el("span", { class: "hall-door", text: "expo.way_in", attributes: { "aria-hidden": "true" } });
  const [doorX] = plan.place([hall.arrival.position[0], hall.arrival.position[2]]);
  door.style.left = `${doorX * 100}%`;
  floor.append(me, door);
  const show = () => {
    for (const slot of hall.slots) say(slots.get(slot.id), desk.expo.booth(slot.id), desk);
  };
  const stand = () => {
    const [x, , z] = desk.city.self.position;
    const [left, top] = plan.place([x, z]);
    me.hidden = !desk.city.inside.get() || left < -0.05 || left > 1.05 || top < -0.05 || top > 1.1;
    me.style.left = `${left * 100}%`;
    me.style.top = `${top * 100}%`;
  };
  stand();
  const looking = setInterval(stand, LOOK_EVERY);
  const stops = [desk.expo.booths.follow(show), desk.expo.live.watch(show)];
  return {
    element: floor,
    stop: () => {
      clearInterval(looking);
      for (const stop of stops) stop();
    },
  };
}

/** Put a slot where it lies; its corners stand along the plan's edges. */
function lay(one: HTMLElement, slot: Slot, plan: ReturnType<typeof planOf>): void {
  const corners = slot.corners.map(([x = 0, z = 0]) => plan.place([x, z]));
  const [lefts, tops] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [left, top] = [Math.min(...lefts), Math.min(...tops)];
  one.style.left = `${left * 100}%`;
  one.style.top = `${top * 100}%`;
  one.style.width = `${(Math.max(...lefts) - left) * 100}%`;
  one.style.height = `${(Math.max(...tops) - top) * 100}%`;
  const [x, , z] = slot.position as unknown as readonly [number, number, number];
  const [middle] = plan.place([x, z]);
  const [front] = plan.place([x - Math.sin(slot.yaw), z - Math.cos(slot.yaw)]);
  one.dataset.opens = front > middle ? "right" : "left";
}

function say(one: HTMLButtonElement | undefined, booth: Booth | undefined, { expo }: ExpoDesk): void {
  if (one === undefined || booth === undefined) return;
  const live = expo.live.get().has(booth.id);
  const title = titleOf(booth) ?? ownerOf(booth);
  one.className = `slot ${booth.state}${booth.mine ? " mine" : ""}`;
  one.replaceChildren(
    el("b", {}, booth.number),
    live ? el("i", { class: "live-dot" }) : "",
    " ",
    booth.state === "free" || title === null ? "" : el("small", {}, chosen(title)),
  );
  const said = [
    // What is seen comes first: whoever says it to their machine means this button.
    `${booth.number} ${title === null ? "" : chosen(title)}`.trim(),
    stateWords(booth.state),
    booth.mine ? text("expo.mine") : "",
    live ? text("expo.live") : "",
  ];
  one.setAttribute("aria-label", said.filter(Boolean).join(", "));
}
