/** How I am shown, and the end of it all: changing name and coat, and being erased. */

import type { Citizenship } from "../civic/citizenship";
import { language, text } from "../i18n";
import { Value } from "../value";
import { citizenName } from "./citizen_door";
import { coats } from "./coat_field";
import { el } from "./dom";
import { attempt, field, form, problemLine, submitButton } from "./form";
import { icon } from "./icons";
import type { Pages, SheetPage } from "./pages";

export function profilePage(
  citizenship: Citizenship,
  pages: Pages,
  tell: (message: string) => void,
): SheetPage {
  const colour = new Value(citizenship.citizen?.colour ?? 0);
  let typed = citizenship.citizen?.name ?? "";
  return {
    title: "profile.title",
    back: () => pages.go(null),
    build: (body) => {
      const name = citizenName("profile-name", typed);
      name.input.dataset.first = "";
      name.input.addEventListener("input", () => {
        typed = name.input.value;
      });
      const problem = problemLine();
      const save = submitButton("profile.save");
      const change = async (tidy: string) => {
        await citizenship.change({ name: tidy, colour: colour.get(), language: language.get() });
        tell(text("profile.saved"));
        pages.go(null);
      };
      const act = () => {
        const tidy = name.tidy();
        if (tidy !== null) void attempt(save, problem.say, () => change(tidy));
      };
      body.append(
        form(
          act,
          name.element,
          coats(colour, "profile-colour"),
          el("p", { class: "soft", text: "profile.hint" }),
          problem.element,
          save,
        ),
      );
      return undefined;
    },
  };
}

/** Erasing asks for the name to be typed: nobody does it by a slip. */
export function erasePage(
  citizenship: Citizenship,
  pages: Pages,
  tell: (message: string) => void,
): SheetPage {
  return {
    title: "erase.title",
    back: () => pages.go(null),
    build: (body) => {
      const name = citizenship.citizen?.name ?? "";
      const typed = field({ id: "erase-name", label: "erase.type", first: true });
      const submit = submitButton("erase.do");
      submit.classList.add("danger");
      const act = () => {
        if (typed.input.value.trim() !== name) return typed.say(text("erase.other", { name }));
        void attempt(submit, typed.say, () => citizenship.erase()).then((done) => {
          if (!done) return;
          tell(text("erase.done"));
          pages.go(null);
        });
      };
      body.append(
        el("div", { class: "note" }, icon("warning"), el("p", { text: "erase.what" })),
        el("p", { class: "whom" }, el("b", {}, name)),
        form(act, typed.element, submit),
      );
      return undefined;
    },
  };
}
