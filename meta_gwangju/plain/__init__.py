"""The plain door: the city's acts as HTML, without WebGL and without JavaScript.

It calls what the API calls; the record differs in the door's name alone.
"""

from meta_gwangju.plain.application import plain_application

__all__ = ["plain_application"]
