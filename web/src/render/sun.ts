/** Where the sun stands over Gwangju, and the day's five keys of light by its altitude. Pure; angles in radians. */

const LATITUDE = 35.1468;
const LONGITUDE = 126.9199;
const DEGREE = Math.PI / 180;
/** J2000.0, 2000-01-01T12:00Z, in milliseconds of the Unix clock. */
const J2000 = Date.UTC(2000, 0, 1, 12);
const DAY = 86_400_000;

export interface SunPosition {
  /** Above the horizon, radians. */
  readonly altitude: number;
  /** From north, positive through east, radians. */
  readonly azimuth: number;
}

/**
 * Position of the sun at a moment.
 *
 * Low-precision formulas of the Astronomical Almanac (section C): about 0.01° between 1950 and 2050; refraction is
 * left out, which matters only within 0.5° of the horizon.
 */
export function sunAt(moment: Date, latitude = LATITUDE, longitude = LONGITUDE): SunPosition {
  const days = (moment.getTime() - J2000) / DAY;
  const meanLongitude = (280.46 + 0.9856474 * days) * DEGREE;
  const anomaly = (357.528 + 0.9856003 * days) * DEGREE;
  const ecliptic = meanLongitude + (1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * DEGREE;
  const obliquity = (23.439 - 4e-7 * days) * DEGREE;
  const ascension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic));
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(ecliptic));
  const siderealHours = 18.697374558 + 24.06570982441908 * days;
  const hour = (siderealHours * 15 + longitude) * DEGREE - ascension;
  const phi = latitude * DEGREE;
  const altitude = Math.asin(
    Math.sin(phi) * Math.sin(declination) + Math.cos(phi) * Math.cos(declination) * Math.cos(hour),
  );
  const azimuth = Math.atan2(
    -Math.sin(hour),
    Math.tan(declination) * Math.cos(phi) - Math.sin(phi) * Math.cos(hour),
  );
  return { altitude, azimuth: (azimuth + 2 * Math.PI) % (2 * Math.PI) };
}

/** Unit vector towards a point of the sky in the world frame (x east, y up, z south). */
export function skyDirection(position: SunPosition): [number, number, number] {
  const level = Math.cos(position.altitude);
  return [
    Math.sin(position.azimuth) * level,
    Math.sin(position.altitude),
    -Math.cos(position.azimuth) * level,
  ];
}

/** Linear light: colours as sRGB triples 0 to 1 until the renderer converts them. */
export interface LightKey {
  zenith: string;
  horizon: string;
  fog: string;
  sun: string;
  sunIntensity: number;
  skyLight: string;
  groundLight: string;
  hemisphere: number;
  /** 0 by day, 1 when every lantern is lit. */
  night: number;
}

/** Altitude in degrees with the look there (LOOK.md, "Light, material, fog"). */
export const KEYS: readonly (readonly [number, LightKey])[] = [
  [-12, key("#0d1a38", "#2c3f74", "#24345f", "#9fb2dc", 0.5, "#5068a8", "#3a3340", 1.15, 1)],
  [-4, key("#2f5094", "#f0b48c", "#8d8fb4", "#c3b6cc", 0.55, "#8c9acb", "#75655e", 1.75, 0.7)],
  [2, key("#6b97d0", "#fdd8a4", "#e8cfba", "#ffbe82", 2.3, "#b4c2e4", "#cdb298", 1.75, 0.25)],
  [14, key("#62a2e4", "#fcefd6", "#e2e8ec", "#ffe6c0", 2.75, "#cbd9f2", "#ecdcc6", 1.88, 0)],
  [45, key("#579ce4", "#eef5f8", "#d7e6f1", "#fff4e4", 2.15, "#d2dff4", "#fff3e2", 1.55, 0)],
];

/** The two keys around an altitude (degrees) and how far between them it lies, 0 to 1. */
export function keysAt(degrees: number): { from: LightKey; to: LightKey; fraction: number } {
  let upper = 1;
  while (upper < KEYS.length - 1 && degrees > keyEntry(upper)[0]) upper += 1;
  const [low, from] = keyEntry(upper - 1);
  const [high, to] = keyEntry(upper);
  return { from, to, fraction: Math.min(1, Math.max(0, (degrees - low) / (high - low))) };
}

function keyEntry(index: number): readonly [number, LightKey] {
  const entry = KEYS[index];
  if (entry === undefined) throw new RangeError(`no light key ${index}`);
  return entry;
}

function key(
  zenith: string,
  horizon: string,
  fog: string,
  sun: string,
  sunIntensity: number,
  skyLight: string,
  groundLight: string,
  hemisphere: number,
  night: number,
): LightKey {
  return { zenith, horizon, fog, sun, sunIntensity, skyLight, groundLight, hemisphere, night };
}
