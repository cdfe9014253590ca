"""Meta Gwangju, put together: the rooms of this repository wired into one program.

`cli` is what people call; `serve` runs one city node and the web application around it.
"""

__version__ = "0.1.0"
