/** The page's icons, drawn for it: 24 × 24, line 1.8, round ends. */

const PATHS = {
  microphone:
    "M12 3.5a2.8 2.8 0 0 0-2.8 2.8v5a2.8 2.8 0 0 0 5.6 0v-5A2.8 2.8 0 0 0 12 3.5zM6.2 11.2a5.8 5.8 0 0 0 11.6 0M12 17v3.5M9 20.5h6",
  microphoneOff:
    "M9.2 9v2.3a2.8 2.8 0 0 0 4.7 2M14.8 10.5V6.3a2.8 2.8 0 0 0-5.3-1.2M6.2 11.2a5.8 5.8 0 0 0 9.3 4.6M17.5 13a5.8 5.8 0 0 0 .3-1.8M12 17v3.5M9 20.5h6M4 4l16 16",
  chat: "M4.5 5.5h15v10.5H10L5.8 19.5V16H4.5z",
  pin: "M12 20.5s6.5-5.8 6.5-10.5a6.5 6.5 0 0 0-13 0c0 4.7 6.5 10.5 6.5 10.5zM12 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z",
  people:
    "M9 11.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3 19.5c.3-3.5 2.7-5.5 6-5.5s5.7 2 6 5.5M15.5 5.3a2.8 2.8 0 0 1 0 5.4M17 14.2c2.3.5 3.7 2.3 4 5.3",
  map: "M9 4.5l-5 2v13l5-2 6 2 5-2v-13l-5 2zM9 4.5v13M15 6.5v13",
  settings:
    "M4 7.5h9M18 7.5h2M15.5 9.7a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM4 16.5h2M11 16.5h9M8.5 18.7a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  menu: "M4 7h16M4 12h16M4 17h16",
  wave: "M8 12.5V6.8a1.4 1.4 0 0 1 2.8 0V11M10.8 11V5a1.4 1.4 0 0 1 2.8 0v6M13.6 11V6.2a1.4 1.4 0 0 1 2.8 0v5.3M16.4 11.5V9a1.3 1.3 0 0 1 2.6 0v5.3c0 3.7-2.5 6.2-6 6.2-2.9 0-4.6-1.4-6-3.9l-2.3-4c.9-1.1 2.3-.9 3.3.6",
  headset: "M3.5 8.5h17v8h-4.6L13.7 14h-3.4l-2.2 2.5H3.5zM7.5 12.2h.01M16.5 12.2h.01",
  sky: "M7 17.5h10a3.7 3.7 0 0 0 .6-7.35A5.6 5.6 0 0 0 7 9.3a4.1 4.1 0 0 0 0 8.2z",
  street: "M9.5 4L6 20M14.5 4L18 20M12 5v2.5M12 10.5V13M12 16v2.5",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4.5 11.5l15.5-7-5.5 15.5-3.3-6z",
  sun: "M12 15.8a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM12 2.8v2.4M12 18.8v2.4M2.8 12h2.4M18.8 12h2.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  info: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.5M12 7.7h.01",
  warning: "M12 4.2L21 19.5H3zM12 10v4.5M12 16.9h.01",
  arrow: "M5 12h14M13 6l6 6-6 6",
  dice: "M5 5h14v14H5zM9 9h.01M15 9h.01M12 12h.01M9 15h.01M15 15h.01",
  search: "M10.8 17a6.2 6.2 0 1 0 0-12.4 6.2 6.2 0 0 0 0 12.4zM15.4 15.4L20 20",
  help: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM9.6 9.6a2.45 2.45 0 1 1 3.6 2.15c-.8.45-1.2.9-1.2 1.85M12 16.6h.01",
  plus: "M12 5.5v13M5.5 12h13",
  minus: "M5.5 12h13",
  target: "M12 17.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM12 3v3.5M12 17.5V21M3 12h3.5M17.5 12H21",
  back: "M14.5 5.5L8 12l6.5 6.5",
  onward: "M9.5 5.5L16 12l-6.5 6.5",
  wallet:
    "M5.5 7.5h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2V6.8a1.8 1.8 0 0 1 1.5-1.8l9.5-1.5v4M16.2 13.5h.01",
  citizen:
    "M4.5 5.5h15v13h-15zM9 12a1.9 1.9 0 1 0 0-3.8A1.9 1.9 0 0 0 9 12zM6.3 16c.2-1.7 1.2-2.6 2.7-2.6s2.5.9 2.7 2.6M14.5 10h2.8M14.5 13.5h2.8",
  key: "M7.8 16.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM12 12h8.5v3.2M16.8 12v2.6",
  pencil: "M5 19l.8-3.8L16 5l3 3L8.8 18.2zM14 7l3 3",
  copy: "M9 9h10v10H9zM6 15H5V5h10v1",
  printer: "M7.5 9V4.5h9V9M7.5 16.5H5V9.5h14v7h-2.5M7.5 14h9v5.5h-9z",
  download: "M12 4.5v10M7.8 10.5L12 14.7l4.2-4.2M5 19.5h14",
  out: "M7.5 16.5L16.5 7.5M9.5 7.5h7v7",
  in: "M16.5 7.5L7.5 16.5M14.5 16.5h-7v-7",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1",
  sound: "M4.5 9.8v4.4h3.2l4.3 3.6V6.2L7.7 9.8zM15.5 9.3a4 4 0 0 1 0 5.4M18 6.8a7.4 7.4 0 0 1 0 10.4",
  station:
    "M7 4.5h10a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 15V6A1.5 1.5 0 0 1 7 4.5zM5.5 11h13M8.7 13.8h.01M15.3 13.8h.01M8.5 16.5L6.5 20M15.5 16.5l2 3.5",
  house: "M4 11.5l8-6.5 8 6.5M6.5 10v9h11v-9M10.5 19v-5h3v5",
  hall: "M4.5 19.5h15M6.5 19V10.5M17.5 19V10.5M10.2 19v-8.5M13.8 19v-8.5M4.5 10l7.5-5 7.5 5z",
  booth:
    "M4.5 9.5L6 5h12l1.5 4.5a2.5 2.5 0 0 1-5 0 2.5 2.5 0 0 1-5 0 2.5 2.5 0 0 1-5 0zM6 12.5V19h12v-6.5M10 19v-4h4v4",
  flame:
    "M12 20.5a5.8 5.8 0 0 0 5.8-5.8c0-4.2-3.8-5.7-3.8-9.7-2.6 1-3.7 3.2-3.6 5.2-1-.4-1.5-1.3-1.6-2.4-1.7 1.7-2.6 4.2-2.6 6.9A5.8 5.8 0 0 0 12 20.5z",
  palette:
    "M12 4a8 8 0 1 0 0 16c1.3 0 1.8-.9 1.5-2-.4-1.4.4-2.3 1.8-2.3h1.7a3 3 0 0 0 3-3C20 7.7 16.4 4 12 4zM8 12.5h.01M9.7 8.5h.01M14.3 8.5h.01",
  book: "M12 6.5c-2-1.3-4.5-1.7-7.5-1.5v13c3-.2 5.5.2 7.5 1.5 2-1.3 4.5-1.7 7.5-1.5V5c-3-.2-5.5.2-7.5 1.5zM12 6.5V19.5",
  mountain: "M3.5 18.5L10 7l4 6.5 2-3 4.5 8z",
  star: "M12 4.5l2.3 4.9 5.2.7-3.8 3.7.9 5.3-4.6-2.5-4.6 2.5.9-5.3-3.8-3.7 5.2-.7z",
  door: "M6.5 20V4.5h9V20M4 20h13M12.7 12.5h.01M19 9l2.5 3-2.5 3M21.5 12h-4",
  idea: "M7 4.5v16M7 5.5h11l-2.5 3.5L18 12.5H7",
  ballot: "M4.5 11.5h15v8h-15zM8 11.5V4.5h8v7M10.2 7.8l1.4 1.4 2.4-2.7M9.5 15h5",
  alert: "M12 3.5l8.5 8.5-8.5 8.5L3.5 12zM12 8.5v4M12 15.3h.01",
  shield: "M12 3.8l7 2.4v5.6c0 4.2-2.8 7-7 8.4-4.2-1.4-7-4.2-7-8.4V6.2zM8.8 11.8l2.3 2.3 4.1-4.4",
  receipt: "M6 3.8h12v16.4l-2-1.4-2 1.4-2-1.4-2 1.4-2-1.4-2 1.4zM9 8.5h6M9 12h6",
  heart: "M12 19.5S4.5 15 4.5 9.6A3.9 3.9 0 0 1 12 8a3.9 3.9 0 0 1 7.5 1.6c0 5.4-7.5 9.9-7.5 9.9z",
  camera: "M4.5 8h3.2l1.6-2.5h5.4L16.3 8h3.2v11h-15zM12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z",
  image: "M4.5 5.5h15v13h-15zM8.8 10.2h.01M5 17l4.5-4.5 3 3 2.5-2.5 4 4",
  file: "M7 3.8h7l4 4v12.4H7zM14 3.8v4h4M9.8 12h5M9.8 15.5h5",
  check: "M5 12.5l4.5 4.5L19 7.5",
} as const;

export type IconName = keyof typeof PATHS;

const SVG = "http://www.w3.org/2000/svg";

/** An icon that screen readers pass over. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** The icon of a spot by its category. */
export function spotIcon(category: string): IconName {
  const icons: Readonly<Record<string, IconName>> = {
    memory: "flame",
    culture: "palette",
    campus: "book",
    accent: "star",
    nature: "mountain",
    station: "station",
  };
  return icons[category] ?? "pin";
}

/** The mark of Meta Gwangju: paper houses before the mountain, on a brass line. */
export function mark(): HTMLImageElement {
  const image = document.createElement("img");
  image.src = "/favicon.svg";
  image.className = "mark";
  image.alt = "";
  return image;
}
