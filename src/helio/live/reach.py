"""Reach: what a view shows, directly or by what it shows."""

from collections.abc import Iterable, Mapping

from helio.live.views import Keys, View, withheld


def reach(views: Mapping[str, View], view: View, allowed: Keys | None = None) -> dict[str, View]:
    """The view and all views inside it, by key; what is withheld is there, what it shows is not."""
    return reach_all(views, [view], allowed)


def reach_all(
    views: Mapping[str, View], tops: Iterable[View], allowed: Keys | None = None
) -> dict[str, View]:
    """These views and all views inside them, each looked at once."""
    found: dict[str, View] = {}
    waiting = list(tops)
    while waiting:
        at = waiting.pop()
        if at.key in found:
            continue
        found[at.key] = at
        if at.content is not None and not withheld(at, allowed):
            waiting.extend([views[key] for key in at.content.holes if key not in found])
    return found
