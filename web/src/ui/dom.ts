/** Building elements: typed, translated, without a framework. */

import { type Fill, type Key, language, text } from "../i18n";
import { type IconName, icon } from "./icons";

export type Child = Node | string | null | undefined | false;

export interface Props {
  class?: string;
  id?: string;
  /** Text by key; it changes with the language. */
  text?: Key;
  /** Accessible name by key. */
  label?: Key;
  placeholder?: Key;
  /** Shown on hover, and the accessible name where there is no text. */
  hint?: Key;
  hidden?: boolean;
  /** Any other attribute. */
  attributes?: Readonly<Record<string, string>>;
  onclick?: (event: MouseEvent) => void;
}

/** Element data that holds a key, and what the text goes into. */
const SLOTS = [
  ["text", "data-text", (element: HTMLElement, value: string) => (element.textContent = value)],
  ["label", "data-label", (element: HTMLElement, value: string) => element.setAttribute("aria-label", value)],
  [
    "placeholder",
    "data-placeholder",
    (element: HTMLElement, value: string) => element.setAttribute("placeholder", value),
  ],
  ["hint", "data-hint", (element: HTMLElement, value: string) => element.setAttribute("title", value)],
] as const;

/** Make an element. Texts given by key follow the language while the element is in the page. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (props.class !== undefined) element.className = props.class;
  if (props.id !== undefined) element.id = props.id;
  if (props.hidden !== undefined) element.hidden = props.hidden;
  if (props.onclick !== undefined) element.addEventListener("click", props.onclick as EventListener);
  for (const [name, value] of Object.entries(props.attributes ?? {})) element.setAttribute(name, value);
  for (const [slot, attribute, put] of SLOTS) {
    const key = props[slot];
    if (key === undefined) continue;
    element.setAttribute(attribute, key);
    put(element, text(key));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A button with an icon, a text, or both. */
export function button(
  props: Props & { icon?: IconName; caption?: Key; onclick: (event: MouseEvent) => void },
): HTMLButtonElement {
  const { icon: name, caption, attributes, ...rest } = props;
  return el(
    "button",
    { ...rest, attributes: { type: "button", ...attributes } },
    name === undefined ? null : icon(name),
    caption === undefined ? null : el("span", { text: caption }),
  );
}

/** Put text with `*…*` marks into an element: the marked part becomes emphasis. */
export function emphasised(element: HTMLElement, key: Key, fill: Fill = {}): void {
  const parts = text(key, fill).split("*");
  element.replaceChildren(
    ...parts.map((part, index) => (index % 2 === 1 ? el("em", {}, part) : document.createTextNode(part))),
  );
}

/** Translate what is in the page, now and whenever the language changes. */
export function followLanguage(): void {
  language.follow((chosen) => {
    document.documentElement.lang = chosen;
    document.title = text("page.title");
    for (const [, attribute, put] of SLOTS) {
      for (const element of document.querySelectorAll<HTMLElement>(`[${attribute}]`)) {
        put(element, text(element.getAttribute(attribute) as Key));
      }
    }
  });
}

/** Set text only when it is another one, so that screen readers and layout are left in peace. */
export function setText(element: HTMLElement, value: string): void {
  if (element.textContent !== value) element.textContent = value;
}
