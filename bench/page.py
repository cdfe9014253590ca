"""What the benches put into a page: when a person is shown to have moved, when sound sets in at the ear."""

import json
import time

from playwright.sync_api import Page

#: Half of the step counts as moved: with interpolation the display goes there in between.
_WATCH_HEAD = """
([person, from, threshold]) => {
  window.benchMoved = new Promise((resolve) => {
    const look = () => {
      const seen = window.metaGwangju.inspect().people.find(({ id }) => id === person);
      const height = seen && seen.pose.head.position[1] - seen.pose.position[1];
      if (seen && Math.abs(height - from) > threshold) resolve(performance.timeOrigin + performance.now());
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}
"""

#: A sound after this much silence is an onset, in blocks of 128 samples at 48 kHz: 0.2 s.
_QUIET_BLOCKS = 75
#: −50 dBFS: far above what Opus leaves of silence, far below the tone.
_LOUD = 0.003

_ONSETS = f"""
(() => {{
  const source = `
    registerProcessor("onset", class extends AudioWorkletProcessor {{
      quiet = 0;
      process([channels]) {{
        const loud = channels.some((samples) => samples.some((sample) => Math.abs(sample) > {_LOUD}));
        if (loud && this.quiet >= {_QUIET_BLOCKS}) this.port.postMessage(Date.now());
        this.quiet = loud ? 0 : this.quiet + 1;
        return true;
      }}
    }});`;
  const module = URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }}));
  window.benchOnsets = [];
  const listen = async (track) => {{
    const context = new AudioContext({{ sampleRate: 48000, latencyHint: "interactive" }});
    await context.audioWorklet.addModule(module);
    const node = new AudioWorkletNode(context, "onset", {{ numberOfOutputs: 0 }});
    node.port.onmessage = ({{ data }}) => window.benchOnsets.push(data);
    context.createMediaStreamSource(new MediaStream([track])).connect(node);
  }};
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {{
    constructor(...options) {{
      super(...options);
      this.addEventListener("track", ({{ track }}) => void listen(track));
    }}
  }};
}})();
"""


def onset_script() -> str:
    """Return the script that notes, before any script of the page, when sound sets in (ms since 1970)."""
    return _ONSETS


def watch_head(page: Page, person: int, height: float, step: float) -> None:
    """Watch, from the next frame on, for a person's head to leave a height (metres above the ground)."""
    page.evaluate(_WATCH_HEAD, [person, height, step / 2.0])


def moved_at(page: Page) -> float:
    """Wait until what is watched has moved; returns when, in seconds since 1970."""
    return float(page.evaluate("window.benchMoved")) / 1000.0


def onset_after(page: Page, number: int, within: float) -> float | None:
    """Return when the onset of that number (from 0) came, seconds since 1970; None when it did not."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        onsets = json.loads(page.evaluate("JSON.stringify(window.benchOnsets)"))
        if len(onsets) > number:
            return float(onsets[number]) / 1000.0
        page.wait_for_timeout(50)
    return None


def onsets_so_far(page: Page) -> int:
    """Return how many onsets there were."""
    return int(page.evaluate("window.benchOnsets.length"))
