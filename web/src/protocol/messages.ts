// Written by tools/generate_protocol.py from streaming/messages.py; change that and generate again.

import { parse, type Quat, Reader, type Shapes, type Vec3, Writer } from "./wire";

export { ProtocolError, type Quat, type Vec3 } from "./wire";

/** Version of this protocol; another one is refused. */
export const PROTOCOL_VERSION = 3;
/** Longest signalling message, bytes of UTF-8. */
export const MAX_SIGNAL_BYTES = 65536;
/** Longest message on the `events` channel, bytes of UTF-8. */
export const MAX_EVENT_BYTES = 4096;
/** Longest name, characters. */
export const MAX_NAME = 24;
/** Longest text of `say`, characters. */
export const MAX_TEXT = 300;
/** How many coat colours there are. */
export const COLOURS = 10;
/** Places a client has: at most so many people are shown. */
export const MAX_NEAR = 64;
/** People within this many metres are shown. */
export const NEAR_RADIUS = 60;
/** World ticks a second. */
export const TICK_HZ = 20;
/** Body parts are at most this far from the ground point, metres. */
export const REACH = 3;
/** Longest packet on the `state` channel, bytes. */
export const MAX_STATE_BYTES = 1100;
export const STATE_CHANNEL = "state";
export const EVENTS_CHANNEL = "events";

/** WebSocket close codes of `/signal` (private range of RFC 6455, section 7.4.2). */
export const Close = {
  /** The client said bye. */
  LEFT: 4000,
  /** Not JSON, not a known message, or too large. */
  MALFORMED: 4001,
  /** A message that the state table does not allow now. */
  OUT_OF_ORDER: 4002,
  /** The protocol version is not spoken here. */
  UNSUPPORTED_PROTOCOL: 4003,
  /** The name is empty, too long, or holds characters that may not be shown. */
  BAD_NAME: 4004,
  /** The same session came in again from somewhere else. */
  REPLACED: 4005,
  /** The SDP or a candidate could not be used. */
  BAD_OFFER: 4006,
  /** The city is full, and so is its queue. */
  FULL: 4007,
  /** No hello, or no peer connection, in time. */
  TIMED_OUT: 4008,
  /** There is no landmark of that id. */
  UNKNOWN_SPOT: 4009,
  /** The server is stopping; come back shortly. */
  GOING_DOWN: 4010,
  /** An officer removed the client, or a sanction keeps them out: the refusal says why and until when. */
  REMOVED: 4011,
} as const;
export type Close = (typeof Close)[keyof typeof Close];

/** Second byte of every state packet; the first is `PROTOCOL_VERSION`. */
export const PacketType = {
  POSE_SAMPLE: 1,
  PEOPLE: 2,
} as const;
export type PacketType = (typeof PacketType)[keyof typeof PacketType];

/** What a pose holds, and what a person is doing. */
export const Body = {
  LEFT_HAND: 1,
  RIGHT_HAND: 2,
  SPEAKING: 4,
  WAVING: 8,
} as const;

export type Kind = "browser" | "headset" | "simulated";

export type Language = "ko" | "en";

// --- signalling, client to server ---

/** First message on the socket: who I am, and which session I would like back. */
export interface Hello {
  readonly type: "hello";
  readonly protocol: number;
  readonly name: string;
  readonly colour: number;
  readonly language: Language;
  readonly kind: Kind;
  readonly session?: string | null;
  readonly spot?: string | null;
  readonly spectator?: boolean;
}

/** The client's SDP offer. It carries `state` and `events` channels, a microphone and one audio track. */
export interface Offer {
  readonly type: "offer";
  readonly sdp: string;
}

/** One trickled ICE candidate; `candidate: null` ends them. */
export interface Candidate {
  readonly type: "candidate";
  readonly candidate: string | null;
  readonly sdp_mid?: string | null;
  readonly sdp_m_line_index?: number | null;
}

/** Have this socket carry `state` and `events`. `meanwhile`: only until the peer connection comes up. */
export interface Fallback {
  readonly type: "fallback";
  readonly meanwhile: boolean;
}

/** A message of `events`, word for word, on a socket that carries them; sent by both sides. */
export interface Envelope {
  readonly type: "event";
  readonly text: string;
}

/** I am leaving for good: free my session. */
export interface Bye {
  readonly type: "bye";
}

export type ClientSignal = Hello | Offer | Candidate | Fallback | Envelope | Bye;

// --- signalling, server to client ---

/** The city is full: `ahead` wait before you, and you have waited `since` seconds. */
export interface Waiting {
  readonly type: "waiting";
  readonly ahead: number;
  readonly since: number;
  readonly session: string;
}

