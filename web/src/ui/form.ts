/** Forms: fields with their problem beside them, and buttons that wait for the server. */

import { ProblemError } from "../api/problem";
import { chosen, type Key, text } from "../i18n";
import { el, setText } from "./dom";

/** What went wrong, in words; what is no problem of the server's or the visitor's is reported as a fault. */
export function wordsOf(error: unknown): string {
  if (error instanceof ProblemError) return chosen(error.said);
  reportError(error);
  return text("problem.page");
}

export interface ProblemLine {
  readonly element: HTMLElement;
  /** Say it; empty takes it back. */
  say(message: string): void;
}

export function problemLine(id?: string): ProblemLine {
  const element = el("p", { class: "problem", id, attributes: { role: "alert" } });
  return { element, say: (message) => setText(element, message) };
}

export interface Field {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  say(message: string): void;
}

export interface FieldProps {
  readonly id: string;
  readonly label: Key;
  readonly hint?: Key;
  readonly value?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Takes the focus when its page opens. */
  readonly first?: boolean;
}

export function field({ id, label, hint, value = "", attributes = {}, first }: FieldProps): Field {
  const line = problemLine(`${id}-problem`);
  const input = el("input", {
    id,
    class: "input",
    attributes: { type: "text", autocomplete: "off", "aria-describedby": line.element.id, ...attributes },
  });
  if (first) input.dataset.first = "";
  input.value = value;
  const say = (message: string) => {
    line.say(message);
    input.setAttribute("aria-invalid", String(message !== ""));
    if (message !== "") input.focus();
  };
  input.addEventListener("input", () => input.getAttribute("aria-invalid") === "true" && say(""));
  const caption = el(
    "label",
    { attributes: { for: id } },
    el("b", { text: label }),
    hint === undefined ? null : el("small", { text: hint }),
  );
  return { element: el("div", { class: "line-field" }, caption, input, line.element), input, say };
}

/** Do something that the server answers: the button waits, and what goes wrong is said. */
export async function attempt(
  control: HTMLElement,
  say: (message: string) => void,
  work: () => Promise<unknown>,
): Promise<boolean> {
  if (control.getAttribute("aria-busy") === "true") return false;
  control.setAttribute("aria-busy", "true");
  say("");
  try {
    await work();
    return true;
  } catch (error) {
    say(wordsOf(error));
    return false;
  } finally {
    control.removeAttribute("aria-busy");
  }
}

/** The form's own button. */
export function submitButton(caption: Key): HTMLButtonElement {
  return el(
    "button",
    { class: "enter compact", attributes: { type: "submit" } },
    el("span", { text: caption }),
  );
}

/** A form that acts by its own button, and by Enter. */
export function form(act: () => void, ...children: (HTMLElement | null)[]): HTMLFormElement {
  const element = el("form", { class: "lines", attributes: { novalidate: "" } }, ...children);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    act();
  });
  return element;
}
