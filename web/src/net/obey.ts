/** Taking in what the server sent. */

import { ProtocolError } from "../protocol/messages";
import type { LinkListener } from "./link";

/** Run `take`; what is not in the protocol is told to the listener, and to whoever reads the console. */
export function obeyed(listener: Pick<LinkListener, "onNonsense">, take: () => void): void {
  try {
    take();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    console.warn(
      "메타 광주: 서버의 메시지를 읽지 못했습니다 / could not read a server message:",
      error.message,
    );
    listener.onNonsense();
  }
}
