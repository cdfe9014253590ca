/** My visit: the connection, me, the others, and what the page may do. Everything shown follows its values. */

import { Ears } from "./audio/ears";
import { Microphone, type MicrophoneFact } from "./audio/microphone";
import { Connection, type ConnectionListener } from "./net/connection";
import type { LinkKind } from "./net/link";
import { Topics } from "./net/topics";
import {
  type ClientEvent,
  type Moved,
  type Notice,
  type ServerEvent,
  TICK_HZ,
  type Welcome,
} from "./protocol/messages";
import type { News as PeopleNews } from "./protocol/view";
import type { BodyPose, CityPin, CityView, SpotInfo, Vec3 } from "./render/api";
import type { Settings } from "./settings";
import { Value } from "./value";
import { isFinitePose } from "./world/body";
import type { Districts } from "./world/districts";
import { findHere, type Here, sameHere } from "./world/here";
import { type Counts, People, type Person } from "./world/people";
import { followPulse } from "./world/pulse";
import { SentPositions } from "./world/reconcile";
import { SAMPLE_EVERY, Sampler } from "./world/sampling";
import { Self } from "./world/self";

export interface ChatLine {
  readonly person: number;
  readonly name: string;
  readonly text: string;
}

/** What happened, for toasts and screen readers. */
export type News =
  | { readonly kind: "entered" | "left" | "waved"; readonly person: Person }
  | { readonly kind: "notice"; readonly ko: string; readonly en: string }
  | { readonly kind: "teleported" | "sound_back" };

/** Everyone already there is introduced in the first moments: that is no news, ms. */
const QUIET_START = 2500;
const KEPT_LINES = 100;
const LOOK_AROUND_EVERY = 250;

export class City {
  readonly microphone = new Microphone();
  readonly ears = new Ears();
  readonly connection: Connection;
  readonly self = new Self();
  readonly people = new People();
  readonly id = new Value(0);
  readonly name = new Value("");
  /** Past the landing card. */
  readonly inside = new Value(false);
  /** Only looking, from a landmark: I have no body that others see. */
  readonly looking = new Value(false);
  readonly sky = new Value(false);
  /** How many there are; chips, lists, maps and the headset all say what `people` holds. */
  readonly census = new Value<Counts>({ city: 0, near: 0 });
  readonly chat = new Value<readonly ChatLine[]>([]);
  readonly here = new Value<Here | null>(null);
  readonly view = new Value<CityView | null>(null);
  readonly districts = new Value<Districts | null>(null);
  /** What the municipality has standing around me. */
  readonly pins = new Value<readonly CityPin[]>([]);
  readonly presenting = new Value(false);
  /** What the API keeps and the city says has changed. */
  readonly topics = new Topics();
  /** The newest word of the city to me alone. */
  readonly notice = new Value<Notice | null>(null);
  onNews: ((news: News) => void) | null = null;
  private readonly sampler = new Sampler();
  private readonly sent = new SentPositions();
  private joinedAt = 0;
  private wasWithoutSound = false;

  constructor(
    readonly settings: Settings,
    signalUrl: string,
    carrier: LinkKind | null,
  ) {
    const listener: ConnectionListener = {
      onWelcome: (welcome) => this.welcomed(welcome),
      onJoined: () => this.joined(),
      onPeople: (news) => this.accept(news),
      onEvent: (event) => this.happened(event),
      onSound: (stream) => this.ears.hear(stream),
    };
    this.connection = new Connection(signalUrl, sessionStorage, listener, carrier);
    this.microphone.track.watch((track) => this.connection.setTrack(track));
    this.microphone.state.watch(() => this.tellMicrophone());
    settings.volume.follow((volume) => this.ears.setVolume(volume));
    setInterval(() => this.sendPose(), SAMPLE_EVERY / 2);
    followPulse(() => this.sendPose());
    setInterval(() => this.lookAround(), LOOK_AROUND_EVERY);
    addEventListener("pagehide", (event) => {
      // A page that the browser keeps (back-forward cache) may come back: then its session should too.
      if (!event.persisted) this.connection.leave();
    });
  }

  /** Come in. The microphone is taken as it is; it may follow later. */
  enter(spot: string | null, looking = false): void {
    this.name.set(this.settings.name.get());
    this.looking.set(looking);
    this.inside.set(true);
    this.connection.enter({
      name: this.settings.name.get(),
      colour: this.settings.colour.get(),
      language: this.settings.language.get(),
      spot,
      spectator: looking,
    });
  }

  /** Back to the landing card. */
  leave(): void {
    this.connection.leave();
    this.microphone.close();
    this.people.clear();
    this.chat.set([]);
    this.census.set({ city: 0, near: 0 });
    this.sky.set(false);
    this.inside.set(false);
    this.looking.set(false);
    this.connection.backToLanding();
  }

  spots(): readonly SpotInfo[] {
    return this.view.get()?.spots ?? [];
  }

  /** My body as it goes to the server: the headset's while it presents, else the one at the desk. */
  pose(): BodyPose {
    return this.view.get()?.xr.pose() ?? this.self.pose();
  }

  isConnected(): boolean {
    return this.connection.status.get().state === "connected";
  }

  say(text: string): boolean {
    return this.send({ type: "say", text });
  }

  wave(): boolean {
    return this.send({ type: "wave" });
  }

