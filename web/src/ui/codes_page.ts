/** Recovery codes, shown once: copied, printed or saved, and only then put away. */

import type { Citizenship } from "../civic/citizenship";
import { text } from "../i18n";
import { button, el } from "./dom";
import { attempt, problemLine } from "./form";
import { copyButton, printButton, saveButton } from "./keep";
import type { Pages, SheetPage } from "./pages";

/** Every way to put the codes away. */
function keeping(words: () => string, list: Element, tell: (message: string) => void): HTMLElement {
  const print = printButton(() => list);
  const save = saveButton("meta-gwangju-recovery-codes.txt", words);
  return el("div", { class: "keeping" }, copyButton(words, "codes.copied", tell), print, save);
}

export function codesPage(
  citizenship: Citizenship,
  pages: Pages,
  tell: (message: string) => void,
): SheetPage {
  return {
    title: "codes.title",
    build: (body) => {
      const codes = citizenship.codes.get() ?? [];
      const list = el("ol", { class: "codes" }, ...codes.map((code) => el("li", {}, el("code", {}, code))));
      const words = () => [`${text("page.title")} · ${text("codes.title")}`, ...codes].join("\n");
      const kept = el("input", { id: "codes-kept", attributes: { type: "checkbox" } });
      const problem = problemLine();
      const done = button({
        class: "enter compact",
        caption: "codes.done",
        onclick: () => {
          if (!kept.checked) {
            problem.say(text("codes.not_kept"));
            kept.focus();
            return;
          }
          void attempt(done, problem.say, () => citizenship.codesKept()).then(() => pages.go(null));
        },
      });
      body.append(
        el("p", { text: "codes.lead" }),
        list,
        keeping(words, list, tell),
        el("label", { class: "check" }, kept, el("span", { text: "codes.kept" })),
        problem.element,
        done,
      );
      return undefined;
    },
  };
}
