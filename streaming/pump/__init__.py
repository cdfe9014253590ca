"""The compiled media path of Linux: every peer's packets in a few calls that hold no interpreter's lock.

aiortc negotiates and authenticates. Then :class:`streaming.pump.pump.Pump` owns a peer's keys, coders and
sequence numbers, as rows of arrays (:mod:`.table`), and kernels move what all of them send and receive
(:mod:`.tick`). :mod:`.functions` finds the C functions that kernels call, :mod:`.calls` calls them. Every
kernel that sees bytes from the network checks its bounds.
"""
