/** State and events over the signalling socket, where no peer connection can be made. */

import { type ClientEvent, parseServerEvent } from "../protocol/messages";
import { View } from "../protocol/view";
import type { Link, LinkListener } from "./link";
import { obeyed } from "./obey";

/** The part of a WebSocket that is used. */
export type Carrier = Pick<WebSocket, "readyState" | "bufferedAmount" | "send">;

const OPEN = 1;

export class SocketLink implements Link {
  readonly view = new View();
  private closed = false;

  constructor(
    private readonly socket: Carrier,
    private readonly listener: LinkListener,
  ) {}

  sendEvent(event: ClientEvent): boolean {
    if (this.closed || this.socket.readyState !== OPEN) return false;
    this.socket.send(JSON.stringify({ type: "event", text: JSON.stringify(event) }));
    return true;
  }

  /** A stream delivers late what it cannot deliver now: while anything waits, a packet is dropped. */
  sendState(packet: ArrayBuffer): boolean {
    if (this.closed || this.socket.readyState !== OPEN || this.socket.bufferedAmount > 0) return false;
    this.socket.send(packet);
    return true;
  }

  /** Take a binary frame. */
  takeState(data: ArrayBuffer): void {
    if (this.closed) return;
    obeyed(this.listener, () => {
      const news = this.view.take(data);
      if (news !== null) this.listener.onPeople(news);
    });
  }

  /** Take the text of an `event` message. */
  takeEvent(text: string): void {
    obeyed(this.listener, () => this.listener.onEvent(parseServerEvent(text)));
  }

  /** Use it for state no more; events that were on their way still count. */
  close(): void {
    this.closed = true;
  }
}
