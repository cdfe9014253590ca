"""How large an uploaded model may be.

A phone draws 120 calls and 350,000 triangles in all; a booth gets a share of that.
"""

#: Bytes of the whole file, and of its JSON.
FILE_BYTES = 20_000_000
JSON_BYTES = 2_000_000
#: Drawn, instances counted once each.
TRIANGLES = 50_000
DRAWS = 64
#: Vertices and indices that are read at all, and vertices drawn, instances counted once each.
ELEMENTS = 1_000_000
DRAWN_VERTICES = 200_000
#: Depth of the tree of nodes.
DEPTH = 32
#: Pictures: how many, their longest side, and pixels of all together.
IMAGES = 16
SIDE = 2048
PIXELS = 4 * SIDE * SIDE
#: Scans of one progressive JPEG: each costs the decoder a pass over the whole picture.
SCANS = 64
#: The model's longest side, metres: outside of this its unit is wrong.
SMALLEST, LARGEST = 0.01, 1000.0
#: Largest number in a transform.
REACH = 1e6
#: Findings that are told; a file with more has told enough.
FINDINGS = 40
