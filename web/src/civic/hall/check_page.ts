/** Checking a receipt and recounting a vote, in this very browser. */

import { chosen, type Key, text } from "../../i18n";
import type { Bilingual } from "../../render/api";
import { button, el } from "../../ui/dom";
import { attempt, form, problemLine, submitButton } from "../../ui/form";
import { icon } from "../../ui/icons";
import type { SheetPage } from "../../ui/pages";
import { type Bytes, InsecurePageError } from "../../verify/bytes";
import { LONGEST_RECEIPT } from "../../verify/receipt";
import { check, type Outcome, type Source, type StepResult } from "./checking";
import type { Desk } from "./desk";
import { honest } from "./honest";
import { area } from "./parts";
import { keptReceipt, keptVotes } from "./receipts";
import { resultLines } from "./vote_results";
import { count } from "./vote_words";

const SIGNS: Readonly<Record<Outcome, readonly ["check" | "close" | "warning", Key]>> = {
  passed: ["check", "check.passed"],
  failed: ["close", "check.failed"],
  unsure: ["warning", "check.unsure"],
};

/**
 * @param vote The vote that is meant; null: the receipt says it.
 * @param words A receipt to begin with; without it the one kept on this device.
 */
export function checkPage(desk: Desk, vote: number | null = null, words: string | null = null): SheetPage {
  return {
    title: "check.title",
    back: () => (vote === null ? desk.home("votes") : desk.pages.go(desk.vote(vote))),
    build: (body) => {
      new Checking(desk, vote, words).build(body);
      return undefined;
    },
  };
}

class Checking {
  private file: { readonly name: string; readonly bytes: Bytes } | null = null;
  private readonly problem = problemLine();
  private readonly results = el("ol", { class: "checks", attributes: { "aria-live": "polite" } });
  private readonly summary = el("div", { class: "stack" });

  constructor(
    private readonly desk: Desk,
    private readonly vote: number | null,
    private readonly words: string | null,
  ) {}

  build(body: HTMLElement): void {
    const { vote } = this;
    const kept = this.words ?? (vote === null ? null : keptReceipt(localStorage, vote)) ?? "";
    const receipt = area({
      id: "check-receipt",
      label: "check.receipt",
      hint: vote === null ? "check.receipt_hint" : "check.receipt_optional",
      value: kept,
      most: LONGEST_RECEIPT,
      rows: 4,
    });
    receipt.input.classList.add("raw-input");
    receipt.input.spellcheck = false;
    const send = submitButton("check.go");
    const act = () => {
      const typed = receipt.input.value.trim();
      if (typed === "" && vote === null && this.file === null) {
        receipt.say(text("check.nothing"));
        return;
      }
      void attempt(send, this.problem.say, () => this.run(typed));
    };
    body.append(
      el("p", { class: "soft", text: "check.lead" }),
      form(
        act,
        receipt.element,
        el(
          "div",
          { class: "acts" },
          this.openFile("check.open_receipt", "check-receipt-file", async (file) => {
            receipt.input.value = await file.text();
            receipt.input.dispatchEvent(new Event("input"));
          }),
          ...this.keptButtons((words) => {
            receipt.input.value = words;
            receipt.input.dispatchEvent(new Event("input"));
          }),
        ),
        this.exportField(),
        send,
      ),
      this.problem.element,
      this.results,
      this.summary,
      honest(),
    );
  }

