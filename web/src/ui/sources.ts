/** The dialog with every source, its terms, and what is synthetic. */

import { chosen, type Key, language, text } from "../i18n";
import { dialog } from "./dialog";
import { el } from "./dom";
import { loadSources, type Source, type Sources } from "./footer";

const FIGURES: readonly (readonly [string, Key])[] = [
  ["buildings", "built.buildings"],
  ["floor_area_m2", "built.floor_area_m2"],
  ["trees", "built.trees"],
  ["lamps", "built.lamps"],
  ["places", "built.places"],
  ["tiles", "built.tiles"],
  ["triangles", "built.triangles"],
  ["seed", "built.seed"],
];

function built(sources: Sources): HTMLElement {
  const rows = FIGURES.map(([name, title]) => {
    const value = sources.built[name];
    if (typeof value !== "number") return [];
    const figure = Math.round(value).toLocaleString(language.get());
    const isArea = name.endsWith("_m2");
    return [
      el("dt", { text: title }),
      el("dd", {}, isArea ? text("unit.square_metres", { value: figure }) : figure),
    ];
  });
  return el("dl", { class: "figures" }, ...rows.flat());
}

/** Terms that are words, not the name of a licence, are translated. */
const TERMS: Readonly<Record<string, Key>> = {
  facts: "licence.facts",
  "public domain": "licence.public_domain",
};

function terms({ licence }: Source): string {
  const key = TERMS[licence];
  return text("sources.licence", { licence: key === undefined ? licence : text(key) });
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
              el("li", {}, chosen(source.text), el("small", {}, terms(source))),
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
