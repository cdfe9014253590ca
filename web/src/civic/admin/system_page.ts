/** How the city stands: health, versions, and whether everything that must never be lost verifies. */

import type { Schemas } from "../../api/client";
import { chosen, type Key, language, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, problemLine, wordsOf } from "../../ui/form";
import { icon } from "../../ui/icons";
import type { SheetPage } from "../../ui/pages";
import { momentOf } from "../money";
import { type AdminDesk, lengthWords } from "./desk";

type Facts = Schemas["Facts"];

export function systemPage(desk: AdminDesk): SheetPage {
  return {
    title: "admin.system",
    back: () => desk.pages.go(null),
    build: (body) => {
      const problem = problemLine();
      const facts = el("dl", { class: "facts" });
      const state = el("p", { class: "city-verdict", attributes: { role: "status" } });
      const { api } = desk;
      Promise.all([
        api.take(api.http.GET("/api/v1/admin/facts")),
        // A city that stalls answers 503, and says the same.
        fetch("/healthz").then((answer) => answer.json() as Promise<Schemas["Health"]>),
      ]).then(
        ([found, health]) => {
          state.classList.add(health.status === "ok" ? "passed" : "failed");
          state.textContent = text(`admin.health_${health.status}` as Key);
          facts.replaceChildren(...factLines(found));
        },
        (error: unknown) => problem.say(wordsOf(error)),
      );
      body.append(
        state,
        problem.element,
        facts,
        el("h4", { text: "admin.verification" }),
        verification(desk),
      );
      return undefined;
    },
  };
}

function factLines(facts: Facts): HTMLElement[] {
  const number = (value: number) => value.toLocaleString(language.get());
  const megabytes = (bytes: number) => `${number(Math.round(bytes / 1e6))} MB`;
  const line = (name: Key, value: string) => [el("dt", { text: name }), el("dd", {}, value)];
  return [
    line("admin.version", facts.version),
    line("admin.schema", `${facts.schema_found ?? "–"} / ${facts.schema_needed}`),
    line("admin.database", `${facts.database} · ${megabytes(facts.database_bytes)}`),
    line("admin.free_space", megabytes(facts.free_bytes)),
    line("admin.up", lengthWords(facts.up_seconds)),
    line("admin.capacity", `${number(facts.people)} / ${number(facts.capacity)}`),
    line("admin.late", `${number(facts.late_ticks)} / ${number(facts.tick)}`),
    line("admin.lost_audio", number(facts.lost_audio_frames)),
    line("admin.ledger_waiting", number(facts.ledger_waiting)),
  ].flat();
}

const JOURNALS: Readonly<Record<string, Key>> = {
  ledger: "admin.check_ledger",
  ballots: "admin.check_ballots",
};

/** Checked when asked for: it reads everything that was ever written. */
function verification({ api }: AdminDesk): HTMLElement {
  const problem = problemLine();
  const place = el("div", { class: "lines", attributes: { "aria-live": "polite" } });
  const check = button({
    class: "second",
    icon: "shield",
    caption: "admin.verify",
    onclick: () =>
      void attempt(check, problem.say, async () => {
        const found = await api.take(api.http.GET("/api/v1/admin/verification"));
        const rows = found.verdicts.map(({ what, passed, ko, en }) => {
          const name = JOURNALS[what];
          const title = name === undefined ? text("admin.check_journal", { name: what }) : text(name);
          return el(
            "li",
            { class: passed ? "passed" : "failed" },
            icon(passed ? "check" : "warning"),
            el("div", {}, el("b", {}, title), el("small", {}, chosen({ ko, en }))),
          );
        });
        const verdict = found.passed ? "admin.verified" : "admin.not_verified";
        place.replaceChildren(
          el(
            "p",
            { class: `city-verdict ${found.passed ? "passed" : "failed"}` },
            `${text(verdict)} · ${momentOf(found.at)}`,
          ),
          el("ul", { class: "checks" }, ...rows),
        );
      }),
  });
  return el(
    "div",
    { class: "lines" },
    el("p", { class: "soft", text: "admin.verify_lead" }),
    check,
    problem.element,
    place,
  );
}
