/** Opening a vote: an officer writes question and options in both languages, and says when it closes. */

import { uuid7 } from "../../api/uuid";
import { text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, field, form, problemLine, submitButton } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import type { Desk } from "./desk";
import { area, ask, select } from "./parts";
import type { Proposal } from "./proposal_words";

const FEWEST = 2;
const MOST = 20;
const LONGEST_TITLE = 120;
const LONGEST_ABOUT = 4000;
/** Choices of how long it stays open, minutes. The shortest is for those who stand together now. */
const LASTS = [
  ["1", 1],
  ["10", 10],
  ["60", 60],
  ["1440", 1440],
  ["10080", 10_080],
  ["20160", 20_160],
] as const;

interface Typed {
  titleKo: string;
  titleEn: string;
  aboutKo: string;
  aboutEn: string;
  minutes: string;
  options: { ko: string; en: string }[];
}

/** The city wants a minute at least by its own clock, seconds. */
const SPARE = 5;

/** @param proposal That the vote decides on. */
export function voteForm(desk: Desk, proposal: Proposal | null = null): SheetPage {
  const page: SheetPage = {
    title: "vote.write",
    back: () => (proposal === null ? desk.home("votes") : desk.pages.go(desk.proposal(proposal.id))),
    build: (body) => {
      new Writing(desk, proposal, page).build(body);
      return undefined;
    },
  };
  return page;
}

class Writing {
  private readonly name: string;
  private readonly typed: Typed;
  /** Of this very vote, and when it closes: sent twice, it is opened once. */
  private key = uuid7();
  private closes: number | null = null;
  private readonly list = el("ol", { class: "option-fields" });
  private readonly problem = problemLine();

  constructor(
    private readonly desk: Desk,
    private readonly proposal: Proposal | null,
    private readonly page: SheetPage,
  ) {
    this.name = proposal === null ? "vote" : `vote-on-${proposal.id}`;
    const kept = desk.drafts.get(this.name);
    this.typed = {
      titleKo: kept.titleKo ?? proposal?.title ?? "",
      titleEn: kept.titleEn ?? "",
      aboutKo: kept.aboutKo ?? "",
      aboutEn: kept.aboutEn ?? "",
      minutes: kept.minutes ?? "10080",
      options: optionsOf(kept.options),
    };
  }

  build(body: HTMLElement): void {
    const send = submitButton("vote.open");
    const about = (id: "aboutKo" | "aboutEn", label: "vote.about_ko" | "vote.about_en") =>
      area({
        id: `vote-${id}`,
        label,
        value: this.typed[id],
        most: LONGEST_ABOUT,
        rows: 3,
        typed: (value) => this.keep({ [id]: value }),
      }).element;
    this.fillOptions();
    const lasts = LASTS.map(([value]) => ({ value, title: text(`vote.lasts_${value}`) }));
    body.append(
      el("p", { class: "note", text: "vote.fixed" }),
      form(
        () => void attempt(send, this.problem.say, () => this.open()),
        this.line("titleKo", "vote.title_ko", true),
        this.line("titleEn", "vote.title_en"),
        about("aboutKo", "vote.about_ko"),
        about("aboutEn", "vote.about_en"),
        el("h4", { text: "vote.options" }),
        this.list,
        button({ class: "small", icon: "plus", caption: "vote.add_option", onclick: () => this.add() }),
        el(
          "div",
          { class: "line-field" },
          el("b", { text: "vote.lasts" }),
          select("vote.lasts", lasts, this.typed.minutes, (minutes: string) => this.keep({ minutes })),
        ),
        this.problem.element,
        send,
        button({ class: "plain", caption: "hall.discard", onclick: () => void this.discard() }),
      ),
    );
  }

  private line(
    id: "titleKo" | "titleEn",
    label: "vote.title_ko" | "vote.title_en",
    first = false,
  ): HTMLElement {
    const made = field({
      id: `vote-${id}`,
      label,
      value: this.typed[id],
      first,
      attributes: { maxlength: String(LONGEST_TITLE), required: "" },
    });
    made.input.addEventListener("input", () => this.keep({ [id]: made.input.value }));
    return made.element;
  }

