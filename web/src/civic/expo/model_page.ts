/** A booth's model: sending one, what the inspection found, and looking at it from all sides. */

import type { Schemas } from "../../api/client";
import { chosen, language, text } from "../../i18n";
import { button, el, setText } from "../../ui/dom";
import { attempt, problemLine, wordsOf } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import type { Stop } from "../../value";
import { ask } from "../hall/parts";
import type { ExpoDesk } from "./desk";
import type { Findings } from "./expo";
import { isGlb, MOST_BYTES, type Sending, sendModel } from "./upload";

export function modelPage(desk: ExpoDesk, id: string): SheetPage {
  return {
    title: "model.page",
    back: () => desk.pages.go(desk.manage(id)),
    build: (body) => new ModelPage(desk, id, body).stop,
  };
}

class ModelPage {
  private readonly problem = problemLine();
  private readonly shown = el("div", { class: "lines" });
  private readonly report = el("div", { class: "lines", attributes: { "aria-live": "polite" } });
  private readonly bar = el("progress", { attributes: { max: "1", "aria-label": text("model.sending") } });
  private readonly step = el("small", { class: "soft", attributes: { role: "status" } });
  private readonly sending = el("div", { class: "lines", hidden: true }, this.bar, this.step);
  private now: Sending | null = null;
  private stopView: Stop = () => undefined;
  private ended = false;

  constructor(
    private readonly desk: ExpoDesk,
    private readonly id: string,
    body: HTMLElement,
  ) {
    const input = el("input", {
      id: "model-file",
      class: "file-input",
      attributes: { type: "file", accept: ".glb,model/gltf-binary", "aria-describedby": "model-rules" },
    });
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      input.value = "";
      if (file !== undefined) void this.send(file);
    });
    body.append(
      this.shown,
      el("label", {
        class: "enter compact file-button",
        text: "model.choose",
        attributes: { for: input.id },
      }),
      input,
      this.sending,
      this.problem.element,
      this.report,
      this.rules(),
    );
    this.show();
  }

  readonly stop = (): void => {
    this.ended = true;
    this.now?.cancel();
    this.stopView();
  };

  private get model(): Schemas["ModelOut"] | null {
    return (this.desk.expo.booth(this.id)?.model ?? null) as Schemas["ModelOut"] | null;
  }

  /** Show what stands there now. */
  private show(): void {
    this.stopView();
    const { model } = this;
    if (model === null) {
      this.shown.replaceChildren(el("p", { class: "soft", text: "model.none_yet" }));
      return;
    }
    const canvas = el("canvas", {
      class: "model-view",
      label: "model.view",
      attributes: { tabindex: "0", role: "img" },
    });
    const words = el("small", { class: "soft" });
    const remove = button({
      class: "small",
      caption: "model.remove",
      onclick: () => void this.remove(remove),
    });
    this.shown.replaceChildren(canvas, words, el("div", { class: "keeping" }, remove));
    setText(words, figuresOf(model));
    this.reportOn(model.findings, true);
    let [stop, wanted]: [Stop | null, boolean] = [null, true];
    this.stopView = () => {
      wanted = false;
      stop?.();
    };
    import("../../render/booth_preview")
      .then(async ({ showModel }) => {
        const view = await showModel(canvas, model);
        if (wanted) stop = view;
        else view();
      })
      .catch((error: unknown) => {
        console.info("the model is not shown", error);
        if (wanted) this.problem.say(text("problem.offline"));
      });
  }

  private async send(file: File): Promise<void> {
    if (this.now !== null) return;
    this.problem.say("");
    this.report.replaceChildren();
    if (file.size > MOST_BYTES) return this.problem.say(text("model.too_large"));
    if (!(await isGlb(file))) return this.problem.say(text("model.no_glb"));
    this.sending.hidden = false;
    this.now = sendModel(this.desk.api, this.id, file, (share) => {
      this.bar.value = share;
      setText(
        this.step,
        share < 1 ? text("model.sent", { percent: Math.round(share * 100) }) : text("model.inspecting"),
      );
    });
    try {
      const { model, findings } = await this.now.answer;
      if (this.ended) return;
      if (model === null) this.problem.say(text("model.refused"));
      this.reportOn(findings, model !== null);
      if (model !== null) this.standing(model);
    } catch (error) {
      if (!this.ended) this.problem.say(wordsOf(error));
    } finally {
      this.now = null;
      this.sending.hidden = true;
    }
  }

  private standing(model: Schemas["ModelOut"] | null): void {
    const booth = this.desk.expo.booth(this.id);
    if (booth !== undefined) this.desk.expo.keep({ ...booth, model });
    this.show();
    if (model !== null) this.desk.tell(text("model.done"));
  }

  private async remove(control: HTMLElement): Promise<void> {
    const { api } = this.desk;
    if (!(await ask("model.remove_sure", "model.remove"))) return;
    await attempt(control, this.problem.say, async () => {
      const params = { path: { name: this.id } };
      await api.take(api.http.DELETE("/api/v1/booths/{name}/model", { params }));
      this.report.replaceChildren();
      this.standing(null);
    });
  }

  /** What was found, in words: first why it was not taken, then what was left out. */
  private reportOn(findings: Findings, taken: boolean): void {
    const kinds = taken ? (["dropped", "note"] as const) : (["refused", "dropped", "note"] as const);
    const parts = kinds.flatMap((weight) => {
      const found = findings.filter((one) => one.weight === weight);
      if (found.length === 0) return [];
      return [
        el("h4", { text: `findings.${weight}` }),
        el("ul", { class: `findings ${weight}` }, ...found.map(line)),
      ];
    });
    this.report.replaceChildren(...parts);
  }

  private rules(): HTMLElement {
    return el(
      "details",
      { class: "honest", id: "model-rules" },
      el("summary", { text: "model.rules" }),
      el(
        "ul",
        {},
        el("li", { text: "model.rule_size" }),
        el("li", { text: "model.rule_inside" }),
        el("li", { text: "model.rule_still" }),
        el("li", { text: "model.rule_stand" }),
        el("li", { text: "model.rule_yours" }),
      ),
    );
  }
}

function line(finding: Findings[number]): HTMLElement {
  const where =
    finding.where === "" ? null : el("small", {}, text("findings.where", { where: finding.where }));
  return el("li", {}, el("span", {}, chosen(finding)), where);
}

function figuresOf({ bytes, figures }: Schemas["ModelOut"]): string {
  const number = (value: number) => value.toLocaleString(language.get());
  return text("model.figures", {
    triangles: number(figures.triangles),
    textures: number(figures.textures),
    size: (bytes / 1e6).toLocaleString(language.get(), { maximumFractionDigits: 2 }),
    scale: figures.scale.toLocaleString(language.get(), { style: "percent", maximumFractionDigits: 1 }),
  });
}
