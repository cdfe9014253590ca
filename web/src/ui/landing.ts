/** The landing card: what this is, who I am, whether I am heard, and the door. */

import { meterShare } from "../audio/level";
import { type MicrophoneState, microphoneAllowed } from "../audio/microphone";
import type { City } from "../city";
import { type Key, language, text } from "../i18n";
import { nameProblem, randomName, tidyName } from "../name";
import { MAX_NAME } from "../protocol/messages";
import { COATS, doll } from "./coat";
import { button, el, emphasised, setText } from "./dom";
import { icon } from "./icons";

export type Door = "voice" | "silent" | "vr";

const CENSUS_EVERY = 10_000;
const METER_EVERY = 80;
const METER_CELLS = 14;
/** Above this share of the meter somebody is clearly speaking. */
const CLEAR = 0.35;

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
    count = await fetch("/api/v1/census").then(
      async (response) => (response.ok ? ((await response.json()) as { people: number }).people : null),
      () => null,
    );
    show();
  };
  language.watch(show);
  city.inside.follow((inside) => !inside && void ask());
  setInterval(() => void ask(), CENSUS_EVERY);
  return line;
}

function nameField(city: City): { element: HTMLElement; check(): boolean } {
  const { name } = city.settings;
  const input = el("input", {
    id: "name",
    class: "input",
    attributes: {
      type: "text",
      autocomplete: "nickname",
      maxlength: String(MAX_NAME * 2),
      "aria-describedby": "name-problem",
    },
  });
  input.value = name.get();
  const problem = el("p", { id: "name-problem", class: "problem", attributes: { role: "alert" } });
  const check = () => {
    const tidy = tidyName(input.value);
    const wrong = nameProblem(tidy);
    problem.textContent = wrong === null ? "" : text(`name.${wrong}`);
    input.setAttribute("aria-invalid", String(wrong !== null));
    if (wrong === null) name.set(tidy);
    else input.focus();
    return wrong === null;
  };
  input.addEventListener("change", check);
  input.addEventListener("input", () => {
    if (input.getAttribute("aria-invalid") === "true") check();
  });
  const another = button({
    class: "inside-field",
    icon: "dice",
    label: "landing.another_name",
    hint: "landing.another_name",
    onclick: () => {
      input.value = randomName();
      check();
    },
  });
  const label = el(
    "label",
    { attributes: { for: "name" } },
    el("b", { text: "landing.name" }),
    el("small", { text: "landing.name_hint" }),
  );
  return {
    element: el(
      "div",
      { class: "field name" },
      label,
      el("div", { class: "with-button" }, input, another),
      problem,
    ),
    check,
  };
}

function coats(city: City): HTMLElement {
  const { colour } = city.settings;
  const figure = doll();
  colour.follow((chosen) => figure.wear(chosen));
  const swatches = COATS.map((coat, index) => {
    const input = el("input", {
      label: `colour.${index}` as Key,
      hint: `colour.${index}` as Key,
      attributes: { type: "radio", name: "colour", value: String(index) },
    });
    input.style.setProperty("--coat", coat);
    colour.follow((chosen) => {
      input.checked = chosen === index;
    });
    input.addEventListener("change", () => colour.set(index));
    return input;
  });
  const legend = el("legend", {}, el("b", { text: "landing.colour" }));
  return el(
    "fieldset",
    { class: "field coats" },
    legend,
    el("div", { class: "swatches" }, ...swatches),
    figure.element,
  );
}

const TROUBLE: Partial<Record<MicrophoneState, Key>> = {
  denied: "microphone.denied",
  missing: "microphone.missing",
  busy: "microphone.busy",
  insecure: "microphone.insecure",
};

function microphoneCheck(city: City): HTMLElement {
  const { microphone, settings } = city;
  const cells = Array.from({ length: METER_CELLS }, () => el("i"));
  const meter = el("div", { class: "meter", attributes: { "aria-hidden": "true" } }, ...cells);
  const verdict = el("span", { class: "verdict" });
  const open = button({
    class: "small",
    caption: "landing.microphone_open",
    onclick: () => void microphone.open(settings.microphone.get()),
  });
  const trouble = el("p", { class: "problem", attributes: { role: "alert" } });
  const row = el("div", { class: "microphone-row" }, icon("microphone"), meter, verdict, open);
  const show = () => {
    const state = microphone.state.get();
    const live = state === "live";
    row.classList.toggle("is-live", live);
    open.hidden = live || state === "asking" || state === "insecure";
    if (!live) setText(verdict, state === "asking" ? text("landing.microphone_asking") : "");
    const key = TROUBLE[state];
    setText(trouble, key === undefined ? "" : text(key));
  };
  const measure = () => {
    if (city.inside.get() || microphone.state.get() !== "live") return;
    const share = meterShare(microphone.level());
    for (const [index, cell] of cells.entries()) cell.classList.toggle("on", share * METER_CELLS > index);
    setText(verdict, text(share > CLEAR ? "landing.microphone_good" : "landing.microphone_quiet"));
    verdict.classList.toggle("good", share > CLEAR);
  };
  microphone.state.follow(show);
  language.watch(show);
  setInterval(measure, METER_EVERY);
  void microphoneAllowed().then((allowed) => {
    // Allowed before: the meter may run at once, nobody is asked anything.
    if (allowed && !city.inside.get() && microphone.state.get() === "off")
      void microphone.open(settings.microphone.get());
  });
  const head = el(
    "div",
    { class: "label" },
    el("b", { text: "landing.microphone" }),
    el("small", { text: "landing.microphone_hint" }),
  );
  return el("div", { class: "field microphone" }, head, row, trouble);
}

export function landing(city: City, enter: (door: Door) => void): HTMLElement {
  const name = nameField(city);
  const go = (door: Door) => {
    if (name.check()) enter(door);
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
  const form = el(
    "form",
    {},
    name.element,
    coats(city),
    microphoneCheck(city),
    el(
      "button",
      { class: "enter", attributes: { type: "submit" } },
      el("span", { text: "landing.enter" }),
      icon("arrow"),
    ),
    el(
      "div",
      { class: "seconds" },
      vr,
      button({ class: "second", caption: "landing.enter_silent", onclick: () => go("silent") }),
    ),
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
