/** Being in the city and staying there: attempts one after another, the session token, the watchdog. */

import {
  type ClientEvent,
  Close,
  type Hello,
  type PoseSample,
  PROTOCOL_VERSION,
  type Refusal,
  type ServerEvent,
  type Waiting,
  type Welcome,
} from "../protocol/messages";
import type { News } from "../protocol/view";
import type { Memory } from "../settings";
import { Value } from "../value";
import { Attempt, type Ending } from "./attempt";
import type { LinkKind } from "./link";
import { isFinal, retryWait, SilenceWatch, SOCKET_SILENCE, STATE_SILENCE } from "./retry";

export type ConnectionState =
  | "landing"
  | "connecting"
  | "waiting"
  | "connected"
  | "reconnecting"
  | "refused"
  | "closed";

export interface Status {
  readonly state: ConnectionState;
  /** Why, in a word for tests and reports (`socket`, `ice`, `silence`, a refusal's code, …). */
  readonly detail: string;
  readonly refusal: Refusal | null;
  /** WebSocket close code of the last ending, 0 when none. */
  readonly closeCode: number;
  /** Attempts that failed since the last success. */
  readonly failures: number;
  /** Whether the session was resumed at the newest welcome. */
  readonly resumed: boolean;
  /** How often a lost connection came back. */
  readonly reconnects: number;
  readonly session: string;
  /** What carries state and events, or did last: only a peer connection carries sound. */
  readonly link: LinkKind;
  /** How many wait before me, while `state` is `waiting`. */
  readonly ahead: number;
}

export interface ConnectionListener {
  onWelcome(welcome: Welcome): void;
  /** State begins to flow; called again when sound is there now, or no longer. */
  onJoined(): void;
  onPeople(news: News): void;
  onEvent(event: ServerEvent): void;
  onSound(stream: MediaStream): void;
}

/** What a person says when they come in. */
export type Introduction = Pick<Hello, "name" | "colour" | "language"> & {
  readonly spot: string | null;
  /** Only looks: without a body, and so without a session to come back with. */
  readonly spectator: boolean;
};

/** Which state packets came: the tick of the newest, and bit k for the one k + 1 ticks before it. */
export type Received = Pick<PoseSample, "seen" | "seenBefore">;

const NOTHING: Received = { seen: 0, seenBefore: 0 };
const SESSION_KEY = "meta-gwangju.session";
const WATCH_EVERY = 250;

const START: Status = {
  state: "landing",
  detail: "",
  refusal: null,
  closeCode: 0,
  failures: 0,
  resumed: false,
  reconnects: 0,
  session: "",
  link: "peer",
  ahead: 0,
};

export class Connection {
  readonly status = new Value<Status>(START);
  private attempt: Attempt | null = null;
  private introduction: Introduction | null = null;
  private track: MediaStreamTrack | null = null;
  private wasIn = false;
  private silence: SilenceWatch | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;

  /**
   * @param memory Keeps the session token for this tab (sessionStorage).
   * @param forced `socket`: no peer connection is ever tried.
   */
  constructor(
    private readonly url: string,
    private readonly memory: Memory & { removeItem(key: string): void },
    private readonly listener: ConnectionListener,
    private readonly forced: LinkKind | null = null,
  ) {
    globalThis.addEventListener("online", () => this.again());
  }

  /** Come in. Tries until it is in or refused. */
  enter(introduction: Introduction): void {
    this.introduction = introduction;
    this.wasIn = false;
    this.change({ ...START, state: "connecting" });
    this.begin();
  }

  /** Try at once: after a refusal, or instead of waiting for the next retry. */
  again(): void {
    const { state } = this.status.get();
    if (this.introduction === null || this.attempt !== null) return;
    if (state === "refused" || state === "closed") {
      this.change({ state: this.wasIn ? "reconnecting" : "connecting", failures: 0 });
    } else if (state === "landing") return;
    this.begin();
  }

  /** Leave for good. */
  leave(): void {
    clearTimeout(this.retry);
    this.memory.removeItem(SESSION_KEY);
    const attempt = this.attempt;
    this.attempt = null;
    attempt?.bye();
    if (this.status.get().state !== "landing") this.change({ state: "closed", detail: "left" });
  }

