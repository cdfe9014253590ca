/** The sheet of people: who is near, who else is in the city, and a link to bring more. */

import type { City } from "../city";
import { chosen, distance, text } from "../i18n";
import { groundDistance } from "../world/body";
import type { Person } from "../world/people";
import { COATS } from "./coat";
import { button, el, setText } from "./dom";
import { type IconName, icon } from "./icons";
import { copy } from "./keep";
import type { SheetContent } from "./sheet";

const REFRESH = 1000;

/** What a row says now. */
interface Line {
  readonly id: number;
  readonly name: string;
  readonly colour: number;
  readonly detail: string;
  readonly live: boolean;
  readonly speaking: boolean;
}

/** A row of the list; it stays the same element, so that the focus on its button stays, too. */
class Row {
  readonly element: HTMLElement;
  private readonly coat = el("span", { class: "coat", attributes: { "aria-hidden": "true" } });
  private readonly name = el("b");
  private readonly detail = el("small");
  private readonly ear = el("span", { class: "ear", attributes: { role: "img" } });
  private readonly meet: HTMLButtonElement | null;
  private shown: IconName | null = null;

  constructor(meet: (() => void) | null) {
    this.meet = meet && button({ class: "go", caption: "person.meet", onclick: meet });
    this.element = el("li", {}, this.coat, el("div", {}, this.name, this.detail), this.ear, this.meet);
  }

  say({ name, colour, detail, live, speaking }: Line): void {
    this.coat.style.background = COATS[colour] ?? COATS[0];
    setText(this.name, name);
    setText(this.detail, detail);
    this.ear.classList.toggle("speaking", speaking);
    const symbol = live ? "microphone" : "microphoneOff";
    if (symbol !== this.shown) this.ear.replaceChildren(icon(symbol));
    this.shown = symbol;
    const said = text(speaking ? "people.speaking" : live ? "people.live" : "people.mute");
    this.ear.setAttribute("aria-label", said);
    this.meet?.setAttribute("aria-label", text("person.open", { name }));
  }
}

function kindOf({ kind }: Person): string {
  return text(`people.${kind}`);
}

function nearLines(city: City): Line[] {
  const here = city.self.position;
  return city.people
    .shown(performance.now() / 1000)
    .map(({ person, state }) => ({ person, state, away: groundDistance(state.position, here) }))
    .sort((a, b) => a.away - b.away)
    .map(({ person, state, away }) => ({
      ...person,
      detail: `${distance(away)} · ${kindOf(person)}`,
      live: person.microphone,
      speaking: state.speaking,
    }));
}

function farLines(city: City, near: readonly Line[]): Line[] {
  const isNear = new Set(near.map(({ id }) => id));
  return city.people
    .everyone()
    .filter(({ id }) => !isNear.has(id))
    .map((person) => ({
      ...person,
      detail: `${text("people.away")} · ${kindOf(person)}`,
      live: person.microphone,
      speaking: false,
    }));
}

function myLine(city: City): Line {
  return {
    id: 0,
    name: city.name.get(),
    colour: city.settings.colour.get(),
    detail: text("people.me"),
    live: city.microphoneFact() === "live",
    speaking: false,
  };
}

/** The address that brings somebody to the place nearest to me. */
function invitation(city: City): string {
  const link = new URL("/", location.href);
  const spot = city.here.get()?.spot;
  if (spot) link.searchParams.set("spot", spot.id);
  return link.href;
}

class PeopleList {
  readonly element = el("ul", { class: "rows people-rows" });
  private readonly rows = new Map<number, Row>();
  private readonly headings = {
    near: el("li", { class: "heading" }),
    city: el("li", { class: "heading" }),
  } as const;
  private readonly nobody = el("li", { class: "nothing", text: "people.nobody" });

  constructor(
    private readonly city: City,
    private readonly meet: (id: number) => void,
  ) {}

  fill(): void {
    const near = nearLines(this.city);
    const far = farLines(this.city, near);
    const me = myLine(this.city);
    setText(this.headings.near, `${text("people.near")} ${near.length}`);
    setText(this.headings.city, `${text("people.city")} ${far.length}`);
    const there = new Set([me, ...near, ...far].map(({ id }) => id));
    for (const id of this.rows.keys()) if (!there.has(id)) this.rows.delete(id);
    this.arrange([
      this.row(me),
      ...(near.length > 0 ? [this.headings.near] : []),
      ...near.map((line) => this.row(line)),
      ...(far.length > 0 ? [this.headings.city] : []),
      ...far.map((line) => this.row(line)),
      ...(near.length + far.length === 0 ? [this.nobody] : []),
    ]);
  }

  private row(line: Line): HTMLElement {
    const row = this.rows.get(line.id) ?? new Row(line.id === 0 ? null : () => this.meet(line.id));
    this.rows.set(line.id, row);
    row.say(line);
    return row.element;
  }

  /** Bring the rows into order, moving none that stands right: a moved element loses the focus. */
  private arrange(order: readonly HTMLElement[]): void {
    const list = this.element;
    for (const one of [...list.children]) if (!order.includes(one as HTMLElement)) one.remove();
    order.forEach((one, index) => {
      if (list.children[index] !== one) list.insertBefore(one, list.children[index] ?? null);
    });
  }
}

export function peopleSheet(
  city: City,
  tell: (message: string) => void,
  meet: (id: number) => void,
): SheetContent {
  return {
    title: "people.title",
    build(body) {
      const list = new PeopleList(city, meet);
      const invite = button({
        class: "second",
        icon: "link",
        caption: "people.copy",
        onclick: () => copy(invitation(city), "people.copied", "people.copy_failed", tell),
      });
      const where = city.here.get()?.spot;
      body.append(
        list.element,
        el("div", { class: "sheet-foot" }, where ? el("small", {}, chosen(where.name)) : null, invite),
      );
      list.fill();
      const refresh = setInterval(() => list.fill(), REFRESH);
      return () => clearInterval(refresh);
    },
  };
}
