/** Where the page begins. */

import "./ui/styles/base.css";
import "./ui/styles/landing.css";
import "./ui/styles/hud.css";
import "./ui/styles/panels.css";
import "./ui/styles/civic.css";
import "./ui/styles/hall.css";
import "./ui/styles/expo.css";
import "./ui/styles/phone.css";
import { language } from "./i18n";
import { parseLink } from "./link";
import { Page } from "./page";
import { plainPage } from "./ui/plain";

function hasWebGl(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

const link = parseLink(location.search);
if (hasWebGl()) new Page(link).open();
else {
  language.set(link.language ?? "ko");
  document.body.append(plainPage());
}
document.getElementById("boot")?.remove();
