"""Live video on booth screens: WHIP in, WHEP out, nothing decoded in between.

Pure parts: `rtp` and `rtcp` packets, `codecs`, descriptions (`offer`, `answer`, `fragment`), `reception`,
`viewer` and `relay` of one stream, `intake` limits. Adapters: `srtp`, `transport`, `session`, `publisher`,
`watcher`, `screen`, and `live`, which holds all screens. What they ask of the rest of the city: `screens`.
"""
