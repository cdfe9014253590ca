"""What the city must not forget: who its people are, kept in one database.

Nothing here knows of three dimensions beyond three numbers for a place, nor of sockets or media. Time is an
argument: Unix seconds, so that it means the same after a restart.
"""

from municipality.errors import MunicipalityError, NameRefusedError, StoreError
from municipality.store import Store
from municipality.visitors import Place, Visitor, Visitors

__all__ = ["MunicipalityError", "NameRefusedError", "Place", "Store", "StoreError", "Visitor", "Visitors"]