/** You are in: the session to come back with, your id, and where you stand. */
export interface Welcome {
  readonly type: "welcome";
  readonly protocol: number;
  readonly session: string;
  readonly person: number;
  readonly resumed: boolean;
  readonly name: string;
  readonly city: string;
  readonly position: Vec3;
  readonly yaw: number;
  readonly tick_hz: number;
}

/** The server's SDP answer, all candidates inside. */
export interface Answer {
  readonly type: "answer";
  readonly sdp: string;
}

/** This socket carries `state` and `events`, until the channels of a peer connection are open. */
export interface Carried {
  readonly type: "carried";
}

/** What was wrong, in both languages. When `fatal`, the socket closes with a `Close` code after it. */
export interface Refusal {
  readonly type: "refusal";
  readonly code: string;
  readonly ko: string;
  readonly en: string;
  readonly fatal: boolean;
}

export type ServerSignal = Waiting | Welcome | Answer | Carried | Envelope | Refusal;

// --- events, client to server ---

/** Text to the people near me. */
export interface Say {
  readonly type: "say";
  readonly text: string;
}

/** I wave. */
export interface Wave {
  readonly type: "wave";
}

/** Take me to a landmark (`spot`), or to a point within reach (`position`); exactly one of the two. */
export interface Teleport {
  readonly type: "teleport";
  readonly spot?: string | null;
  readonly position?: Vec3 | null;
  readonly yaw?: number | null;
}

/** My microphone is live, or muted. */
export interface Microphone {
  readonly type: "microphone";
  readonly live: boolean;
}

export type ClientEvent = Say | Wave | Teleport | Microphone;

// --- events, server to client ---

/** Someone is in the city (also sent for everyone already there). */
export interface Entered {
  readonly type: "entered";
  readonly person: number;
  readonly name: string;
  readonly colour: number;
  readonly kind: Kind;
  readonly microphone: boolean;
}

/** Someone left the city. */
export interface Left {
  readonly type: "left";
  readonly person: number;
}

/** Someone near said this; `seconds` is the server's clock since the city opened. */
export interface Said {
  readonly type: "said";
  readonly person: number;
  readonly name: string;
  readonly text: string;
  readonly seconds: number;
}

/** Someone waves. */
export interface Waved {
  readonly type: "waved";
  readonly person: number;
}

/** Someone's microphone went live or mute. */
export interface MicrophoneChanged {
  readonly type: "microphone_changed";
  readonly person: number;
  readonly live: boolean;
}

/** The server put you here: after a teleport, or because a step was refused. */
export interface Moved {
  readonly type: "moved";
  readonly position: Vec3;
  readonly yaw: number;
  readonly reason: "not_allowed" | "out_of_bounds" | "teleport" | "too_fast";
}

/** Something that the API keeps is another now, for everybody or for you: fetch it again. */
export interface Changed {
  readonly type: "changed";
  readonly topic: string;
}

/** How many people are in the city, and how many of them within sight of you. */
export interface Census {
  readonly type: "census";
  readonly city: number;
  readonly near: number;
}

/** A message of yours was refused; nothing changed. */
export interface Notice {
  readonly type: "notice";
  readonly code: string;
  readonly ko: string;
  readonly en: string;
}

export type ServerEvent =
  | Entered
  | Left
  | Said
  | Waved
  | MicrophoneChanged
  | Moved
  | Changed
  | Census
  | Notice;

const SERVERSIGNAL_SHAPES: Shapes = {
  waiting: { ahead: "integer", since: "number", session: "string" },
  welcome: {
    protocol: "integer",
    session: "string",
    person: "integer",
    resumed: "boolean",
    name: "string",
    city: "string",
    position: "vec3",
    yaw: "number",
    tick_hz: "integer",
  },
  answer: { sdp: "string" },
  carried: {},
  event: { text: "string" },
  refusal: { code: "string", ko: "string", en: "string", fatal: "boolean" },
};

/** Parse a ServerSignal, strictly. Throws ProtocolError. */
export function parseServerSignal(text: string): ServerSignal {
  return parse(text, SERVERSIGNAL_SHAPES) as ServerSignal;
}

const SERVEREVENT_SHAPES: Shapes = {
  entered: {
    person: "integer",
    name: "string",
    colour: "integer",
    kind: ["browser", "headset", "simulated"],
    microphone: "boolean",
  },
  left: { person: "integer" },
  said: { person: "integer", name: "string", text: "string", seconds: "number" },
  waved: { person: "integer" },
  microphone_changed: { person: "integer", live: "boolean" },
  moved: {
    position: "vec3",
    yaw: "number",
    reason: ["not_allowed", "out_of_bounds", "teleport", "too_fast"],
  },
  changed: { topic: "string" },
  census: { city: "integer", near: "integer" },
  notice: { code: "string", ko: "string", en: "string" },
};

