"""What every citizen sees and hears: signalling, state replication, spatial audio, and a client library.

:mod:`streaming.messages` declares the wire. The pure parts (codec, interest, replication, signalling) take
bytes, arrays and the time; :mod:`streaming.peer` is the only module that touches aiortc;
:class:`streaming.bridge.Bridge` joins them on a server, :class:`streaming.client.Citizen` on the other side.
"""
