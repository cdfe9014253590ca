/**
 * The client's side of `/signal`, as a table: what may happen in which state.
 *
 * The sockets and peer connections that move through it live in `attempt.ts`.
 */

export type SignalState = "opening" | "greeting" | "offering" | "joining" | "joined" | "over";
export type SignalInput = "opened" | "welcome" | "answer" | "channels" | "closed";

/** State → input → next state. What is not listed is out of order. */
export const SIGNAL_TABLE: Readonly<Record<SignalState, Partial<Record<SignalInput, SignalState>>>> = {
  /** The socket is being opened. */
  opening: { opened: "greeting", closed: "over" },
  /** `hello` is sent. */
  greeting: { welcome: "offering", closed: "over" },
  /** `offer` is sent; candidates trickle. */
  offering: { answer: "joining", closed: "over" },
  /** The answer is set; ICE, DTLS and the two data channels come up. */
  joining: { channels: "joined", closed: "over" },
  joined: { closed: "over" },
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
