/** One try to be in the city: one WebSocket, one peer connection, from hello to the two open channels. */

import {
  type ClientEvent,
  type ClientSignal,
  EVENTS_CHANNEL,
  type Hello,
  ProtocolError,
  parseServerEvent,
  parseServerSignal,
  type Refusal,
  type ServerEvent,
  STATE_CHANNEL,
  type Welcome,
} from "../protocol/messages";
import { type News, View } from "../protocol/view";
import { withStereo } from "./sdp";
import { advance, type SignalInput, type SignalState } from "./signalling";

/** Why an attempt ended. `code` is the WebSocket close code, or 0 when the media path broke. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
  readonly refusal: Refusal | null;
}

export interface AttemptListener {
  onWelcome(welcome: Welcome): void;
  onJoined(): void;
  onPeople(news: News): void;
  onEvent(event: ServerEvent): void;
  onSound(stream: MediaStream): void;
  /** Called once, at the end; the attempt has already let everything go. */
  onEnd(ending: Ending): void;
}

/** A socket that does not open in this time is given up, ms. */
const OPEN_PATIENCE = 4000;
/** So is a greeting that does not lead to channels: a little later than the server gives up and says why. */
const JOIN_PATIENCE = 22_000;
/** When the media path ends, the socket has this long to say why, ms. */
const LAST_WORD = 700;

export class Attempt {
  /** What this connection has told of the people near: a new one begins with nothing. */
  readonly view = new View();
  private state: SignalState = "opening";
  private refusal: Refusal | null = null;
  private readonly socket: WebSocket;
  private readonly peer = new RTCPeerConnection({ iceServers: [], bundlePolicy: "max-bundle" });
  private readonly stateChannel = this.peer.createDataChannel(STATE_CHANNEL, {
    ordered: false,
    maxRetransmits: 0,
  });
  private readonly eventsChannel = this.peer.createDataChannel(EVENTS_CHANNEL);
  // Always both ways: a microphone that is chosen later slips in without a new offer.
  private readonly sound = this.peer.addTransceiver("audio", { direction: "sendrecv" });
  private patience: ReturnType<typeof setTimeout>;

  constructor(
    url: string,
    private readonly hello: Hello,
    track: MediaStreamTrack | null,
    private readonly listener: AttemptListener,
  ) {
    this.socket = new WebSocket(url);
    this.patience = setTimeout(() => this.end(0, "socket"), OPEN_PATIENCE);
    this.watchSocket();
    this.watchPeer();
    void this.sound.sender.replaceTrack(track);
  }

  /** Put another microphone track in (null: none). */
  setTrack(track: MediaStreamTrack | null): void {
    if (this.state !== "over") void this.sound.sender.replaceTrack(track);
  }

  /** Send an event; false when the channel is not open. */
  sendEvent(event: ClientEvent): boolean {
    if (this.eventsChannel.readyState !== "open") return false;
    this.eventsChannel.send(JSON.stringify(event));
    return true;
  }

  /** Send a state packet; false when the channel is not open or still holds an older packet. */
  sendState(packet: ArrayBuffer): boolean {
    if (this.stateChannel.readyState !== "open" || this.stateChannel.bufferedAmount > 0) return false;
    this.stateChannel.send(packet);
    return true;
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
    this.socket.close(1000);
    this.peer.close();
    this.listener.onEnd({ code, reason, refusal: this.refusal });
  }

  /** The media path ended: a close code that is still on its way tells more than that. */
  private endSoon(reason: string): void {
    setTimeout(() => this.end(0, reason), LAST_WORD);
  }

  private signal(message: ClientSignal): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private step(input: SignalInput): void {
    this.state = advance(this.state, input);
  }

  private watchSocket(): void {
    this.socket.onopen = () => {
      if (this.state === "over") return;
      this.step("opened");
      clearTimeout(this.patience);
      this.patience = setTimeout(() => this.end(0, "join"), JOIN_PATIENCE);
      this.signal(this.hello);
    };
    this.socket.onmessage = (message) => {
      if (this.state !== "over") this.hear(String(message.data)).catch((error) => this.end(0, String(error)));
    };
    this.socket.onclose = (event) => this.end(event.code, "closed");
  }

  private async hear(text: string): Promise<void> {
    const message = parseServerSignal(text);
    if (message.type === "refusal") {
      this.refusal = message;
      return;
    }
    if (message.type === "answer") {
      await this.peer.setRemoteDescription({ type: "answer", sdp: message.sdp });
      this.step("answer");
      this.checkChannels();
      return;
    }
    this.step("welcome");
    this.listener.onWelcome(message);
    const offer = await this.peer.createOffer();
    const sdp = withStereo(offer.sdp ?? "");
    // The offer goes out before candidates can: gathering starts with setLocalDescription.
    this.signal({ type: "offer", sdp });
    await this.peer.setLocalDescription({ type: "offer", sdp });
  }

  private watchPeer(): void {
    this.peer.onicecandidate = ({ candidate }) => {
      const ends = candidate === null || candidate.candidate === "";
      this.signal({
        type: "candidate",
        candidate: ends ? null : candidate.candidate,
        sdp_mid: candidate?.sdpMid ?? null,
        sdp_m_line_index: candidate?.sdpMLineIndex ?? null,
      });
    };
    this.peer.onconnectionstatechange = () => {
      if (this.peer.connectionState === "failed") this.endSoon("ice");
    };
    this.peer.ontrack = (event) => this.listener.onSound(new MediaStream([event.track]));
    this.stateChannel.binaryType = "arraybuffer";
    for (const channel of [this.stateChannel, this.eventsChannel]) {
      channel.onopen = () => this.checkChannels();
      channel.onclose = () => this.endSoon("channel");
    }
    this.stateChannel.onmessage = ({ data }) => this.obey(() => this.takePeople(data));
    this.eventsChannel.onmessage = ({ data }) =>
      this.obey(() => this.listener.onEvent(parseServerEvent(String(data))));
  }

  /** Take in what the server sent; what is not in the protocol ends the attempt. */
  private obey(take: () => void): void {
    if (this.state === "over") return;
    try {
      take();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      console.warn(
        "메타 광주: 서버의 메시지를 읽지 못했습니다 / could not read a server message:",
        error.message,
      );
      this.end(0, "protocol");
    }
  }

  private takePeople(data: ArrayBuffer): void {
    const news = this.view.take(data);
    if (news !== null) this.listener.onPeople(news);
  }

  private checkChannels(): void {
    const open = [this.stateChannel, this.eventsChannel].every((channel) => channel.readyState === "open");
    if (!open || this.state !== "joining") return;
    this.step("channels");
    clearTimeout(this.patience);
    this.listener.onJoined();
  }
}
