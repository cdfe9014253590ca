/**
 * The client's side of `/signal`, as a table: what may happen in which state.
 *
 * The sockets and peer connections that move through it live in `attempt.ts`.
 */

export type SignalState =
  | "opening"
  | "greeting"
  | "waiting"
  | "greeted"
  | "offering"
  | "joining"
  | "asking"
  | "joined"
  | "carried"
  | "renewing"
  | "over";
export type SignalInput =
  | "opened"
  | "waiting"
  | "welcome"
  | "offer"
  | "answer"
  | "channels"
  | "fallback"
  | "carried"
  | "closed";

/** State → input → next state. What is not listed is out of order. */
export const SIGNAL_TABLE: Readonly<Record<SignalState, Partial<Record<SignalInput, SignalState>>>> = {
  /** The socket is being opened. */
  opening: { opened: "greeting", closed: "over" },
  /** `hello` is sent. */
  greeting: { welcome: "greeted", waiting: "waiting", closed: "over" },
  /** The city is full; `welcome` comes in turn. */
  waiting: { welcome: "greeted", waiting: "waiting", closed: "over" },
  greeted: { offer: "offering", fallback: "asking", closed: "over" },
  /** `offer` is sent; candidates trickle. */
  offering: { answer: "joining", fallback: "asking", closed: "over" },
  /** The answer is set; ICE, DTLS and the two data channels come up. */
  joining: { channels: "joined", fallback: "asking", closed: "over" },
  /** `fallback` is sent; the peer connection may still come up, and its answer may still come. */
  asking: { answer: "asking", channels: "joined", fallback: "asking", carried: "carried", closed: "over" },
  /** The channels of the peer connection are used; the socket's `carried` may come late. */
  joined: { carried: "joined", closed: "over" },
  /** The socket carries; a peer connection that was on trial before may still come up. */
  carried: {
    answer: "carried",
    channels: "joined",
    offer: "renewing",
    fallback: "carried",
    carried: "carried",
    closed: "over",
  },
  /** It does, and a new peer connection is on trial. */
  renewing: {
    answer: "renewing",
    channels: "joined",
    fallback: "carried",
    carried: "renewing",
    closed: "over",
  },
  over: {},
};

/** The server said something the table does not allow now. */
export class OutOfOrderError extends Error {
  override name = "OutOfOrderError";
}

/** The state after `input`. Throws OutOfOrderError. */
export function advance(state: SignalState, input: SignalInput): SignalState {
  const next = SIGNAL_TABLE[state][input];
  if (next === undefined) throw new OutOfOrderError(`${input} while ${state}`);
  return next;
}
