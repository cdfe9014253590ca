/** Small parts that the pages of City Hall share. */

import { type Key, language, text } from "../../i18n";
import { dialog } from "../../ui/dialog";
import { button, type Child, el, setText } from "../../ui/dom";
import { problemLine } from "../../ui/form";
import { type IconName, icon } from "../../ui/icons";
import { type Desk, myNumber } from "./desk";

export type Tone = "fresh" | "working" | "done" | "alert" | "quiet";

/** A word on a coloured ground: how far something has come. */
export function chip(words: string, tone: Tone): HTMLElement {
  return el("span", { class: `chip ${tone}` }, words);
}

export interface Area {
  readonly element: HTMLElement;
  readonly input: HTMLTextAreaElement;
  say(message: string): void;
  /** The text without the room around it; null, and said, when it is empty. */
  needed(): string | null;
}

export interface AreaProps {
  readonly id: string;
  readonly label: Key;
  readonly hint?: Key;
  readonly value?: string;
  /** Characters. */
  readonly most: number;
  readonly rows?: number;
  readonly first?: boolean;
  readonly typed?: (value: string) => void;
}

/** Characters as the server counts them. */
function lengthOf(words: string): number {
  return [...words.trim().normalize("NFC")].length;
}

/** A field of several lines that says how much room is left. */
export function area({ id, label, hint, value = "", most, rows = 5, first, typed }: AreaProps): Area {
  const line = problemLine(`${id}-problem`);
  const count = el("small", { class: "count", id: `${id}-count` });
  const input = el("textarea", {
    id,
    class: "input",
    attributes: { rows: String(rows), "aria-describedby": `${id}-count ${id}-problem` },
  });
  if (first) input.dataset.first = "";
  input.value = value;
  const say = (message: string) => {
    line.say(message);
    input.setAttribute("aria-invalid", String(message !== ""));
    if (message !== "") input.focus();
  };
  const look = () => {
    const used = lengthOf(input.value);
    setText(count, text("hall.count", { used, most }));
    count.classList.toggle("over", used > most);
  };
  input.addEventListener("input", () => {
    look();
    if (input.getAttribute("aria-invalid") === "true") say("");
    typed?.(input.value);
  });
  look();
  const caption = el(
    "label",
    { attributes: { for: id } },
    el("b", { text: label }),
    hint === undefined ? null : el("small", { text: hint }),
  );
  const needed = () => {
    const words = input.value.trim();
    if (words === "") say(text("hall.empty"));
    else if (lengthOf(words) > most) say(text("hall.too_long", { over: lengthOf(words) - most }));
    else return words;
    return null;
  };
  return {
    element: el("div", { class: "line-field" }, caption, input, count, line.element),
    input,
    say,
    needed,
  };
}

/** Ask before something is lost or cannot be undone. */
export function ask(question: Key, yes: Key, fill: Readonly<Record<string, string>> = {}): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = false;
    const body = dialog("hall.sure", "ask", () => resolve(answer));
    const close = (agreed: boolean) => () => {
      answer = agreed;
      body.closest("dialog")?.close();
    };
    body.append(
      el("p", {}, text(question, fill)),
      el(
        "div",
        { class: "pair" },
        button({ class: "second", caption: "hall.keep", onclick: close(false) }),
        button({ class: "second danger", caption: yes, onclick: close(true) }),
      ),
    );
  });
}

export interface Option<T extends string> {
  readonly value: T;
  readonly title: string;
}

/** A choice of many, as the browser's own list. */
export function select<T extends string>(
  label: Key,
  options: readonly Option<T>[],
  current: T,
  change: (value: T) => void,
): HTMLSelectElement {
  const list = el("select", { class: "input short", label });
  for (const { value, title } of options) list.append(el("option", { attributes: { value } }, title));
  list.value = current;
  list.addEventListener("change", () => change(list.value as T));
  return list;
}

/** Filters side by side, of which one is on. */
export function filters<T extends string>(
  label: Key,
  options: readonly { readonly value: T; readonly title: Key }[],
  current: T,
  change: (value: T) => void,
): HTMLElement {
  const row = el("div", { class: "filters", label, attributes: { role: "group" } });
  for (const { value, title } of options) {
    const one = el("button", {
      text: title,
      attributes: { type: "button", "aria-pressed": String(value === current) },
      onclick: () => {
        for (const other of row.children) other.setAttribute("aria-pressed", String(other === one));
        change(value);
      },
    });
    row.append(one);
  }
  return row;
}

export interface RowProps {
  readonly id: string;
  readonly icon: IconName;
  readonly kind: "proposal" | "report" | "vote";
  readonly title: string;
  readonly details: readonly Child[];
  readonly open: () => void;
  /** Shown at the end: to go there, say. */
  readonly act?: HTMLElement;
}

/** A line of a list that opens what it names. */
export function row(props: RowProps): HTMLElement {
  return el(
    "li",
    {},
    el("span", { class: `sign ${props.kind}` }, icon(props.icon)),
    el(
      "button",
      { id: props.id, class: "opener", attributes: { type: "button" }, onclick: props.open },
      el("b", {}, props.title),
      el("small", {}, ...props.details),
    ),
    props.act,
  );
}

/** A button with words that are not a key's. */
export function wordButton(words: string, label: string, onclick: () => void): HTMLButtonElement {
  return el("button", { class: "go", attributes: { type: "button", "aria-label": label }, onclick }, words);
}

/** People's own text: lines as they were written, and nothing of it taken for anything else. */
export function written(words: string): HTMLElement {
  return el("p", { class: "written" }, words);
}

/** Where something stands, and the way there. */
export function whereLine(
  desk: Desk,
  words: string,
  at: { x: number; z: number },
  name: string,
): HTMLElement {
  const go = () => desk.goTo([at.x, at.z], name);
  return el(
    "p",
    { class: "where" },
    el("span", { class: "soft" }, words),
    button({ class: "small", icon: "pin", caption: "hall.go", onclick: go }),
  );
}

/** `3시간 전`, `in 2 days`: how far from now. */
export function fromNow(seconds: number, now: number = Date.now() / 1000): string {
  const format = new Intl.RelativeTimeFormat(language.get(), { numeric: "auto" });
  const away = seconds - now;
  for (const [unit, size] of UNITS) {
    if (Math.abs(away) >= size) return format.format(Math.trunc(away / size), unit);
  }
  return text(away > 0 ? "hall.soon" : "hall.now");
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** Told to visitors before they write: they may, and sign in when they send it. */
export function signInFirst(desk: Pick<Desk, "api">): HTMLElement | string {
  return myNumber(desk) === null ? el("p", { class: "note", text: "hall.sign_in_first" }) : "";
}
