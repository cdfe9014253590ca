/**
 * `window.metaGwangju.inspect()`: what this page is, sees and hears, for tests and tools. Read-only.
 *
 * All poses are in the world frame (metres, radians; x east, y up, z south; `position` is the ground point,
 * yaw 0 looks north, positive turns left; quaternions x, y, z, w). `people` are as they are displayed at the
 * moment of the call, after interpolation. `ears` are RMS dBFS of the received stereo track over the newest
 * 0.4 s, before the volume setting; null means silence or no sound yet. Before `connection.state` is
 * `connected` for the first time, `self.id` is 0 and `people` is empty. The same shape comes, as JSON lines,
 * from `meta-gwangju headset --inspect`.
 */

import type { Ears } from "./audio/ears";
import type { MicrophoneFact } from "./audio/microphone";
import type { ChatLine } from "./city";
import type { ConnectionState, Status } from "./net/connection";
import type { LinkKind } from "./net/link";
import type { BodyPose, CityView, Language, Part, Quat, Vec3 } from "./render/api";
import type { Settings } from "./settings";
import type { Value } from "./value";
import { groundDistance, partInWorld } from "./world/body";
import type { Counts, People } from "./world/people";

export interface InspectedPart {
  readonly position: Vec3;
  readonly orientation: Quat;
}

export interface InspectedPose {
  readonly position: Vec3;
  readonly yaw: number;
  readonly head: InspectedPart;
  readonly left_hand: InspectedPart | null;
  readonly right_hand: InspectedPart | null;
}

export interface InspectedPerson {
  readonly id: number;
  readonly name: string;
  readonly pose: InspectedPose;
  readonly speaking: boolean;
  readonly waving: boolean;
  /** Over the ground. */
  readonly distance_m: number;
}

export interface Inspection {
  readonly version: 1;
  readonly connection: {
    readonly state: ConnectionState;
    readonly detail: string;
    readonly resumed: boolean;
    /** First eight characters of the session token. */
    readonly session: string;
    readonly reconnects: number;
    /** `socket`: without sound. */
    readonly link: LinkKind;
  };
  readonly self: {
    readonly id: number;
    readonly name: string;
    readonly pose: InspectedPose;
    readonly microphone: MicrophoneFact;
  };
  readonly people: readonly InspectedPerson[];
  readonly ears: { readonly left_db: number | null; readonly right_db: number | null };
  readonly counts: Counts;
  readonly chat: readonly { readonly person: number; readonly name: string; readonly text: string }[];
  readonly frames_per_second: number;
  readonly city: {
    readonly tiles_loaded: number;
    readonly tiles_visible: number;
    readonly bytes: number;
    readonly complete: boolean;
    readonly draw_calls: number;
    readonly triangles: number;
    readonly resting: boolean;
  };
  readonly vr: { readonly supported: boolean; readonly presenting: boolean };
  readonly language: Language;
}

/** What of a visit is looked at; `City` is one. */
export interface Inspectable {
  readonly connection: { readonly status: Pick<Value<Status>, "get"> };
  readonly settings: Pick<Settings, "name" | "language">;
  readonly id: Value<number>;
  readonly name: Value<string>;
  readonly ears: Pick<Ears, "levels">;
  readonly people: Pick<People, "shown">;
  readonly census: Value<Counts>;
  readonly chat: Value<readonly ChatLine[]>;
  readonly view: Value<CityView | null>;
  pose(): BodyPose;
  microphoneFact(): MicrophoneFact;
}

/** A body pose with its parts in the world frame. */
export function worldPose(pose: BodyPose): InspectedPose {
  const part = (one: Part | null) => (one === null ? null : partInWorld(pose, one));
  return {
    position: pose.position,
    yaw: pose.yaw,
    head: partInWorld(pose, pose.head),
    left_hand: part(pose.left),
    right_hand: part(pose.right),
  };
}

/** Freeze a plain value all the way down; what is handed out cannot reach back into the page. */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}

function inspectedPeople(city: Inspectable, now: number): InspectedPerson[] {
  return city.people.shown(now).map(({ person, state }) => ({
    id: person.id,
    name: person.name,
    pose: worldPose(state),
    speaking: state.speaking,
    waving: state.waving,
    distance_m: groundDistance(state.position, city.pose().position),
  }));
}

function inspectedCity(city: Inspectable): Pick<Inspection, "frames_per_second" | "city"> {
  const stats = city.view.get()?.stats();
  return {
    frames_per_second: stats?.framesPerSecond ?? 0,
    city: {
      tiles_loaded: stats?.tilesLoaded ?? 0,
      tiles_visible: stats?.tilesVisible ?? 0,
      bytes: stats?.bytes ?? 0,
      complete: stats?.complete ?? false,
      draw_calls: stats?.drawCalls ?? 0,
      triangles: stats?.triangles ?? 0,
      resting: city.view.get()?.reading ?? false,
    },
  };
}

/** Look at a visit now. */
export function inspect(city: Inspectable, isVrSupported: boolean): Inspection {
  const { state, detail, resumed, session, reconnects, link } = city.connection.status.get();
  const ears = city.ears.levels();
  const inspection: Inspection = {
    version: 1,
    connection: { state, detail, resumed, session: session.slice(0, 8), reconnects, link },
    self: {
      id: city.id.get(),
      name: city.name.get() || city.settings.name.get(),
      pose: worldPose(city.pose()),
      microphone: city.microphoneFact(),
    },
    people: inspectedPeople(city, performance.now() / 1000),
    ears: { left_db: ears.left, right_db: ears.right },
    counts: { ...city.census.get() },
    chat: city.chat.get().map(({ person, name, text }) => ({ person, name, text })),
    ...inspectedCity(city),
    vr: { supported: isVrSupported, presenting: city.view.get()?.xr.presenting ?? false },
    language: city.settings.language.get(),
  };
  return frozen(structuredClone(inspection));
}

declare global {
  interface Window {
    readonly metaGwangju: { readonly inspect: () => Inspection };
  }
}

/** Put `inspect` on the window, for good. */
export function installInspect(city: Inspectable): void {
  let isVrSupported = false;
  city.view.watch((view) => void view?.xr.supported().then((supported) => (isVrSupported = supported)));
  const value = Object.freeze({ inspect: () => inspect(city, isVrSupported) });
  Object.defineProperty(window, "metaGwangju", {
    value,
    writable: false,
    configurable: false,
    enumerable: true,
  });
}
