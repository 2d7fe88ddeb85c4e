"""Frames: the events that bring a client from what it has to what its page is now."""

from collections.abc import Iterable, Mapping
from html import unescape

from helio import wire
from helio.html.rendering import Path
from helio.live.content import Content
from helio.live.diff import Step, diff
from helio.live.parts import Items, regions, render
from helio.live.views import WITHHELD, Assembled, Keys, Versions, View, nest, withheld

Views = Mapping[str, View]


def assemble(views: Views, view: View, allowed: Keys | None = None) -> Assembled:
    """The view's HTML with the newest content of all views inside it.

    Of what rules guard, only the `allowed`; None: everything.
    """
    declared: dict[Path, object] = {}
    html = _fill(views, view, declared, allowed, ())
    return Assembled(html, declared, view.content.title if view.content else None)


def _fill(
    views: Views,
    view: View,
    declared: dict[Path, object],
    allowed: Keys | None,
    above: tuple[str, ...],
) -> str:
    content = view.content
    if content is None or view.key in above:
        # A view that contains itself by way of another one's later content: shown once.
        return ""
    if withheld(view, allowed):
        return f'<template data-region="{view.address}" data-v="{WITHHELD}"></template>'
    declared.update(content.declared)
    inside = (*above, view.key)
    return content.html(
        view.address, lambda key: _fill(views, views[key], declared, allowed, inside)
    )


def version(view: View, allowed: Keys | None) -> str:
    """What a client that may see these, and holds the newest of the view, holds of it."""
    if withheld(view, allowed):
        return WITHHELD
    return view.content.version if view.content else ""


def frame(
    views: Views,
    view: View,
    have: Versions,
    known: Iterable[Path] = (),
    allowed: Keys | None = None,
    *,
    steps: bool = False,
) -> list[bytes]:
    """The events for a client that has these versions, knows these signals and may see these views.

    With `steps`, which only our own runtime understands, a view that is a render behind is sent as
    the steps of its diff, where the render the client has is still known and the steps are shorter.
    """
    made = _Frame(views, have, set(known), allowed, steps=steps)
    made.bring(view)
    return made.events()


class _Frame:
    """A frame under construction."""

    def __init__(
        self,
        views: Views,
        have: Versions,
        known: set[Path],
        allowed: Keys | None,
        *,
        steps: bool,
    ) -> None:
        self._views = views
        self._have = have
        self._known = known
        self._allowed = allowed
        self._steps = steps
        self._declared: dict[Path, object] = {}
        self._events: list[bytes] = []

    def events(self) -> list[bytes]:
        new = {path: value for path, value in self._declared.items() if path not in self._known}
        if new:
            self._events.insert(0, wire.signals(nest(new), only_if_missing=True))
        return self._events

    def bring(self, view: View) -> None:
        """Add the events for a view and those inside it."""
        seen: set[str] = set()
        waiting = [view]
        while waiting:
            at = waiting.pop()
            if at.key in seen or at.content is None:
                continue
            seen.add(at.key)
            if withheld(at, self._allowed):
                self._withhold(at)
                continue
            unchanged = self._has(at, at.content)
            below = at.content.holes if unchanged else self._send(at, at.content)
            waiting.extend(self._views[key] for key in reversed(list(below)))

    def _withhold(self, view: View) -> None:
        if self._have.get(view.address) != WITHHELD:
            html = assemble(self._views, view, self._allowed).html
            self._events.append(wire.elements(html, selector=_selector(view)))

    def _has(self, view: View, content: Content) -> bool:
        if self._have.get(view.address) != content.version:
            return False
        self._known.update(content.declared)
        return True

    def _send(self, view: View, content: Content) -> Iterable[str]:
        """Add a view that has changed; the views inside that may still have to be sent."""
        if content.title is not None:
            detail = {"title": content.title}
            self._events.append(wire.effect("title", detail, stock=not self._steps))
        base = view.past.get(self._have.get(view.address, "")) if self._steps else None
        if not content.holes:
            self._declared.update(content.declared)
            name = base.version if base is not None else ""
            event = view.encoded.get(name)
            if event is None:
                event = view.encoded[name] = self._event(view, content, base)[0]
            self._events.append(event)
            return ()
        event, below = self._event(view, content, base)
        self._events.append(event)
        return below

    def _event(
        self, view: View, content: Content, base: Content | None
    ) -> tuple[bytes, Iterable[str]]:
        """The event for one view, and the views inside that it does not bring along."""
        steps = diff(base.parts, content.parts) if base is not None else None
        if base is None or steps is None:
            whole = assemble(self._views, view, self._allowed)
            self._declared.update(whole.declared)
            return wire.elements(whole.html, selector=_selector(view)), ()
        self._declared.update(content.declared)
        told = [self._told(step) for step in steps]
        event = wire.steps(view.address, base.version, content.version, told)
        sent = {key for step in steps for key in regions(step.items)}
        twice = len(set(content.holes)) < len(content.holes)
        return event, [key for key in content.holes if twice or key not in sent]

    def _told(self, step: Step) -> wire.Step:
        """A step with its HTML and its target as the browser finds it."""
        target = step.target
        if target is None:
            place = ""
        elif step.region:
            place = f"@{target}"
        else:
            place = unescape(target)
        return wire.Step(step.mode, place, self._html(step.items))

    def _html(self, items: Items) -> str:
        def fill(key: str) -> str:
            inner = assemble(self._views, self._views[key], self._allowed)
            self._declared.update(inner.declared)
            return inner.html

        return render(items, fill)


def _selector(view: View) -> str:
    return f'[data-region="{view.address}"]'
