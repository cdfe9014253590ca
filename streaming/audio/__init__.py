"""Spatial audio: microphone packets in, one binaural stereo track per listener out.

:mod:`streaming.audio.jitter` orders packets, :mod:`streaming.audio.opus` codes them,
:mod:`streaming.audio.gate` hears who speaks, :mod:`streaming.audio.hrtf` gives a filter pair for a direction,
:mod:`streaming.audio.mixer` applies them, and :mod:`streaming.audio.stage` runs it all fifty times a second.
"""

RATE = 48_000
#: Samples in one frame of 20 ms.
FRAME = 960
FRAME_SECONDS = FRAME / RATE
