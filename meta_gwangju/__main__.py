"""`python -m meta_gwangju` is `meta-gwangju`."""

from meta_gwangju.cli import app

app()
