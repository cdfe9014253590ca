"""The state of the city on the wire: quantised, coded against what a client has, shared by all who get it.

A *record* is one entity's state as bits. It is coded either in full, or as the difference to the same
entity's state some ticks ago (its *base*), which the client said it has. So nothing but a lost packet is lost
with it. :mod:`.layout` says what a state holds, :mod:`.quantise` makes whole numbers of it, :mod:`.table`
tells how often which difference is met,
:mod:`.record` writes and reads records, :mod:`.places` says who is at a viewer's places, :mod:`.pack` fills a
client's packet. Kernels are compiled (numba) and hold no state of their own.
"""