  private openFile(caption: Key, id: string, take: (file: File) => Promise<void>): HTMLElement {
    const input = el("input", {
      id,
      class: "spoken",
      attributes: { type: "file", tabindex: "-1", "aria-hidden": "true" },
    });
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file) void take(file).finally(() => (input.value = ""));
    });
    return el(
      "span",
      {},
      button({ class: "small", icon: "file", caption, onclick: () => input.click() }),
      input,
    );
  }

  private keptButtons(take: (words: string) => void): HTMLElement[] {
    const votes = this.vote === null ? keptVotes(localStorage) : [];
    return votes.map((vote) => {
      const words = text("check.kept", { vote });
      const onclick = () => take(keptReceipt(localStorage, vote) ?? "");
      return el("button", { class: "small", attributes: { type: "button" }, onclick }, words);
    });
  }

  /** The export is fetched from the city, unless somebody has one from elsewhere. */
  private exportField(): HTMLElement {
    const said = el("small", { class: "soft", text: "check.export_hint" });
    const link =
      this.vote === null
        ? null
        : el("a", {
            text: "check.download",
            attributes: { href: `/api/v1/votes/${this.vote}/export`, download: `vote-${this.vote}.jsonl` },
          });
    const open = this.openFile("check.open_export", "check-export-file", async (file) => {
      this.file = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
      said.removeAttribute("data-text");
      said.textContent = text("check.export_is", { name: file.name });
    });
    return el(
      "div",
      { class: "line-field" },
      el("b", { text: "check.export" }),
      said,
      el("div", { class: "acts" }, open, link),
    );
  }

  private async run(receipt: string): Promise<void> {
    this.results.replaceChildren();
    this.summary.replaceChildren();
    const found: StepResult[] = [];
    const say = (result: StepResult) => {
      found.push(result);
      this.results.append(row(result));
    };
    try {
      const { verification } = await check(
        { receipt, vote: this.vote, file: this.file?.bytes ?? null },
        sourceOf(this.desk),
        say,
      );
      const worst = worstOf(found);
      this.summary.replaceChildren(
        el(
          "p",
          { class: `city-verdict ${worst}`, attributes: { role: "status" } },
          text(`check.all_${worst}`),
        ),
      );
      const definition = verification?.definition;
      if (verification?.count && definition && worst !== "failed") {
        const lines = resultLines(
          definition.options.map((option) => chosen(option)),
          verification.count.approvals,
          verification.ballots,
        );
        this.summary.append(
          el("h4", { text: "check.own_count" }),
          el(
            "ul",
            { class: "options" },
            ...lines.map((line) => el("li", {}, `${line.title}: ${count(line.approvals)}`)),
            el("li", {}, `${text("vote.blank")}: ${count(verification.count.blank)}`),
          ),
        );
      }
    } catch (error) {
      if (!(error instanceof InsecurePageError)) throw error;
      this.problem.say(chosen(error));
    }
  }
}

function worstOf(results: readonly StepResult[]): Outcome {
  if (results.some(({ outcome }) => outcome === "failed")) return "failed";
  return results.some(({ outcome }) => outcome === "unsure") ? "unsure" : "passed";
}

function row({ step, outcome, said }: StepResult): HTMLElement {
  const [sign, word] = SIGNS[outcome];
  return el(
    "li",
    { class: outcome, attributes: { "data-step": step, "data-outcome": outcome } },
    icon(sign),
    el(
      "div",
      {},
      el("b", {}, text(`check.step_${step}`), " · ", text(word)),
      el("small", {}, chosen(said as Bilingual)),
    ),
  );
}

function sourceOf(desk: Desk): Source {
  const { api } = desk;
  const path = (number: number) => ({ path: { number } });
  return {
    vote: (number) => api.take(api.http.GET("/api/v1/votes/{number}", { params: path(number) })),
    inclusion: (number, leaf) =>
      api.take(
        api.http.GET("/api/v1/votes/{number}/inclusion", {
          params: { ...path(number), query: { leaf_hash: leaf } },
        }),
      ),
    consistency: async (number, first, second) => {
      const params = { ...path(number), query: { first, second } };
      return (await api.take(api.http.GET("/api/v1/votes/{number}/consistency", { params }))).proof;
    },
    export: async (number) => {
      const answer = api.http.GET("/api/v1/votes/{number}/export", {
        params: path(number),
        parseAs: "arrayBuffer",
      });
      return new Uint8Array((await api.take(answer)) as unknown as ArrayBuffer);
    },
  };
}
