"""Spatial audio: microphone packets in, one binaural stereo track per listener out.

:mod:`streaming.audio.jitter` orders packets, :mod:`streaming.audio.opus` codes them,
:mod:`streaming.audio.gate` hears who speaks, :mod:`streaming.audio.hrtf` holds measured filters,
:mod:`streaming.audio.pairs` says who hears whom through which, :mod:`streaming.audio.convolution` applies
them, :mod:`streaming.audio.limiter` keeps the sum from clipping, and :mod:`streaming.audio.mixer` is all of
that, frame after frame. :mod:`streaming.audio.scene` knows who is where, and :mod:`streaming.audio.stage`
runs it all fifty times a second.
"""

RATE = 48_000
#: Samples in one frame of 20 ms.
FRAME = 960
FRAME_SECONDS = FRAME / RATE