  private fillOptions(): void {
    const { options } = this.typed;
    const rows = options.map((option, index) => {
      const input = (language: "ko" | "en") => {
        const one = el("input", {
          class: "input",
          id: `option-${index}-${language}`,
          attributes: {
            type: "text",
            maxlength: String(LONGEST_TITLE),
            lang: language,
            placeholder: text(`vote.option_${language}`),
            "aria-label": text(`vote.option_label_${language}`, { number: index + 1 }),
          },
        });
        one.value = option[language];
        one.addEventListener("input", () => {
          option[language] = one.value;
          this.keep({});
        });
        return one;
      };
      const remove = button({
        class: "round",
        icon: "close",
        attributes: { "aria-label": text("vote.remove_option", { number: index + 1 }) },
        hidden: options.length <= FEWEST,
        onclick: () => this.remove(index),
      });
      return el("li", {}, el("div", {}, input("ko"), input("en")), remove);
    });
    this.list.replaceChildren(...rows);
  }

  private add(): void {
    const { options } = this.typed;
    if (options.length >= MOST) {
      this.problem.say(text("vote.most_options", { most: MOST }));
      return;
    }
    options.push({ ko: "", en: "" });
    this.fillOptions();
    document.getElementById(`option-${options.length - 1}-ko`)?.focus();
  }

  private remove(index: number): void {
    this.typed.options.splice(index, 1);
    this.keep({});
    this.fillOptions();
    document.getElementById(`option-${Math.max(0, index - 1)}-ko`)?.focus();
  }

  private keep(change: Partial<Typed>): void {
    Object.assign(this.typed, change);
    this.key = uuid7();
    this.closes = null;
    const { options, minutes, ...texts } = this.typed;
    const isWritten = [...Object.values(texts), ...options.flatMap(({ ko, en }) => [ko, en])].some(
      (one) => one.trim() !== "",
    );
    if (isWritten) this.desk.drafts.put(this.name, { ...texts, minutes, options: JSON.stringify(options) });
    else this.desk.drafts.drop(this.name);
  }

  private async open(): Promise<void> {
    const { desk, typed, proposal } = this;
    const sides = [typed.titleKo, typed.titleEn, ...typed.options.flatMap(({ ko, en }) => [ko, en])];
    if (sides.some((one) => one.trim() === "")) {
      this.problem.say(text("vote.both_languages"));
      return;
    }
    if (!(await ask("vote.open_sure", "vote.open"))) return;
    const minutes = LASTS.find(([value]) => value === typed.minutes)?.[1] ?? 60;
    this.closes ??= Math.floor(Date.now() / 1000) + minutes * 60 + SPARE;
    const made = await desk.api.take(
      desk.api.http.POST("/api/v1/votes", {
        params: { header: { "Idempotency-Key": this.key } },
        body: {
          title: { ko: typed.titleKo.trim(), en: typed.titleEn.trim() },
          about: { ko: typed.aboutKo.trim(), en: typed.aboutEn.trim() },
          options: typed.options.map(({ ko, en }) => ({ ko: ko.trim(), en: en.trim() })),
          closes: this.closes,
          place: "city/city_hall",
          local: false,
          proposal: proposal?.id ?? null,
        },
      }),
    );
    desk.drafts.drop(this.name);
    desk.tell(text("vote.opened"));
    desk.pages.go(desk.vote(made.id));
  }

  private async discard(): Promise<void> {
    if (!(await ask("hall.discard_sure", "hall.discard"))) return;
    this.desk.drafts.drop(this.name);
    this.page.back?.();
  }
}

/** Options as a draft keeps them; two empty ones for anything else. */
function optionsOf(words: string | undefined): { ko: string; en: string }[] {
  const none = () => Array.from({ length: FEWEST }, () => ({ ko: "", en: "" }));
  try {
    const value: unknown = JSON.parse(words ?? "null");
    if (!Array.isArray(value)) return none();
    const options = value
      .slice(0, MOST)
      .map((one) => ({ ko: String(one?.ko ?? ""), en: String(one?.en ?? "") }));
    return options.length < FEWEST ? none() : options;
  } catch {
    return none();
  }
}
