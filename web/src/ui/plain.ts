/** What stands in the page where the city cannot be drawn: why, and what to do, in both languages. */

import { en } from "../i18n/en";
import { ko } from "../i18n/ko";
import { el } from "./dom";

export function plainPage(): HTMLElement {
  const part = (lang: string, texts: Readonly<Record<"nogl.title" | "nogl.text", string>>) =>
    el(
      "section",
      { attributes: { lang } },
      el("h1", {}, texts["nogl.title"]),
      el("p", {}, texts["nogl.text"]),
    );
  return el("main", { class: "plain-page" }, part("ko", ko), part("en", en));
}
