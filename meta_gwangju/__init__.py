"""Meta Gwangju, put together: the rooms of this repository wired into one program.

`cli` is what people call; `serve` runs one city node and the web application around it.
"""

import os

# Before numpy is imported anywhere: the arrays of a tick and of a mix are small, and BLAS threads that
# spin between them cost several times what they compute. An operator's own setting stands.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

__version__ = "0.1.0"
