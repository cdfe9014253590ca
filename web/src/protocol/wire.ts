/** Reading and writing of the wire: what `messages.ts` (generated) is built on. */

export type Vec3 = readonly [number, number, number];
export type Quat = readonly [number, number, number, number];

/** The other side sent something that is not in the protocol, or a value does not fit into a packet. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

type Integer = "u8" | "u16" | "u32" | "i16" | "i32";

const RANGE: Record<Integer, readonly [number, number]> = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffffffff],
  i16: [-0x8000, 0x7fff],
  i32: [-0x80000000, 0x7fffffff],
};

/** Steps of a smallest-three component on each side of zero; 1023 stays unused, so that zero is exact. */
const HALF = 511;

export class Reader {
  private readonly view: DataView;
  private at = 0;

  constructor(data: ArrayBuffer | Uint8Array, least: number, most: number) {
    this.view =
      data instanceof Uint8Array
        ? new DataView(data.buffer, data.byteOffset, data.byteLength)
        : new DataView(data);
    const size = this.view.byteLength;
    if (size < least || size > most) {
      throw new ProtocolError(
        `packet of ${size} bytes, not ${least === most ? least : `${least} to ${most}`}`,
      );
    }
  }

  /** Check the two bytes every packet begins with. */
  head(version: number, type: number): void {
    const [foundVersion, foundType] = [this.integer("u8"), this.integer("u8")];
    if (foundVersion !== version || foundType !== type) {
      throw new ProtocolError(
        `packet version ${foundVersion} type ${foundType} instead of ${version}/${type}`,
      );
    }
  }

  integer(kind: Integer): number {
    const { view, at } = this;
    switch (kind) {
      case "u8":
        this.at += 1;
        return view.getUint8(at);
      case "u16":
        this.at += 2;
        return view.getUint16(at, true);
      case "u32":
        this.at += 4;
        return view.getUint32(at, true);
      case "i16":
        this.at += 2;
        return view.getInt16(at, true);
      case "i32":
        this.at += 4;
        return view.getInt32(at, true);
    }
  }

  flags(kind: Integer, allowed: number): number {
    const value = this.integer(kind);
    if ((value & ~allowed) !== 0) throw new ProtocolError(`flags ${value} hold unknown bits`);
    return value;
  }

  number(kind: Integer, unit: number): number {
    return this.integer(kind) * unit;
  }

  vec3(kind: Integer, unit: number): Vec3 {
    return [this.number(kind, unit), this.number(kind, unit), this.number(kind, unit)];
  }

  quaternion(): Quat {
    const word = this.integer("u32");
    const largest = word >>> 30;
    const steps = [(word >>> 20) & 1023, (word >>> 10) & 1023, word & 1023];
    const small = steps.map((step) => (step - HALF) / (HALF * Math.SQRT2));
    const squares = small.reduce((sum, part) => sum + part * part, 0);
    if (steps.some((step) => step > 2 * HALF) || squares > 1)
      throw new ProtocolError("not a unit quaternion");
    small.splice(largest, 0, Math.sqrt(1 - squares));
    return [small[0] ?? 0, small[1] ?? 0, small[2] ?? 0, small[3] ?? 0];
  }
}

export class Writer {
  private readonly view: DataView<ArrayBuffer>;
  private at = 0;

  constructor(size: number) {
    this.view = new DataView(new ArrayBuffer(size));
  }

  done(): ArrayBuffer {
    return this.view.buffer;
  }

  integer(kind: Integer, value: number): void {
    const [least, most] = RANGE[kind];
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new ProtocolError(`${value} does not fit into ${kind}`);
    }
    const { view, at } = this;
    switch (kind) {
      case "u8":
        view.setUint8(at, value);
        this.at += 1;
        break;
      case "u16":
        view.setUint16(at, value, true);
        this.at += 2;
        break;
      case "u32":
        view.setUint32(at, value, true);
        this.at += 4;
        break;
      case "i16":
        view.setInt16(at, value, true);
        this.at += 2;
        break;
      case "i32":
        view.setInt32(at, value, true);
        this.at += 4;
        break;
    }
  }

  flags(kind: Integer, value: number, allowed: number): void {
    if ((value & ~allowed) !== 0) throw new ProtocolError(`flags ${value} hold unknown bits`);
    this.integer(kind, value);
  }

  number(kind: Integer, value: number, unit: number): void {
    this.integer(kind, Math.round(value / unit));
  }

  /** An angle in radians: any finite value, taken modulo a turn of 65536 steps. */
  turn(value: number, unit: number): void {
    this.integer("u16", Math.round(value / unit) & 0xffff);
    if (!Number.isFinite(value)) throw new ProtocolError("an angle must be finite");
  }

  vec3(kind: Integer, value: Vec3, unit: number): void {
    for (const part of value) this.number(kind, part, unit);
  }

  quaternion(value: Quat): void {
    const length = Math.hypot(...value);
    if (!Number.isFinite(length) || length < 1e-6) throw new ProtocolError("not a quaternion");
    let largest = 0;
    for (let index = 1; index < 4; index++) {
      if (Math.abs(value[index] ?? 0) > Math.abs(value[largest] ?? 0)) largest = index;
    }
    const scale = ((value[largest] ?? 0) < 0 ? -1 : 1) / length;
    let word = largest;
    for (let index = 0; index < 4; index++) {
      if (index === largest) continue;
      const step = Math.round((value[index] ?? 0) * scale * Math.SQRT2 * HALF);
      word = word * 1024 + Math.min(Math.max(step, -HALF), HALF) + HALF;
    }
    this.integer("u32", word);
  }
}

/** What a JSON field may be; a list names the literals it may hold. */
export type Check = "number" | "integer" | "string" | "boolean" | "vec3" | readonly string[];

function fits(value: unknown, check: Check): boolean {
  switch (check) {
    case "number":
      return Number.isFinite(value);
    case "integer":
      return Number.isInteger(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "vec3":
      return Array.isArray(value) && value.length === 3 && value.every((part) => Number.isFinite(part));
    default:
      return typeof value === "string" && check.includes(value);
  }
}

export type Shapes = Readonly<Record<string, Readonly<Record<string, Check>>>>;

/** Parse one JSON message and check it against the shapes: known type, every field there, no other field. */
export function parse(text: string, shapes: Shapes): unknown {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw new ProtocolError("not JSON");
  }
  if (typeof message !== "object" || message === null) throw new ProtocolError("not a message");
  const fields = new Map(Object.entries(message));
  const type = fields.get("type");
  const shape = typeof type === "string" && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (shape === undefined) throw new ProtocolError(`unknown message type ${String(type)}`);
  for (const [name, check] of Object.entries(shape)) {
    if (!fits(fields.get(name), check)) throw new ProtocolError(`${String(type)}: bad or missing ${name}`);
  }
  for (const name of fields.keys()) {
    if (name !== "type" && !Object.hasOwn(shape, name)) {
      throw new ProtocolError(`${String(type)}: unknown field ${name}`);
    }
  }
  return message;
}
