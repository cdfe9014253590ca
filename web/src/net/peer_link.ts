/** A peer connection with its two channels and its sound, from the offer on. */

import { type ClientEvent, EVENTS_CHANNEL, parseServerEvent, STATE_CHANNEL } from "../protocol/messages";
import { View } from "../protocol/view";
import type { Link, LinkListener } from "./link";
import { obeyed } from "./obey";
import { withStereo } from "./sdp";

export interface PeerListener extends LinkListener {
  onCandidate(candidate: RTCIceCandidate | null): void;
  onSound(stream: MediaStream): void;
  /** Both channels are open, for the first time. */
  onOpen(): void;
  /** It failed or was closed by the other side; `reason` in a word. */
  onLost(reason: string): void;
}

/** False where the browser has none, or it was switched off. */
export function canPeer(): boolean {
  return typeof RTCPeerConnection === "function";
}

export class PeerLink implements Link {
  readonly view = new View();
  private readonly peer = new RTCPeerConnection({ iceServers: [], bundlePolicy: "max-bundle" });
  private readonly stateChannel = this.peer.createDataChannel(STATE_CHANNEL, {
    ordered: false,
    maxRetransmits: 0,
  });
  private readonly eventsChannel = this.peer.createDataChannel(EVENTS_CHANNEL);
  // Always both ways: a microphone that is chosen later slips in without a new offer.
  private readonly sound = this.peer.addTransceiver("audio", { direction: "sendrecv" });
  private opened = false;
  private closed = false;

  constructor(
    track: MediaStreamTrack | null,
    private readonly listener: PeerListener,
  ) {
    this.setTrack(track);
    this.watch();
  }

  /** Put another microphone track in (null: none). */
  setTrack(track: MediaStreamTrack | null): void {
    if (!this.closed) void this.sound.sender.replaceTrack(track);
  }

  /** Hand the offer to `send`, then begin to gather: candidates come after it. */
  async offer(send: (sdp: string) => void): Promise<void> {
    const offer = await this.peer.createOffer();
    const sdp = withStereo(offer.sdp ?? "");
    if (this.closed) return;
    send(sdp);
    await this.peer.setLocalDescription({ type: "offer", sdp });
  }

  async accept(sdp: string): Promise<void> {
    if (this.closed) return;
    await this.peer.setRemoteDescription({ type: "answer", sdp });
    this.checkChannels();
  }

  sendEvent(event: ClientEvent): boolean {
    if (this.eventsChannel.readyState !== "open") return false;
    this.eventsChannel.send(JSON.stringify(event));
    return true;
  }

  sendState(packet: ArrayBuffer): boolean {
    if (this.stateChannel.readyState !== "open" || this.stateChannel.bufferedAmount > 0) return false;
    this.stateChannel.send(packet);
    return true;
  }

  close(): void {
    this.closed = true;
    this.peer.close();
  }

  private watch(): void {
    this.peer.onicecandidate = ({ candidate }) => this.tell(() => this.listener.onCandidate(candidate));
    this.peer.onconnectionstatechange = () => {
      if (this.peer.connectionState === "failed") this.tell(() => this.listener.onLost("ice"));
    };
    this.peer.ontrack = (event) => this.tell(() => this.listener.onSound(new MediaStream([event.track])));
    this.stateChannel.binaryType = "arraybuffer";
    for (const channel of [this.stateChannel, this.eventsChannel]) {
      channel.onopen = () => this.checkChannels();
      channel.onclose = () => this.tell(() => this.listener.onLost("channel"));
    }
    this.stateChannel.onmessage = ({ data }) => this.take(() => this.takePeople(data));
    this.eventsChannel.onmessage = ({ data }) =>
      this.take(() => this.listener.onEvent(parseServerEvent(String(data))));
  }

  private tell(what: () => void): void {
    if (!this.closed) what();
  }

  private take(what: () => void): void {
    this.tell(() => obeyed(this.listener, what));
  }

  private takePeople(data: ArrayBuffer): void {
    const news = this.view.take(data);
    if (news !== null) this.listener.onPeople(news);
  }

  private checkChannels(): void {
    const open = [this.stateChannel, this.eventsChannel].every((channel) => channel.readyState === "open");
    if (!open || this.opened || this.closed) return;
    this.opened = true;
    this.listener.onOpen();
  }
}
