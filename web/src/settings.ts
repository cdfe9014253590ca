/** What a person prefers, kept on their own device (localStorage) and followed by everything that obeys it. */

import type { Link } from "./link";
import { nameProblem, randomName } from "./name";
import { COLOURS } from "./protocol/messages";
import type { Comfort, Language, Quality } from "./render/api";
import { Value } from "./value";

export interface Settings {
  readonly name: Value<string>;
  readonly colour: Value<number>;
  readonly language: Value<Language>;
  readonly quality: Value<Quality>;
  /** 0 to 1. */
  readonly volume: Value<number>;
  /** Device id of the chosen microphone; empty: the system's. */
  readonly microphone: Value<string>;
  readonly comfort: Value<Comfort>;
  /** Null follows the system. */
  readonly reducedMotion: Value<boolean | null>;
  /** The city is drawn less often. */
  readonly saving: Value<boolean>;
  /** The sun is fixed at this moment; null follows the clock. Not kept: tomorrow the sun moves again. */
  readonly time: Value<Date | null>;
  /** The help with the keys has been shown once. */
  readonly helped: Value<boolean>;
}

export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const PREFIX = "meta-gwangju.";
const COMFORT: Comfort = { turn: "snap", move: "teleport", vignette: true };

/** Read one kept value; anything unreadable or out of range falls back. */
function recall<T>(memory: Memory, key: string, valid: (value: unknown) => value is T, fallback: T): T {
  const text = memory.getItem(PREFIX + key);
  if (text === null) return fallback;
  try {
    const value: unknown = JSON.parse(text);
    return valid(value) ? value : fallback;
  } catch {
    return fallback;
  }
}

function kept<T>(memory: Memory, key: string, valid: (value: unknown) => value is T, fallback: T): Value<T> {
  const value = new Value(recall(memory, key, valid, fallback));
  value.watch((now) => memory.setItem(PREFIX + key, JSON.stringify(now)));
  return value;
}

const isName = (value: unknown): value is string => typeof value === "string" && nameProblem(value) === null;
const isColour = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < COLOURS;
const isLanguage = (value: unknown): value is Language => value === "ko" || value === "en";
const isQuality = (value: unknown): value is Quality =>
  value === "low" || value === "medium" || value === "high";
const isVolume = (value: unknown): value is number => typeof value === "number" && value >= 0 && value <= 1;
const isText = (value: unknown): value is string => typeof value === "string";
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";
const isFlagOrNull = (value: unknown): value is boolean | null => value === null || isFlag(value);
const isComfort = (value: unknown): value is Comfort => {
  if (typeof value !== "object" || value === null) return false;
  const { turn, move, vignette } = value as Record<string, unknown>;
  return (
    (turn === "snap" || turn === "smooth") && (move === "teleport" || move === "smooth") && isFlag(vignette)
  );
};

/** Recall the settings; what a link says counts for this visit and is kept like a choice. */
export function recallSettings(memory: Memory, link: Link, touch: boolean): Settings {
  const language = kept(memory, "language", isLanguage, "ko");
  const settings: Settings = {
    name: kept(memory, "name", isName, randomName(link.language ?? language.get())),
    colour: kept(memory, "colour", isColour, Math.floor(Math.random() * COLOURS)),
    language,
    quality: kept(memory, "quality", isQuality, touch ? "medium" : "high"),
    volume: kept(memory, "volume", isVolume, 0.8),
    microphone: kept(memory, "microphone", isText, ""),
    comfort: kept(memory, "comfort", isComfort, COMFORT),
    reducedMotion: kept(memory, "reduced-motion", isFlagOrNull, null),
    saving: kept(memory, "saving", isFlag, false),
    time: new Value<Date | null>(link.time),
    helped: kept(memory, "helped", isFlag, false),
  };
  if (link.name !== null) settings.name.set(link.name);
  if (link.colour !== null) settings.colour.set(link.colour);
  if (link.language !== null) settings.language.set(link.language);
  if (link.quality !== null) settings.quality.set(link.quality);
  if (link.saving) settings.saving.set(true);
  return settings;
}