/** Parse a ServerEvent, strictly. Throws ProtocolError. */
export function parseServerEvent(text: string): ServerEvent {
  return parse(text, SERVEREVENT_SHAPES) as ServerEvent;
}

// --- state packets ---

const TURN_16 = (2 * Math.PI) / 65536;
const MILLIMETRE = 0.001;
const HAND_BITS = Body.LEFT_HAND | Body.RIGHT_HAND;
/** Where the pose begins in a PoseSample: what stands before it is another with each sample. */
export const POSE_OFFSET = 12;

/** Client to server, at most one per tick: my newest pose. Older sequence numbers are dropped. */
export interface PoseSample {
  /** Rises by one a sample, wraps. */
  readonly sequence: number;
  /** Tick of the newest packet I have; 0 before the first. */
  readonly seen: number;
  /** Bit k: I also have that of `seen` − 1 − k. */
  readonly seenBefore: number;
  /** Body flags: LEFT_HAND, RIGHT_HAND. */
  readonly body: number;
  /** Ground point below me, world frame; the server sets y. */
  readonly position: Vec3;
  /** Heading, radians, 0 looks north, positive turns left. */
  readonly yaw: number;
  /** Head (between the eyes), body frame. */
  readonly headPosition: Vec3;
  /** Head, body frame. */
  readonly headOrientation: Quat;
  /** Left hand (grip), body frame; zero when absent. */
  readonly leftPosition: Vec3;
  /** Left hand, body frame; identity when absent. */
  readonly leftOrientation: Quat;
  /** Right hand (grip), body frame; zero when absent. */
  readonly rightPosition: Vec3;
  /** Right hand, body frame; identity when absent. */
  readonly rightOrientation: Quat;
}

/** Encode into 57 bytes; throws ProtocolError when a value does not fit. */
export function encodePoseSample(value: PoseSample): ArrayBuffer {
  const writer = new Writer(57);
  writer.integer("u8", PROTOCOL_VERSION);
  writer.integer("u8", PacketType.POSE_SAMPLE);
  writer.integer("u16", value.sequence);
  writer.integer("u32", value.seen);
  writer.integer("u32", value.seenBefore);
  writer.flags("u8", value.body, HAND_BITS);
  writer.vec3("i32", value.position, MILLIMETRE);
  writer.turn(value.yaw, TURN_16);
  writer.vec3("i16", value.headPosition, MILLIMETRE);
  writer.quaternion(value.headOrientation);
  writer.vec3("i16", value.leftPosition, MILLIMETRE);
  writer.quaternion(value.leftOrientation);
  writer.vec3("i16", value.rightPosition, MILLIMETRE);
  writer.quaternion(value.rightOrientation);
  return writer.done();
}

/** Decode, strictly; throws ProtocolError. */
export function decodePoseSample(data: ArrayBuffer | Uint8Array): PoseSample {
  const reader = new Reader(data, 57, 57);
  reader.head(PROTOCOL_VERSION, PacketType.POSE_SAMPLE);
  return {
    sequence: reader.integer("u16"),
    seen: reader.integer("u32"),
    seenBefore: reader.integer("u32"),
    body: reader.flags("u8", HAND_BITS),
    position: reader.vec3("i32", MILLIMETRE),
    yaw: reader.number("u16", TURN_16),
    headPosition: reader.vec3("i16", MILLIMETRE),
    headOrientation: reader.quaternion(),
    leftPosition: reader.vec3("i16", MILLIMETRE),
    leftOrientation: reader.quaternion(),
    rightPosition: reader.vec3("i16", MILLIMETRE),
    rightOrientation: reader.quaternion(),
  };
}

/** Server to client, one per tick: what the server holds of you, then, as bits, those near you of whom news is due, then, as bytes, some of the crowd. */
export interface People {
  /** Sequence of your newest accepted sample. */
  readonly acknowledged: number;
  /** World tick, 20 Hz; the first is 1. */
  readonly tick: number;
  /** You, world frame. */
  readonly position: Vec3;
  /** Your heading. */
  readonly yaw: number;
}

/** Bytes of the fields of People; behind them its bits begin (see `view.ts`). */
export const PEOPLE_BYTES = 22;

/** Decode what stands before the bits, strictly; throws ProtocolError. */
export function decodePeopleHead(data: ArrayBuffer | Uint8Array): People {
  const reader = new Reader(data, 22, MAX_STATE_BYTES);
  reader.head(PROTOCOL_VERSION, PacketType.PEOPLE);
  return {
    acknowledged: reader.integer("u16"),
    tick: reader.integer("u32"),
    position: reader.vec3("i32", MILLIMETRE),
    yaw: reader.number("u16", TURN_16),
  };
}
