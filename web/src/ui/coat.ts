/** The ten coats, in the order of `colour` on the wire, and a small doll that wears one. */

export const COATS = [
  "#2f63ae",
  "#b5452f",
  "#2f8068",
  "#dca03a",
  "#7a4f9a",
  "#c8577a",
  "#33363d",
  "#4a90c2",
  "#8a6a3f",
  "#5b8f3a",
] as const;

const DOLL = `
<ellipse cx="29" cy="72" rx="19" ry="3.2" opacity=".14"/>
<path class="coat" d="M19.5 33Q29 28 38.5 33L46 67.5Q29 73.5 12 67.5Z"/>
<path d="M24 32.5l5 7.5 5-7.5" fill="none" stroke="#fffaf0" stroke-width="2.8"/>
<circle cx="29" cy="20" r="13.8" fill="#fbf1e2"/>
<path d="M15.3 19.2a13.8 13.8 0 0 1 27.4-.8c-4.8-5.6-8.7-6.9-13.7-6.9s-9.9 1.9-13.7 7.7z" fill="#3b332d" stroke="#8c8779" stroke-opacity=".45"/>
<circle cx="24" cy="22" r="1.8" fill="#2a2724"/><circle cx="34" cy="22" r="1.8" fill="#2a2724"/>
<circle cx="20.5" cy="26" r="2.2" fill="#f0b9a2"/><circle cx="37.5" cy="26" r="2.2" fill="#f0b9a2"/>
<circle cx="9.5" cy="52" r="4.4" fill="#fbf1e2"/><circle cx="48.5" cy="52" r="4.4" fill="#fbf1e2"/>`;

/** A doll in a coat; `wear` changes it. */
export function doll(): { element: SVGSVGElement; wear(colour: number): void } {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  element.setAttribute("viewBox", "0 0 58 76");
  element.setAttribute("class", "doll");
  element.setAttribute("aria-hidden", "true");
  element.innerHTML = DOLL;
  const coat = element.querySelector(".coat");
  return { element, wear: (colour) => coat?.setAttribute("fill", COATS[colour] ?? COATS[0]) };
}
