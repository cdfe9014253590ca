/** One try to be in the city: one WebSocket, and the link that carries state and events. */

import {
  type ClientEvent,
  type ClientSignal,
  type Hello,
  parseServerSignal,
  type Refusal,
  type ServerEvent,
  type ServerSignal,
  type Waiting,
  type Welcome,
} from "../protocol/messages";
import type { News, View } from "../protocol/view";
import type { Link, LinkKind } from "./link";
import { canPeer, PeerLink, type PeerListener } from "./peer_link";
import { Renewal } from "./retry";
import { advance, type SignalInput, type SignalState } from "./signalling";
import { SocketLink } from "./socket_link";

/** Why an attempt ended. `code` is the WebSocket close code, or 0 when the media path broke. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
  readonly refusal: Refusal | null;
}

export interface AttemptListener {
  onWelcome(welcome: Welcome): void;
  /** The city is full; this is my place in the queue. */
  onWaiting(waiting: Waiting): void;
  /** State and events flow over this link from now on; called again when another takes over. */
  onLink(kind: LinkKind): void;
  onPeople(news: News): void;
  onEvent(event: ServerEvent): void;
  onSound(stream: MediaStream): void;
  /** Called once, at the end; the attempt has already let everything go. */
  onEnd(ending: Ending): void;
}

/** What an attempt begins with: a peer connection, the socket until one is made, or the socket alone. */
export type Way = "peer" | "socket_first" | "socket_only";

/** A socket that does not open in this time is given up, ms. */
const OPEN_PATIENCE = 4000;
/** So is a greeting that does not lead to a link: a little later than the server gives up and says why. */
const JOIN_PATIENCE = 22_000;
/** The city says at least every ten seconds that it keeps my place in the queue, ms. */
const WAITING_PATIENCE = 40_000;
/** A peer connection that is not up this long after the answer goes on trial beside the socket, ms. */
const PEER_PATIENCE = 5000;
/** And on trial it has this long in all, ms. */
const TRIAL_PATIENCE = 18_000;
/** When the media path ends, the socket has this long to say why, ms. */
const LAST_WORD = 700;

const NOTHING: Pick<View, "seen" | "seenBefore"> = { seen: 0, seenBefore: 0 };

export class Attempt {
  private state: SignalState = "opening";
  private refusal: Refusal | null = null;
  private readonly socket: WebSocket;
  private peer: PeerLink | null = null;
  private carrying: SocketLink | null = null;
  private patience: ReturnType<typeof setTimeout>;
  private trial: ReturnType<typeof setTimeout> | undefined;
  private readonly renewal = new Renewal(() => this.renew());

  constructor(
    url: string,
    private readonly hello: Hello,
    private track: MediaStreamTrack | null,
    private readonly way: Way,
    private readonly listener: AttemptListener,
  ) {
    this.socket = new WebSocket(url);
    this.socket.binaryType = "arraybuffer";
    this.patience = setTimeout(() => this.end(0, "socket"), OPEN_PATIENCE);
    this.watchSocket();
  }

  /** What the link in use has told of the people near. */
  get view(): Pick<View, "seen" | "seenBefore"> {
    return this.link?.view ?? NOTHING;
  }

  /** Put another microphone track in (null: none). */
  setTrack(track: MediaStreamTrack | null): void {
    this.track = track;
    this.peer?.setTrack(track);
  }

  /** Send an event; false when nothing carries it. */
  sendEvent(event: ClientEvent): boolean {
    return this.link?.sendEvent(event) ?? false;
  }

  /** Send a state packet; false when nothing carries it, or an older packet still waits. */
  sendState(packet: ArrayBuffer): boolean {
    return this.link?.sendState(packet) ?? false;
  }

  /** Leave for good: the server frees the session. */
  bye(): void {
    this.signal({ type: "bye" });
    this.end(0, "bye");
  }

  /** Give up. `onEnd` is called when it was not over yet. */
  end(code: number, reason: string): void {
    if (this.state === "over") return;
    this.state = "over";
    clearTimeout(this.patience);
    clearTimeout(this.trial);
    this.renewal.stop();
    this.socket.close(1000);
    this.peer?.close();
    this.listener.onEnd({ code, reason, refusal: this.refusal });
  }

  private get link(): Link | null {
    if (this.state === "joined") return this.peer;
    return this.state === "carried" || this.state === "renewing" ? this.carrying : null;
  }

  private signal(message: ClientSignal): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private step(input: SignalInput): void {
    this.state = advance(this.state, input);
  }

