/** The way in for citizens: becoming one, and coming back by passkey or code. */

import type { Citizenship } from "../civic/citizenship";
import { nameOfLoopback, type Obstacle, obstacle } from "../civic/passkey";
import { type Key, language, text } from "../i18n";
import { nameProblem, tidyName } from "../name";
import { MAX_NAME } from "../protocol/messages";
import { Value } from "../value";
import { coats } from "./coat_field";
import { button, el } from "./dom";
import { attempt, type Field, field, form, problemLine, submitButton } from "./form";
import { icon } from "./icons";
import type { Pages, SheetPage } from "./pages";

export interface DoorSetting {
  readonly citizenship: Citizenship;
  /** What a newcomer is called in the city so far. */
  suggested(): { readonly name: string; readonly colour: number };
  /** Somebody was invited, and only has to come in. */
  isInvited(): boolean;
}

const OBSTACLES: Readonly<Record<Obstacle, Key>> = {
  address: "passkey.address",
  insecure: "passkey.insecure",
  unsupported: "passkey.unsupported",
};

/** Why no passkey works here, and the way to where one does; null where it does. */
export function obstacleNote(): HTMLElement | null {
  const found = obstacle();
  if (found === null) return null;
  const href = found === "address" ? nameOfLoopback() : null;
  const link = href && el("a", { text: "passkey.localhost", attributes: { href } });
  return el(
    "div",
    { class: "note" },
    icon("warning"),
    el("div", {}, el("p", { text: OBSTACLES[found] }), link),
  );
}

/** A field for a name that may stand in the city's register. */
export function citizenName(id: string, value: string): Field & { tidy(): string | null } {
  const name = field({
    id,
    label: "landing.name",
    hint: "landing.name_hint",
    value,
    attributes: { autocomplete: "nickname", maxlength: String(MAX_NAME * 2) },
  });
  return {
    ...name,
    tidy: () => {
      const tidy = tidyName(name.input.value);
      const problem = nameProblem(tidy);
      name.say(problem === null ? "" : text(`name.${problem}`));
      return problem === null ? tidy : null;
    },
  };
}

/** What a citizen can do. */
function gains(): HTMLElement {
  const all = ["pay", "propose", "report", "expo"] as const;
  return el("ul", { class: "gains" }, ...all.map((what) => el("li", { text: `citizen.can_${what}` })));
}

export class CitizenDoor {
  /** What was typed so far; a change of language builds the pages anew. */
  private name: string | null = null;
  private readonly colour = new Value(0);

  constructor(
    private readonly setting: DoorSetting,
    private readonly pages: Pages,
  ) {}

  home(): SheetPage {
    return {
      build: (body) => {
        const { citizenship } = this.setting;
        const hindered = obstacleNote();
        const problem = problemLine();
        const enter = button({
          class: "second",
          icon: "key",
          caption: "citizen.passkey",
          onclick: () => void attempt(enter, problem.say, () => citizenship.signIn()),
        });
        const join = button({
          class: "enter compact",
          caption: "citizen.join",
          onclick: () => this.pages.go(this.joinPage()),
        });
        for (const one of [enter, join]) one.disabled = hindered !== null;
        body.append(
          ...(this.setting.isInvited() ? [this.invited()] : []),
          el("p", { text: "citizen.lead" }),
          gains(),
          ...(hindered === null ? [] : [hindered]),
          join,
          el("p", { class: "or", text: "citizen.known" }),
          enter,
          button({ class: "second", caption: "citizen.code", onclick: () => this.pages.go(this.codePage()) }),
          problem.element,
        );
        return undefined;
      },
    };
  }

  private invited(): HTMLElement {
    return el("p", { class: "note" }, icon("link"), el("span", { text: "invitation.sign_in" }));
  }

  private joinPage(): SheetPage {
    if (this.name === null) {
      const { name, colour } = this.setting.suggested();
      this.name = name;
      this.colour.set(colour);
    }
    return { title: "citizen.join", back: () => this.pages.go(null), build: (body) => this.buildJoin(body) };
  }

  private buildJoin(body: HTMLElement): undefined {
    const name = citizenName("citizen-name", this.name ?? "");
    name.input.dataset.first = "";
    name.input.addEventListener("input", () => {
      this.name = name.input.value;
    });
    const problem = problemLine();
    const submit = submitButton("citizen.make_passkey");
    const act = () => {
      const tidy = name.tidy();
      if (tidy === null) return;
      const profile = { name: tidy, colour: this.colour.get(), language: language.get() };
      void attempt(submit, problem.say, () => this.setting.citizenship.join(profile));
    };
    body.append(
      form(
        act,
        name.element,
        coats(this.colour, "citizen-colour"),
        el("p", { class: "note" }, icon("key"), el("span", { text: "citizen.what_passkey" })),
        problem.element,
        submit,
      ),
      el("p", { class: "soft", text: "citizen.kept" }),
    );
    return undefined;
  }

  private codePage(): SheetPage {
    return {
      title: "citizen.code",
      back: () => this.pages.go(null),
      build: (body) => {
        const code = field({
          id: "entry-code",
          label: "code.field",
          hint: "code.hint",
          first: true,
          attributes: { autocapitalize: "characters", spellcheck: "false", maxlength: "64" },
        });
        code.input.classList.add("code-input");
        const submit = submitButton("code.enter");
        const act = () => {
          const typed = code.input.value.trim();
          if (typed.length < 10) return code.say(text("code.short"));
          void attempt(submit, code.say, () => this.setting.citizenship.signInByCode(typed));
        };
        body.append(form(act, code.element, submit));
        return undefined;
      },
    };
  }
}
