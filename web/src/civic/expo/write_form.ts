/** Writing a booth up in both languages, with its card beside the words as it will stand in the hall. */

import type { Schemas } from "../../api/client";
import { type Key, language, text } from "../../i18n";
import type { Language } from "../../render/api";
import { el, setText } from "../../ui/dom";
import { attempt, field, form, problemLine, submitButton } from "../../ui/form";
import { tabs } from "../../ui/tabs";
import { type Area, area } from "../hall/parts";
import type { Booth } from "./expo";

export type WriteUp = Omit<Schemas["BoothIn"], "organisation">;
/** What was typed, while it may still be nothing. */
export type Typed = { -readonly [K in keyof WriteUp]-?: NonNullable<WriteUp[K]> };
type Text = Exclude<keyof Typed, "link">;

const ROOM = { title: 60, summary: 200, description: 4000 } as const;

export function emptyWriteUp(): Typed {
  return {
    title_ko: "",
    title_en: "",
    summary_ko: "",
    summary_en: "",
    description_ko: "",
    description_en: "",
    link: "",
  };
}

export function writeUpOf(booth: Booth): Typed {
  const { title_ko, title_en, summary_ko, summary_en, description_ko, description_en, link } = booth;
  return {
    title_ko: title_ko ?? "",
    title_en: title_en ?? "",
    summary_ko: summary_ko ?? "",
    summary_en: summary_en ?? "",
    description_ko: description_ko ?? "",
    description_en: description_en ?? "",
    link: link ?? "",
  };
}

/** What is still wrong with a link as it was typed; null: nothing. */
export function linkProblem(typed: string): Key | null {
  const link = typed.trim();
  if (link === "") return null;
  return URL.canParse(link) && new URL(link).protocol === "https:" ? null : "write.link_bad";
}

export interface WriteFormProps {
  /** Takes what is typed, so that a change of language loses nothing. */
  readonly typed: Typed;
  readonly owner: string;
  readonly number: string;
  readonly caption: Key;
  save(says: WriteUp): Promise<void>;
}

export function writeForm({ typed, owner, number, caption, save }: WriteFormProps): HTMLElement {
  const preview = previewCard(typed, owner, number);
  const areas = new Map<Text, Area>();
  const make = (id: Text, label: Key, most: number, rows: number) => {
    const one = area({
      id: `booth-${id}`,
      label,
      value: typed[id],
      most,
      rows,
      typed: (value) => {
        typed[id] = value;
        preview.show();
      },
    });
    // What is written in a language is read out in it.
    one.input.lang = id.endsWith("_ko") ? "ko" : "en";
    areas.set(id, one);
    return one.element;
  };
  const side = (code: Language) =>
    el(
      "fieldset",
      { class: "lines", attributes: { lang: code } },
      el("legend", { text: code === "ko" ? "write.korean" : "write.english" }),
      make(`title_${code}`, "write.title", ROOM.title, 1),
      make(`summary_${code}`, "write.summary", ROOM.summary, 2),
      make(`description_${code}`, "write.description", ROOM.description, 5),
    );
  const sides = language.get() === "ko" ? [side("ko"), side("en")] : [side("en"), side("ko")];
  const link = field({
    id: "booth-link",
    label: "write.link",
    hint: "write.link_hint",
    value: typed.link,
    attributes: { type: "url", inputmode: "url", maxlength: "300", placeholder: "https://" },
  });
  link.input.addEventListener("input", () => {
    typed.link = link.input.value;
  });
  const problem = problemLine();
  const submit = submitButton(caption);
  const act = () => {
    for (const [id, one] of areas) {
      const isOptional = id.startsWith("description") && one.input.value.trim() === "";
      if (!isOptional && one.needed() === null) return;
    }
    const wrong = linkProblem(link.input.value);
    if (wrong !== null) return link.say(text(wrong));
    const says = Object.fromEntries(
      Object.entries(typed).map(([name, value]) => [name, value.trim()]),
    ) as unknown as Typed;
    void attempt(submit, problem.say, () => save({ ...says, link: says.link === "" ? null : says.link }));
  };
  return form(act, ...sides, link.element, preview.element, problem.element, submit);
}

interface Preview {
  readonly element: HTMLElement;
  show(): void;
}

/** The booth's plate and dark screen, as they will hang in the hall. */
function previewCard(typed: Typed, owner: string, number: string): Preview {
  let code: Language = language.get();
  const [title, summary] = [el("b"), el("p")];
  const plate = el("span");
  const card = el(
    "div",
    { class: "card-preview", id: "booth-preview" },
    el("div", { class: "plate" }, el("i", {}, number), plate),
    el("div", { class: "screen" }, el("small", {}, owner), title, summary),
  );
  const show = () => {
    const heading = typed[`title_${code}`].trim() || text("write.title");
    setText(plate, heading);
    setText(title, heading);
    setText(summary, typed[`summary_${code}`].trim() || text("write.summary"));
    card.lang = code;
  };
  const row = tabs<Language>(
    "write.preview",
    [
      { id: "ko", title: "write.korean" },
      { id: "en", title: "write.english" },
    ],
    code,
    card.id,
    (chosen) => {
      code = chosen;
      show();
    },
  );
  return { element: el("div", { class: "lines" }, el("h4", { text: "write.preview" }), row, card), show };
}
