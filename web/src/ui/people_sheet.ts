/** The sheet of people: who is near, who else is in the city, and a link to bring more. */

import type { City } from "../city";
import { chosen, distance, text } from "../i18n";
import type { PersonState } from "../render/api";
import { groundDistance } from "../world/body";
import type { Person } from "../world/people";
import { COATS } from "./coat";
import { button, el } from "./dom";
import { icon } from "./icons";
import type { SheetContent } from "./sheet";

const REFRESH = 1000;

function row(
  person: Pick<Person, "name" | "colour">,
  detail: string,
  live: boolean,
  speaking: boolean,
): HTMLElement {
  const coat = el("span", { class: "coat", attributes: { "aria-hidden": "true" } });
  coat.style.background = COATS[person.colour] ?? COATS[0];
  const sign = el(
    "span",
    { class: speaking ? "ear speaking" : "ear", attributes: { role: "img" } },
    icon(live ? "microphone" : "microphoneOff"),
  );
  sign.setAttribute("aria-label", text(speaking ? "people.speaking" : live ? "people.live" : "people.mute"));
  return el("li", {}, coat, el("div", {}, el("b", {}, person.name), el("small", {}, detail)), sign);
}

function kindOf({ kind }: Person): string {
  return text(`people.${kind}`);
}

function nearRow(city: City, person: Person, state: PersonState): HTMLElement {
  const away = distance(groundDistance(state.position, city.self.position));
  return row(person, `${away} · ${kindOf(person)}`, person.microphone, state.speaking);
}

/** The address that brings somebody to the place nearest to me. */
function invitation(city: City): string {
  const link = new URL("/", location.href);
  const spot = city.here.get()?.spot;
  if (spot) link.searchParams.set("spot", spot.id);
  return link.href;
}

function fill(city: City, list: HTMLElement): void {
  const here = city.self.position;
  const shown = city.people
    .shown(performance.now() / 1000)
    .sort((a, b) => groundDistance(a.state.position, here) - groundDistance(b.state.position, here));
  const near = new Set(shown.map(({ person }) => person.id));
  const far = city.people.everyone().filter(({ id }) => !near.has(id));
  const fact = city.microphoneFact();
  const me = { name: city.name.get(), colour: city.settings.colour.get() };
  const heading = (title: "people.near" | "people.city", count: number) =>
    el("li", { class: "heading" }, `${text(title)} ${count}`);
  list.replaceChildren(
    row(me, text("people.me"), fact === "live", false),
    ...(shown.length > 0 ? [heading("people.near", shown.length)] : []),
    ...shown.map(({ person, state }) => nearRow(city, person, state)),
    ...(far.length > 0 ? [heading("people.city", far.length)] : []),
    ...far.map((person) =>
      row(person, `${text("people.away")} · ${kindOf(person)}`, person.microphone, false),
    ),
    ...(shown.length + far.length === 0 ? [el("li", { class: "nothing", text: "people.nobody" })] : []),
  );
}

export function peopleSheet(city: City, tell: (message: string) => void): SheetContent {
  return {
    title: "people.title",
    build(body) {
      const list = el("ul", { class: "rows people-rows" });
      const copy = button({
        class: "second",
        icon: "link",
        caption: "people.copy",
        onclick: () => {
          // Without a secure context there is no clipboard at all.
          const done =
            navigator.clipboard?.writeText(invitation(city)) ?? Promise.reject(new Error("no clipboard"));
          done.then(
            () => tell(text("people.copied")),
            () => tell(text("people.copy_failed")),
          );
        },
      });
      const where = city.here.get()?.spot;
      body.append(
        list,
        el("div", { class: "sheet-foot" }, where ? el("small", {}, chosen(where.name)) : null, copy),
      );
      fill(city, list);
      const refresh = setInterval(() => fill(city, list), REFRESH);
      return () => clearInterval(refresh);
    },
  };
}
