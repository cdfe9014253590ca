/** The landing card: what this is, who I am, whether I am heard, and the door. */

import type { City } from "../city";
import { language, text } from "../i18n";
import { coats } from "./coat_field";
import { button, el, emphasised, setText } from "./dom";
import { icon } from "./icons";
import { microphoneCheck } from "./microphone_check";
import { nameField } from "./name_field";

export type Door = "voice" | "silent" | "vr" | "look";

const CENSUS_EVERY = 10_000;

function people(city: City): HTMLElement {
  const words = el("span");
  const line = el("p", { class: "live", hidden: true }, el("i", { class: "dot" }), words);
  let count: number | null = null;
  const show = () => {
    line.hidden = count === null;
    if (count === 0) setText(words, text("landing.nobody_now"));
    else if (count === 1) setText(words, text("landing.person_now"));
    else setText(words, text("landing.people_now", { count: (count ?? 0).toLocaleString(language.get()) }));
  };
  const ask = async () => {
    if (city.inside.get() || document.hidden) return;
    // Without an answer the line stays away: a count that is not known is not shown.
    count = await fetch("/api/v1/census")
      .then(async (response) => (response.ok ? ((await response.json()) as { people: number }).people : null))
      .catch(() => null);
    show();
  };
  language.watch(show);
  city.inside.follow((inside) => !inside && void ask());
  setInterval(() => void ask(), CENSUS_EVERY);
  return line;
}

export function landing(city: City, enter: (door: Door) => void, citizen: HTMLElement): HTMLElement {
  const name = nameField(city);
  const go = (door: Door) => {
    if (name.submit()) enter(door);
  };
  const title = el("h1");
  language.follow(() => emphasised(title, "landing.title"));
  const vr = button({
    class: "second",
    icon: "headset",
    caption: "landing.enter_vr",
    hidden: true,
    onclick: () => go("vr"),
  });
  city.view.watch((view) => void view?.xr.supported().then((supported) => (vr.hidden = !supported)));
  const silent = button({ class: "second", caption: "landing.enter_silent", onclick: () => go("silent") });
  const look = button({ class: "second", caption: "landing.look", onclick: () => enter("look") });
  const enterButton = el(
    "button",
    { class: "enter", attributes: { type: "submit" } },
    el("span", { text: "landing.enter" }),
    icon("arrow"),
  );
  const form = el(
    "form",
    {},
    name.element,
    coats(city.settings.colour, "colour"),
    microphoneCheck(city),
    enterButton,
    citizen,
    el("div", { class: "seconds" }, vr, silent, look),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go("voice");
  });
  return el(
    "main",
    { class: "card panel" },
    people(city),
    title,
    el("p", { class: "lead", text: "landing.lead" }),
    form,
  );
}
