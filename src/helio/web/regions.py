"""Regions by name: which one a grant means, in a process that may never have rendered it.

The names are those of all regions that were defined outside of any request; a process has them as
soon as it has imported the application. A function that defines regions may have been called
several times, for several applications or tests: then one of them is meant only if it is shown
under the very key. Of a region that is defined in a handler each call makes another one, which may
carry a visitor's data: those have no names here and cannot be mounted.
"""

import logging
from collections.abc import Mapping

from helio.live.region import Region, RegionCall, lasting_regions
from helio.live.views import View

log = logging.getLogger("helio.web")


class Regions:
    """The regions that one process can show."""

    def __init__(self, views: Mapping[str, View]) -> None:
        """`views` are those that are shown now, by key."""
        self._views = views

    def find(self, name: str, key: str) -> Region[...] | None:
        """The region of this qualified name that has this key; None if that is none, or several."""
        named = lasting_regions(name)
        shown = self._views.get(key)
        if shown is not None:
            spec = shown.spec
            return spec.region if isinstance(spec, RegionCall) and spec.region in named else None
        if len(named) > 1:
            log.warning(
                "%d regions are named %s, so that a tab's mount of one cannot be found again. "
                "Define it once, at the top of the module.",
                len(named),
                name,
            )
        return named[0] if len(named) == 1 else None