  /** Give up unless the next step is done within `patience` ms. */
  private beGoing(patience: number): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.end(0, "join"), patience);
  }

  private watchSocket(): void {
    this.socket.onopen = () => {
      if (this.state === "over") return;
      this.step("opened");
      this.beGoing(JOIN_PATIENCE);
      this.signal(this.hello);
    };
    this.socket.onmessage = ({ data }) => {
      if (this.state === "over") return;
      if (data instanceof ArrayBuffer) this.carrying?.takeState(data);
      else this.hear(parseServerSignal(String(data))).catch((error) => this.end(0, String(error)));
    };
    this.socket.onclose = (event) => this.end(event.code, "closed");
  }

  private async hear(message: ServerSignal): Promise<void> {
    switch (message.type) {
      case "refusal":
        this.refusal = message;
        break;
      case "waiting":
        this.step("waiting");
        this.beGoing(WAITING_PATIENCE);
        this.listener.onWaiting(message);
        break;
      case "welcome":
        this.step("welcome");
        this.beGoing(JOIN_PATIENCE);
        this.listener.onWelcome(message);
        if (this.way === "peer" && canPeer()) await this.offer();
        else this.fallBack();
        break;
      case "answer":
        this.step("answer");
        await this.peer?.accept(message.sdp);
        break;
      case "carried":
        this.step("carried");
        this.carried();
        break;
      case "event":
        this.carrying?.takeEvent(message.text);
    }
  }

  // --- the peer connection -------------------------------------------------------------------------------

  private async offer(): Promise<void> {
    this.peer?.close();
    const peer = new PeerLink(this.track, this.watching());
    this.peer = peer;
    this.step("offer");
    clearTimeout(this.trial);
    const patience = this.state === "renewing" ? TRIAL_PATIENCE : PEER_PATIENCE;
    this.trial = setTimeout(() => this.doubt(), patience);
    await peer.offer((sdp) => this.signal({ type: "offer", sdp }));
  }

  private watching(): PeerListener {
    return {
      onCandidate: (candidate) => this.trickle(candidate),
      onSound: (stream) => this.listener.onSound(stream),
      onOpen: () => this.joined(),
      onLost: (reason) => this.lost(reason),
      onPeople: (news) => this.listener.onPeople(news),
      onEvent: (event) => this.listener.onEvent(event),
      onNonsense: () => this.end(0, "protocol"),
    };
  }

  private trickle(candidate: RTCIceCandidate | null): void {
    const ends = candidate === null || candidate.candidate === "";
    this.signal({
      type: "candidate",
      candidate: ends ? null : candidate.candidate,
      sdp_mid: candidate?.sdpMid ?? null,
      sdp_m_line_index: candidate?.sdpMLineIndex ?? null,
    });
  }

  private joined(): void {
    this.step("channels");
    clearTimeout(this.patience);
    clearTimeout(this.trial);
    this.renewal.succeeded();
    // Its packets are older than those of the channels now.
    this.carrying?.close();
    this.listener.onLink("peer");
  }

  /** It takes long: first the socket helps out, later it is given up. */
  private doubt(): void {
    if (this.state !== "joining" && this.state !== "offering") {
      this.giveUp();
      return;
    }
    this.step("fallback");
    this.signal({ type: "fallback", meanwhile: true });
    this.trial = setTimeout(() => this.giveUp(), TRIAL_PATIENCE - PEER_PATIENCE);
  }

  private lost(reason: string): void {
    if (this.state !== "joined") this.giveUp();
    // It was up. A close code that is still on its way tells more than that.
    else setTimeout(() => this.end(0, reason), LAST_WORD);
  }

  /** Do without the peer connection, for now. */
  private giveUp(): void {
    this.peer?.close();
    this.peer = null;
    this.fallBack();
  }

  // --- the socket ----------------------------------------------------------------------------------------

  private fallBack(): void {
    clearTimeout(this.trial);
    this.step("fallback");
    this.signal({ type: "fallback", meanwhile: false });
    this.renewLater();
  }

  private carried(): void {
    clearTimeout(this.patience);
    this.carrying = new SocketLink(this.socket, {
      onPeople: (news) => this.listener.onPeople(news),
      onEvent: (event) => this.listener.onEvent(event),
      onNonsense: () => this.end(0, "protocol"),
    });
    if (this.state === "joined") this.carrying.close();
    else this.listener.onLink("socket");
  }

  private renewLater(): void {
    if (this.way !== "socket_only" && canPeer()) this.renewal.later();
  }

  /** Try a peer connection again, while the socket carries on. */
  private renew(): void {
    if (this.state === "carried") this.offer().catch((error) => this.end(0, String(error)));
    else this.renewLater();
  }
}
