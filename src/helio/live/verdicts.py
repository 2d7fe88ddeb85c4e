"""Verdicts: what the visitor of each stream may see, as far as the rules have answered.

A question without an answer is a no until it is answered. Each is asked once for all streams of a
visitor, and stays asked as long as one of them shows what it guards.
"""

from collections.abc import Callable, Container, Iterable, Mapping

from helio.live.naming import same_user
from helio.live.reach import reach
from helio.live.recorder import Renderable
from helio.live.region import RegionCall
from helio.live.rights import Question, allows, question
from helio.live.views import Keys, Stream, View


class Verdicts:
    """The questions that the streams of one process hang on."""

    def __init__(self, views: Mapping[str, View], ask: Callable[[Renderable], View]) -> None:
        """`ask` gives the view of a question."""
        self._views = views
        self._ask = ask
        self._new: list[View] = []

    def questions(self) -> list[View]:
        """The views of new questions: those without content, or stale, are to be rendered."""
        asked, self._new = self._new, []
        return asked

    def permitted(self, stream: Stream, view: View) -> Keys:
        """What the stream's visitor may see of what is guarded, from this view down."""
        allowed: Keys = frozenset()
        while True:
            reached = reach(self._views, view, allowed).values()
            may = frozenset(one.key for one in reached if self._allows(stream, one))
            if may <= allowed:
                return allowed
            allowed |= may

    def _allows(self, stream: Stream, view: View) -> bool:
        """Whether it is guarded and the verdict is yes; without a verdict, it is asked for."""
        asked = question(view.spec, stream.visitor)
        if asked is None:
            return False
        known = stream.verdicts.get(view.key)
        if known is None:
            known = stream.verdicts[view.key] = self._ask(asked)
            # What was answered for others long ago may not be so any more. What the stream has
            # asked for another view is: it hears of each answer.
            known.asking.setdefault(stream, not known.stale)
            self._new.append(known)
        return known.asking[stream] and allows(known.content)

    def forget(self, stream: Stream, needed: Container[str] = ()) -> None:
        """The stream shows nothing guarded any more but these, by key."""
        gone = [key for key in stream.verdicts if key not in needed]
        ended = [stream.verdicts.pop(key) for key in gone]
        # Views with the same rule and arguments hang on one question.
        asked = set(stream.verdicts.values())
        for one in ended:
            if one not in asked:
                one.asking.pop(stream, None)


def acquaint(view: View, asked: View) -> bool:
    """Let a region know its user as he was found to be when this question about it was answered.

    Returns whether that changes what is known of him: then the region has become stale.
    """
    call, who = view.spec, asked.spec
    if not isinstance(call, RegionCall) or not isinstance(who, Question):
        return False
    if who.found is None or who.found == call.user or not same_user(who.found, call.user):
        return False
    view.take(call.known_as(who.found))
    return True


def undecided(stream: Stream, kept_back: Iterable[View]) -> bool:
    """Whether the stream might see some of what is kept back: nobody has said no yet."""
    known = [stream.verdicts.get(view.key) for view in kept_back]
    return any(asked is None or allows(asked.content) for asked in known)


def unsure(stream: Stream) -> bool:
    """Whether a yes that the stream hangs on may be none any more: it is asked for again."""
    return any(asked.stale and allows(asked.content) for asked in stream.verdicts.values())
