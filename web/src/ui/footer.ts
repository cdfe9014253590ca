/** The line at the foot of the page: what is synthetic, and where the rest comes from. */

import { chosen, language } from "../i18n";
import type { Bilingual } from "../render/api";
import { button, el } from "./dom";

export interface Source {
  readonly id: string;
  readonly text: Bilingual;
  readonly licence: string;
}

export interface Sources {
  readonly built: Readonly<Record<string, unknown>>;
  readonly synthetic: Bilingual;
  readonly sources: readonly Source[];
}

let fetched: Promise<Sources> | null = null;

/** Fetch `sources.json` once; a failure may be tried again. */
export function loadSources(): Promise<Sources> {
  fetched ??= fetch("/tiles/gwangju/sources.json").then(async (response) => {
    if (!response.ok) throw new Error(`sources.json: HTTP ${response.status}`);
    return (await response.json()) as Sources;
  });
  fetched.catch(() => {
    fetched = null;
  });
  return fetched;
}

export function footer(openSources: () => void): HTMLElement {
  const credits = el("span", { class: "credits" });
  loadSources().then(
    ({ sources }) =>
      language.follow(() =>
        credits.replaceChildren(...sources.map((source) => el("span", {}, chosen(source.text)))),
      ),
    // The dialog says so when it is opened; the line stays with what it knows.
    () => undefined,
  );
  return el(
    "footer",
    { class: "footer", label: "footer.label" },
    el("b", { text: "footer.synthetic" }),
    credits,
    el("a", { class: "plain", text: "footer.plain", attributes: { href: "/plain/" } }),
    button({ class: "plain", caption: "footer.all", onclick: openSources }),
  );
}