  /** Go back to the landing card, so that the name can be changed. */
  backToLanding(): void {
    this.introduction = null;
    this.status.set(START);
  }

  setTrack(track: MediaStreamTrack | null): void {
    this.track = track;
    this.attempt?.setTrack(track);
  }

  sendEvent(event: ClientEvent): boolean {
    return this.attempt?.sendEvent(event) ?? false;
  }

  sendState(packet: ArrayBuffer): boolean {
    return this.attempt?.sendState(packet) ?? false;
  }

  /** Which packets of this connection came. */
  received(): Received {
    return this.attempt?.view ?? NOTHING;
  }

  private change(part: Partial<Status>): void {
    this.status.set({ ...this.status.get(), ...part });
  }

  private begin(): void {
    if (this.introduction === null) return;
    clearTimeout(this.retry);
    const { spot, ...who } = this.introduction;
    const session = who.spectator ? null : this.memory.getItem(SESSION_KEY);
    const hello: Hello = {
      type: "hello",
      protocol: PROTOCOL_VERSION,
      kind: "browser",
      ...who,
      session,
      // Who comes back stands where they stood; who looks has only the spot.
      spot: this.wasIn && !who.spectator ? null : spot,
    };
    const again = this.status.get().link === "socket" ? "socket_first" : "peer";
    const way = this.forced === "socket" || who.spectator ? "socket_only" : again;
    const attempt: Attempt = new Attempt(this.url, hello, this.track, way, {
      onWelcome: (welcome) => this.welcomed(welcome),
      onWaiting: (waiting) => this.waits(waiting),
      onLink: (kind) => this.joined(kind),
      onPeople: (news) => {
        this.silence?.heard();
        this.listener.onPeople(news);
      },
      onEvent: (event) => this.listener.onEvent(event),
      onSound: (stream) => this.listener.onSound(stream),
      onEnd: (ending) => {
        if (this.attempt === attempt) this.ended(ending);
      },
    });
    this.attempt = attempt;
  }

  private waits({ ahead, session }: Waiting): void {
    this.memory.setItem(SESSION_KEY, session);
    this.change({ state: "waiting", ahead, failures: 0, detail: "" });
  }

  private welcomed(welcome: Welcome): void {
    const session = this.introduction?.spectator === true ? "" : welcome.session;
    if (session !== "") this.memory.setItem(SESSION_KEY, session);
    const { state } = this.status.get();
    const now = state === "waiting" ? (this.wasIn ? "reconnecting" : "connecting") : state;
    this.change({ state: now, resumed: welcome.resumed, session });
    this.listener.onWelcome(welcome);
  }

  private joined(link: LinkKind): void {
    const patience = link === "socket" ? SOCKET_SILENCE : STATE_SILENCE;
    const silence = new SilenceWatch(WATCH_EVERY, performance.now(), patience);
    this.silence = silence;
    clearInterval(this.watch);
    this.watch = setInterval(() => {
      if (silence.look(performance.now())) this.attempt?.end(0, "silence");
    }, WATCH_EVERY);
    const before = this.status.get();
    const reconnects = before.reconnects + (before.state === "reconnecting" ? 1 : 0);
    this.wasIn = true;
    this.change({
      state: "connected",
      detail: "",
      refusal: null,
      closeCode: 0,
      failures: 0,
      reconnects,
      link,
    });
    this.listener.onJoined();
  }

  private ended({ code, reason, refusal }: Ending): void {
    this.attempt = null;
    clearInterval(this.watch);
    const detail = refusal?.code ?? reason;
    if (isFinal(code)) {
      this.change({ state: code === Close.LEFT ? "closed" : "refused", detail, refusal, closeCode: code });
      return;
    }
    const failures = this.status.get().failures + 1;
    const state = this.wasIn ? "reconnecting" : "connecting";
    this.change({ state, detail, refusal, closeCode: code, failures });
    this.retry = setTimeout(() => this.begin(), retryWait(failures));
  }
}
