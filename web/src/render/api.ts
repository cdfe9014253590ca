/** What the page and the city view say to each other. Poses follow `streaming/messages.py`. */

export type Vec3 = readonly [number, number, number];
export type Quat = readonly [number, number, number, number];
export type Language = "ko" | "en";
export type Quality = "low" | "medium" | "high";

/** A tracked part of the body, in the body frame (origin on the ground below the person, turned by yaw). */
export interface Part {
  readonly position: Vec3;
  readonly orientation: Quat;
}

/** Where a person is. `position` is the ground point in the world frame; yaw 0 looks north, positive turns left. */
export interface BodyPose {
  readonly position: Vec3;
  readonly yaw: number;
  readonly head: Part;
  readonly left: Part | null;
  readonly right: Part | null;
}

export interface PersonLook {
  readonly id: number;
  readonly name: string;
  /** Index into the ten coat colours. */
  readonly colour: number;
}

export interface PersonState extends BodyPose {
  readonly speaking: boolean;
  readonly waving: boolean;
}

export interface Bilingual {
  readonly ko: string;
  readonly en: string;
}

export interface SpotInfo {
  readonly id: string;
  readonly kind: "landmark" | "station";
  readonly category: string;
  readonly name: Bilingual;
  readonly position: Vec3;
  readonly arrival: { readonly position: Vec3; readonly yaw: number };
  readonly accuracy_m: number;
  readonly height_m: number;
}

export type PinKind = "proposal" | "report" | "vote";
/** How far it has come, as a colour. */
export type PinTone = "fresh" | "working" | "done" | "alert" | "quiet";

/** Something of the municipality that stands in the city, for people to walk up to. */
export interface CityPin {
  readonly id: string;
  readonly kind: PinKind;
  readonly tone: PinTone;
  /** World metres; it stands on the ground there. */
  readonly x: number;
  readonly z: number;
  /** Where its front looks, as a rotation about +Y; null: at whoever looks. */
  readonly yaw: number | null;
  /** In the language of whoever wrote it, or in both. */
  readonly title: Bilingual;
  readonly detail: Bilingual;
}

/** An upright rectangle in the world whose face looks along `yaw`; `size` is width and height, metres. */
export interface Board {
  readonly position: Vec3;
  readonly yaw: number;
  readonly size: readonly [number, number];
}

/** The glb that stands in a booth, with the figures of its inspection. */
export interface BoothModel {
  readonly url: string;
  readonly sha256: string;
  readonly scale: number;
  readonly offset: Vec3;
  readonly triangles: number;
  readonly draws: number;
  /** Of all its pictures together. */
  readonly pixels: number;
}

/** A slot of the expo hall, and what stands in it. */
export interface CityBooth {
  readonly id: string;
  /** `A1`. */
  readonly number: string;
  readonly state: "free" | "taken" | "open";
  readonly screen: Board;
  readonly plate: Board;
  /** Where the model stands: the middle of its foot, and where the booth looks. */
  readonly stand: { readonly position: Vec3; readonly yaw: number };
  /** Whose it is; null: nobody's. */
  readonly organisation: Bilingual | null;
  /** What it says of itself; null while it is not open. */
  readonly title: Bilingual | null;
  readonly summary: Bilingual | null;
  readonly model: BoothModel | null;
}

/** The booths of the expo. */
export interface CityViewBooths {
  set(booths: readonly CityBooth[]): void;
  /** Show a picture on a booth's screen; null: its title card again. */
  show(booth: string, picture: HTMLVideoElement | null): void;
  /** Id of the booth whose screen or plate is at a point of the canvas, CSS pixels; null: none near by. */
  at(x: number, y: number): string | null;
  /** Booths whose models stand now. */
  readonly standing: readonly string[];
}

/** `sky` circles above the square (landing); `self` looks through the eyes of the given pose. */
export type CameraMode = { readonly kind: "sky" } | { readonly kind: "self"; readonly pose: BodyPose };

/** A rectangle in CSS pixels from the canvas's upper left corner, y down. */
export interface ScreenRect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface ViewStats {
  readonly framesPerSecond: number;
  readonly drawCalls: number;
  readonly triangles: number;
  readonly tilesLoaded: number;
  readonly tilesVisible: number;
  /** Tiles of this view that are still on their way. */
  readonly tilesAwaited: number;
  readonly bytes: number;
  /** True once the first complete city view has been drawn. */
  readonly complete: boolean;
}

/** Where a payment in VR stands. */
export interface VrPayment {
  readonly step: "none" | "asking" | "amount" | "confirm" | "paying" | "paid" | "refused";
  /** Whom it is for, as the register knows them. */
  readonly name: string;
  readonly amount: number;
  /** What is left then, or why it was refused, in words. */
  readonly said: Bilingual | null;
}

/** Money in VR; the page keeps the wallet and the payment on its way. */
export interface VrPurse {
  /** What I can spend; null for visitors. */
  balance(): number | null;
  money(amount: number): Bilingual;
  /** Those within reach, the nearest first; metres. */
  people(): readonly { readonly id: number; readonly name: string; readonly away: number }[];
  payment(): VrPayment;
  /** Begin to pay somebody; null: nobody any more. */
  choose(person: number | null): void;
  setAmount(amount: number): void;
  /** One step back: from the confirmation to the amount, from there to nobody. */
  back(): void;
  pay(): void;
  /** What came in just now, as a line of chat; null: nothing. */
  news(): { readonly name: string; readonly text: string } | null;
}

