"""Reach: what a view shows, directly or by what it shows."""

from collections.abc import Mapping

from helio.live.views import Keys, View, withheld


def reach(views: Mapping[str, View], view: View, allowed: Keys | None = None) -> dict[str, View]:
    """The view and all views inside it, by key; what is withheld is there, what it shows is not."""
    found: dict[str, View] = {}
    waiting = [view]
    while waiting:
        at = waiting.pop()
        if at.key in found:
            continue
        found[at.key] = at
        if at.content is not None and not withheld(at, allowed):
            waiting.extend(views[key] for key in at.content.holes)
    return found
