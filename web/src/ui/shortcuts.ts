/** Single keys that act from anywhere but a field. Physical keys, so that they work with the Korean layout on. */

import { takesKeys } from "../world/controls";

export type Shortcuts = Readonly<Record<string, () => void>>;

/**
 * @param isOn Whether shortcuts count now.
 * @param byCode What each `KeyboardEvent.code` does.
 */
export function followShortcuts(isOn: () => boolean, byCode: Shortcuts, help: () => void): void {
  addEventListener("keydown", (event) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (!isOn() || modified || event.repeat || event.isComposing || takesKeys(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      help();
      return;
    }
    // On a button, Enter presses the button.
    const onControl =
      event.target instanceof Element && event.target.closest("button, a, [role=dialog]") !== null;
    if (event.code === "Enter" && onControl) return;
    const act = byCode[event.code];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}