/** A line on a page of the VR panel: a vote, a proposal, a booth, or an option of a ballot. */
export interface VrLine {
  readonly id: string;
  readonly title: Bilingual;
  /** Empty for an option. */
  readonly detail: Bilingual;
  /** Whether an option is marked; null for what is no option. */
  readonly on: boolean | null;
}

/** What a page of the VR panel says now. */
export interface VrPage {
  readonly title: Bilingual;
  /** What it is about, in full and large; null: the title says it. */
  readonly lead: Bilingual | null;
  /** Its words; a new line begins a paragraph. */
  readonly said: Bilingual | null;
  readonly lines: readonly VrLine[];
  /** What the strong button does; null without one. */
  readonly act: Bilingual | null;
  /** What is agreed to: the strong button comes on the last part of the page alone. */
  readonly binding?: boolean;
}

/** Pages of the VR panel, one leading to the next. */
export interface VrPages {
  view(): VrPage;
  /** Begin with the first page. */
  open(): void;
  /** Begin with something that stands in the city: a pin, a booth. */
  openAt(id: string): void;
  /** A line was pressed. */
  press(line: string): void;
  act(): void;
  /** One step back; false where there is none. */
  back(): boolean;
}

/** What a laser in the city means. */
export interface VrThing {
  readonly kind: "person" | "pin" | "booth";
  readonly id: string;
}

/** What the VR panel can do; the page supplies it. */
export interface VrActions {
  readonly purse: VrPurse;
  /** City Hall: votes, proposals and reports; supporting, and casting a ballot. */
  readonly hall: VrPages;
  /** The expo: booths, and leaving a contact there. */
  readonly expo: VrPages;
  microphone(): "none" | "muted" | "live";
  toggleMicrophone(): void;
  wave(): void;
  /** Index of my coat colour: my own mittens wear it. */
  coat(): number;
  teleportToSpot(id: string): void;
  /** Ask the server to put me on this ground point (teleport arc). */
  teleportTo(position: Vec3, yaw: number): void;
  spots(): readonly SpotInfo[];
  placeName(): Bilingual;
  peopleNear(): number;
  lastChat(): readonly { readonly name: string; readonly text: string }[];
}

export interface Comfort {
  readonly turn: "snap" | "smooth";
  readonly move: "teleport" | "smooth";
  readonly vignette: boolean;
}

/** Everything the page asks of the renderer. One instance per page: `createCityView(canvas)`. */
export interface CityView {
  /**
   * Fetch places, ground and tileset below `base` (e.g. `/tiles/gwangju`). Rejects with a GraphicsError or a
   * CityDataError (`errors.ts`). Set the quality before: antialiasing is fixed from then on.
   */
  load(base: string): Promise<void>;
  readonly spots: readonly SpotInfo[];
  /** Ground height of the world frame at x, z; undefined while its chunk loads. */
  ground(x: number, z: number): number | undefined;
  setCamera(mode: CameraMode): void;
  setLanguage(language: Language): void;
  setQuality(quality: Quality): void;
  /** Fix the sun at a moment, or follow the clock with null. */
  setTime(moment: Date | null): void;
  setReducedMotion(on: boolean): void;
  /** Draw less often (`saving.ts`); nothing changes in a headset. */
  setSaving(on: boolean): void;
  /** Panels that lie over the canvas, in CSS pixels of it: labels keep out from under them. */
  setCovered(rects: readonly ScreenRect[]): void;
  /** Whether somebody stands and reads what lies over the city: where a picture is slow, it comes less often. */
  reading: boolean;
  addPerson(look: PersonLook): void;
  removePerson(id: number): void;
  /** @param inCrowd Only place and heading are known of them: they are drawn in one piece. */
  movePerson(id: number, state: PersonState, inCrowd: boolean): void;
  /** Whom a point of the canvas means (CSS pixels from its upper left corner); null: nobody. Not in a headset. */
  personAt(x: number, y: number): number | null;
  /** What stands in the city from now on. */
  setPins(pins: readonly CityPin[]): void;
  /** Id of the pin at a point of the canvas, CSS pixels; null where there is none near by. */
  pinAt(x: number, y: number): string | null;
  readonly booths: CityViewBooths;
  /** Called before every drawn frame with seconds since the last; the page moves people and camera in it. */
  onFrame: ((seconds: number) => void) | null;
  stats(): ViewStats;
  readonly xr: CityViewXr;
  dispose(): void;
}

export interface CityViewXr {
  supported(): Promise<boolean>;
  /** Must be called from a user gesture. Resolves when the session runs; rejects with a reason to show. */
  enter(start: BodyPose, actions: VrActions, comfort: Comfort): Promise<void>;
  exit(): Promise<void>;
  readonly presenting: boolean;
  /** The body pose of this XR frame (rig, head, hands): the page sends it up. Null outside a session. */
  pose(): BodyPose | null;
  /** The server corrected or teleported us: move the rig there. */
  relocate(position: Vec3, yaw: number): void;
  onEnd: (() => void) | null;
}
