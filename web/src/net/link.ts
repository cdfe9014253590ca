/** What carries state and events to the server: a peer connection, with sound, or the socket itself, without. */

import type { ClientEvent, ServerEvent } from "../protocol/messages";
import type { News, View } from "../protocol/view";

export type LinkKind = "peer" | "socket";

export interface Link {
  /** What this link has told of the people near: a new one begins with nothing. */
  readonly view: View;
  /** Send an event; false when it cannot be sent now. */
  sendEvent(event: ClientEvent): boolean;
  /** Send a state packet; false when it cannot be sent now, or an older one still waits. */
  sendState(packet: ArrayBuffer): boolean;
  close(): void;
}

/** Who is told of what arrives. */
export interface LinkListener {
  onPeople(news: News): void;
  onEvent(event: ServerEvent): void;
  /** The other side sent what is not in the protocol. */
  onNonsense(): void;
}
