/** The dialog with every source, its terms, and what is synthetic. */

import { chosen, language, text } from "../i18n";
import { dialog } from "./dialog";
import { el } from "./dom";
import { loadSources, type Sources } from "./footer";

function built(sources: Sources): HTMLElement {
  const rows = Object.entries(sources.built).filter(([, value]) => typeof value === "number");
  const figures = rows.map(([name, value]) => [
    el("dt", {}, name.replaceAll("_", " ")),
    el("dd", {}, (value as number).toLocaleString(language.get())),
  ]);
  return el("dl", { class: "figures" }, ...figures.flat());
}

function content(sources: Sources | null): Node[] {
  const synthetic = sources === null ? text("sources.synthetic_default") : chosen(sources.synthetic);
  const real =
    sources === null
      ? [el("p", { class: "warning", text: "sources.failed" })]
      : [
          el(
            "ul",
            { class: "source-list" },
            ...sources.sources.map((source) =>
              el(
                "li",
                {},
                chosen(source.text),
                el("small", {}, text("sources.licence", { licence: source.licence })),
              ),
            ),
          ),
          el("h3", { text: "sources.built" }),
          built(sources),
        ];
  return [
    el("h3", { text: "sources.synthetic" }),
    el("p", { class: "note" }, synthetic),
    el("h3", { text: "sources.real" }),
    ...real,
    el("h3", { text: "sources.software" }),
    el(
      "ul",
      { class: "source-list" },
      el("li", { text: "sources.pretendard" }),
      el("li", { text: "sources.three" }),
    ),
  ];
}

export async function openSources(): Promise<void> {
  const body = dialog("sources.title", "sources");
  const sources = await loadSources().catch(() => null);
  body.append(...content(sources));
}
