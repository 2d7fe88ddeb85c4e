"""Batches: events that our own runtime applies in one turn, as one change."""

from collections.abc import Sequence


def batch(events: Sequence[bytes]) -> bytes:
    """Whole events, one after the other, to be applied together.

    A part that one of them removes and another inserts is moved.
    """
    if len(events) < 2:
        return b"".join(events)
    return b"event: helio-batch\ndata: size %d\n\n%b" % (len(events), b"".join(events))