  goToSpot(spot: string): boolean {
    return this.send({ type: "teleport", spot });
  }

  /** Ask for a point within reach of me; the server has the last word. */
  goToPoint(position: Vec3, yaw: number | null = null): boolean {
    return this.send({ type: "teleport", position, yaw });
  }

  /** Mute, unmute, or ask for the microphone when there is none. */
  toggleMicrophone(): void {
    const fact = this.microphone.fact();
    if (fact === "none") void this.microphone.open(this.settings.microphone.get());
    else this.microphone.setMuted(fact === "live");
  }

  microphoneFact(): MicrophoneFact {
    return this.microphone.fact();
  }

  private send(event: ClientEvent): boolean {
    return this.connection.sendEvent(event);
  }

  private welcomed(welcome: Welcome): void {
    this.id.set(welcome.person);
    this.name.set(welcome.name);
    this.people.clear();
    this.stand(welcome.position, welcome.yaw);
  }

  private joined(): void {
    this.joinedAt = performance.now();
    this.topics.tellAll();
    this.tellMicrophone();
    if (this.wasWithoutSound && this.hasSound()) this.onNews?.({ kind: "sound_back" });
    this.wasWithoutSound = !this.hasSound();
  }

  /** Whether the connection carries sound. */
  hasSound(): boolean {
    return this.connection.status.get().link === "peer";
  }

  private tellMicrophone(): void {
    if (this.microphone.state.get() !== "asking" && !this.looking.get()) {
      const live = this.hasSound() && this.microphone.fact() === "live";
      this.send({ type: "microphone", live });
    }
  }

  private stand(position: Vec3, yaw: number): void {
    this.sent.clear();
    this.self.place(position, yaw);
    const xr = this.view.get()?.xr;
    if (xr?.presenting) xr.relocate(position, yaw);
  }

  private accept(news: PeopleNews): void {
    const now = performance.now() / 1000;
    this.people.accept(news, now);
    const at = news.crowd.tick / TICK_HZ;
    const told = news.crowd.people.map(({ id, position: [x, y, z], ...one }) => ({
      ...one,
      person: id,
      x,
      y,
      z,
      at,
    }));
    this.people.acceptCrowd(told, now, news.crowd.begins);
    const { acknowledged, position, yaw } = news.me;
    const correction = this.sent.correct(acknowledged, position);
    if (correction === null) return;
    const xr = this.view.get()?.xr;
    if (!xr?.presenting) this.self.shift(correction.shift);
    // In a headset the floor must not slide: only a real jump moves the rig.
    else if (correction.kind === "snap") xr.relocate(position, yaw);
  }

  private happened(event: ServerEvent): void {
    const fresh = performance.now() - this.joinedAt < QUIET_START;
    switch (event.type) {
      case "entered":
        if (event.person !== this.id.get()) this.entered(event, fresh);
        break;
      case "left":
        this.tell("left", this.people.leave(event.person));
        break;
      case "said":
        this.chat.set([...this.chat.get(), event].slice(-KEPT_LINES));
        break;
      case "waved":
        this.tell(
          "waved",
          this.people.everyone().find(({ id }) => id === event.person),
        );
        break;
      case "microphone_changed":
        this.people.setMicrophone(event.person, event.live);
        break;
      case "moved":
        this.moved(event);
        break;
      case "changed":
        this.topics.tell(event.topic);
        break;
      case "census":
        // Each who comes and goes was told of before: what is shown is counted from that, and agrees with the list.
        this.count();
        break;
      case "notice":
        this.notice.set(event);
        // What was done to me is said at length elsewhere. Nobody hears me: it must not look as if they did.
        if (event.code === "sanctioned") this.microphone.setMuted(true);
        else this.onNews?.({ kind: "notice", ko: event.ko, en: event.en });
    }
  }

  private entered(event: Extract<ServerEvent, { type: "entered" }>, fresh: boolean): void {
    const isNew = this.people.enter(event);
    if (isNew && !fresh)
      this.tell(
        "entered",
        this.people.everyone().find(({ id }) => id === event.person),
      );
  }

  private tell(kind: "entered" | "left" | "waved", person: Person | undefined): void {
    if (person !== undefined) this.onNews?.({ kind, person });
  }

  private moved({ position, yaw, reason }: Moved): void {
    this.stand(position, yaw);
    if (reason === "teleport") {
      this.sky.set(false);
      this.onNews?.({ kind: "teleported" });
    }
  }

  private sendPose(): void {
    if (!this.isConnected() || this.looking.get()) return;
    const pose = this.pose();
    if (!isFinitePose(pose)) return;
    const sample = this.sampler.sample(pose, performance.now(), this.connection.received());
    if (sample === null || !this.connection.sendState(sample.packet)) return;
    this.sent.remember(sample.sequence, pose.position);
  }

  private lookAround(): void {
    if (!this.inside.get() || this.id.get() === 0) return;
    const here = findHere(this.spots(), this.districts.get(), this.self.position);
    if (!sameHere(this.here.get(), here)) this.here.set(here);
    this.count();
  }

  /** While the connection is away, what was counted last stands. */
  private count(): void {
    if (!this.isConnected()) return;
    const [now, before] = [
      this.people.counts(performance.now() / 1000, this.looking.get()),
      this.census.get(),
    ];
    if (now.city !== before.city || now.near !== before.near) this.census.set(now);
  }
}
