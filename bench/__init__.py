"""The published figures, one module each: `python -m bench NAME` measures, `report` writes the page."""
