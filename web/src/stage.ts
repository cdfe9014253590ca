/** What is drawn: the city view, loaded after the page stands, and its frame: walking, people, camera. */

import type { City } from "./city";
import { language } from "./i18n";
import type { CityView, VrActions, VrPurse } from "./render/api";
import { Value } from "./value";
import type { Controls } from "./world/controls";
import { loadDistricts } from "./world/districts";
import type { Shown } from "./world/people";

export type Loading =
  | { readonly state: "loading" | "ready" }
  | { readonly state: "failed"; readonly reason: string };

const TILES = "/tiles/gwangju";
/** Longest step of walking, seconds: after a stalled frame nobody jumps. */
const LONGEST_STEP = 0.1;
const SLOW_FRAMES = 18;
const SLOW_SECONDS = 6;

/** As whom somebody is drawn, and at which look they were in sight last. */
interface Drawn {
  readonly name: string;
  readonly colour: number;
  look: number;
}

const NOBODY: readonly Shown[] = [];

export class Stage {
  readonly loading = new Value<Loading>({ state: "loading" });
  /** Called when quality was lowered because frames came too slowly. */
  onLowered: (() => void) | null = null;
  private readonly drawn = new Map<number, Drawn>();
  /** How often it was looked who is in sight. */
  private looks = 0;
  private slowFor = 0;

  constructor(
    private readonly city: City,
    private readonly canvas: HTMLCanvasElement,
    private readonly controls: Controls,
    /** The person, or the link they came by, said which quality they want. */
    private hasChosenQuality: boolean,
    private readonly purse: VrPurse,
    /** Asked when VR begins: it is made after the stage. */
    private readonly pages: () => Pick<VrActions, "hall" | "expo">,
  ) {}

  /**
   * Load the renderer and the city. A failure is shown, and this may be called again.
   *
   * @param before What may go first: the first pictures keep a slow machine busy for long.
   */
  async open(before: Promise<void> = Promise.resolve()): Promise<void> {
    this.loading.set({ state: "loading" });
    try {
      const [{ createCityView }] = await Promise.all([import("./render/city_view"), before]);
      const view = this.city.view.get() ?? createCityView(this.canvas);
      this.follow(view);
      // Told when both are there: whoever waits for the districts may ask for the spots as well.
      const [districts] = await Promise.all([loadDistricts(TILES), view.load(TILES)]);
      this.city.districts.set(districts);
      this.loading.set({ state: "ready" });
    } catch (error) {
      this.loading.set({ state: "failed", reason: error instanceof Error ? error.message : String(error) });
    }
  }

  private follow(view: CityView): void {
    if (this.city.view.get() === view) return;
    const { settings, sky } = this.city;
    language.follow((chosen) => view.setLanguage(chosen));
    settings.quality.follow((quality) => view.setQuality(quality));
    settings.quality.watch(() => {
      this.hasChosenQuality = true;
    });
    settings.time.follow((time) => view.setTime(time));
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const setMotion = () => view.setReducedMotion(settings.reducedMotion.get() ?? calm.matches);
    settings.reducedMotion.follow(setMotion);
    calm.addEventListener("change", setMotion);
    settings.saving.follow((on) => view.setSaving(on));
    view.setCamera({ kind: "sky" });
    sky.watch((on) => on && view.setCamera({ kind: "sky" }));
    this.city.inside.watch((inside) => !inside && view.setCamera({ kind: "sky" }));
    view.onFrame = (seconds) => this.frame(view, seconds);
    view.xr.onEnd = () => this.city.presenting.set(false);
    this.city.view.set(view);
  }

  private frame(view: CityView, seconds: number): void {
    this.walk(view, Math.min(seconds, LONGEST_STEP));
    this.showPeople(view);
    this.watchPace(view, seconds);
  }

  private walk(view: CityView, seconds: number): void {
    const { city } = this;
    const headset = view.xr.pose();
    if (headset !== null) {
      city.self.place(headset.position, headset.yaw);
      return;
    }
    const wish = this.controls.take(seconds);
    if (!city.inside.get() || city.id.get() === 0) return;
    // While the connection is away the server holds my place: I may look round, not walk off.
    const intent = city.isConnected() ? wish : { ...wish, forward: 0, right: 0 };
    city.self.step(seconds, intent, (x, z) => view.ground(x, z));
    if (!city.sky.get()) view.setCamera({ kind: "self", pose: city.self.pose() });
  }

  private showPeople(view: CityView): void {
    this.looks += 1;
    const shown = this.city.inside.get() ? this.city.people.shown(performance.now() / 1000) : NOBODY;
    for (const { person, state, inCrowd } of shown) {
      let drawn = this.drawn.get(person.id);
      if (drawn === undefined || drawn.name !== person.name || drawn.colour !== person.colour) {
        view.addPerson(person);
        drawn = { name: person.name, colour: person.colour, look: this.looks };
        this.drawn.set(person.id, drawn);
      }
      drawn.look = this.looks;
      view.movePerson(person.id, state, inCrowd);
    }
    if (shown.length === this.drawn.size) return;
    for (const [id, { look }] of this.drawn) {
      if (look === this.looks) continue;
      view.removePerson(id);
      this.drawn.delete(id);
    }
  }

  /** A machine that cannot keep up gets the next lower quality, once per level, unless the person chose. */
  private watchPace(view: CityView, seconds: number): void {
    const { settings, inside } = this.city;
    const quality = settings.quality.get();
    const isResting = document.hidden || view.reading || settings.saving.get() || view.xr.presenting;
    const watched = inside.get() && !isResting && view.stats().complete;
    if (!watched || this.hasChosenQuality || quality === "low") return;
    this.slowFor = view.stats().framesPerSecond < SLOW_FRAMES ? this.slowFor + seconds : 0;
    if (this.slowFor < SLOW_SECONDS) return;
    this.slowFor = 0;
    settings.quality.set(quality === "high" ? "medium" : "low");
    this.hasChosenQuality = settings.quality.get() === "low";
    this.onLowered?.();
  }

  /** Begin VR; call it from a click. Rejects with a reason to show. */
  async enterVr(): Promise<void> {
    const view = this.city.view.get();
    if (view === null) return;
    const { city } = this;
    await view.xr.enter(city.self.pose(), this.vrActions(), city.settings.comfort.get());
    city.presenting.set(true);
    // The welcome may have come while the session started.
    if (city.id.get() !== 0) view.xr.relocate(city.self.position, city.self.yaw);
  }

  private vrActions(): VrActions {
    const { city } = this;
    return {
      purse: this.purse,
      ...this.pages(),
      microphone: () => city.microphoneFact(),
      toggleMicrophone: () => city.toggleMicrophone(),
      wave: () => void city.wave(),
      coat: () => city.settings.colour.get(),
      teleportToSpot: (id) => void city.goToSpot(id),
      teleportTo: (position, yaw) => void city.goToPoint(position, yaw),
      spots: () => city.spots(),
      placeName: () => {
        const here = city.here.get();
        return here?.spot?.name ?? here?.dong?.name ?? { ko: "광주", en: "Gwangju" };
      },
      peopleNear: () => city.census.get().near,
      lastChat: () => {
        const news = this.purse.news();
        return [...city.chat.get().slice(-3), ...(news === null ? [] : [news])];
      },
    };
  }
}
