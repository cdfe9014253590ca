"""Everything that is tested. `support` is shared; unit tests mirror the packages."""
