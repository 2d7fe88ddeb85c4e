"""Showing: a page as a document, and as the stream that keeps it current."""

from typing import TYPE_CHECKING

from starlette.responses import Response

from helio import wire
from helio.live.hub import Mount
from helio.live.outcome import Refused
from helio.live.rights import Visitor
from helio.live.views import Place
from helio.web.answers import Answer, HTMLAnswer, problem_answer, reload_answer
from helio.web.build import Relation
from helio.web.grants import key_of
from helio.web.incoming import Incoming
from helio.web.opening import MOUNTS, Errand, Mounted, Opening, opening
from helio.web.pages import Page
from helio.web.plain import PAGE_HEADERS
from helio.web.refusals import refusal
from helio.web.sink import AsgiSink, StreamAnswer

if TYPE_CHECKING:
    from helio.web.app import App

RELOAD = wire.effect("navigate", {"mode": "reload", "when": "idle"})
"""The page is loaded again as soon as nothing that somebody is writing would be lost."""


class Showing:
    """Shows a page to whoever asks for it."""

    def __init__(self, app: "App", page: Page[...]) -> None:
        self._app = app
        self._page = page

    async def answer(self, incoming: Incoming, errand: Errand | None) -> Answer:
        """A document; for a runtime the page's stream, or what it has to say to that.

        Raises Refused where the page refuses the visitor a document, BadRequest for what a
        runtime says and nobody understands.
        """
        if errand == "presence":
            return await self._app.attendance.update(incoming)
        if not incoming.runtime or incoming.request.method == "HEAD":
            return await self._document(incoming)
        told = await opening(incoming)
        try:
            return await self._stream(incoming.visiting(), told)
        except Refused as refused:
            return reload_answer(refusal(refused), incoming)

    async def _document(self, incoming: Incoming) -> Response:
        app, page = self._app, self._page
        call = await page.call(incoming, app)
        rendered = await app.hub.document(call, await incoming.visit.visitor())
        framed = app.frame.framed(page, rendered, incoming.request)
        if app.hub.aids is not None:
            app.hub.aids.framed(call, framed.document)
        return HTMLAnswer(framed.document, 200, PAGE_HEADERS)

    async def _stream(self, incoming: Incoming, told: Opening) -> Answer:
        hub, attendance, tab = self._app.hub, self._app.attendance, incoming.tab
        call = await self._page.call(incoming, self._app)
        if hub.draining:
            return problem_answer(503, "The server is restarting.", incoming)
        visitor = await incoming.visit.visitor()
        build = self._app.frame.build.relation(incoming.request.headers.get("helio-build"))
        sink = AsgiSink()
        if incoming.own and _is_outdated(told, call.address, build):
            sink.write(RELOAD)
        have = told.have if build == "same" else {}
        session = await incoming.visit.known() or ""
        mounts, news = await self._granted(told.mounts, session, visitor)
        guest = await attendance.guest(incoming)
        # Rendered before the head is sent, so that a refusal has its status.
        stream = await hub.open(call, have, sink, tab, visitor, mounts, steps=incoming.own)
        if news:
            sink.write(wire.batch(news))
        if stream in hub.streams:  # not replaced meanwhile by one that has said more
            attendance.resume(tab, guest, told.presence)
        self._app.acknowledgements.confirm(stream, incoming.acks)
        return StreamAnswer(sink, stream, hub, lambda: attendance.leave(tab))

    async def _granted(
        self, told: list[Mounted], session: str, visitor: Visitor
    ) -> tuple[list[Mount], list[bytes]]:
        """What of the tab's mounts it may have again, and what it must be told of the others."""
        mounts: list[Mount] = []
        news: list[bytes] = []
        if not told:
            return mounts, news
        grants = await self._app.trust.grants()
        for at, mounted in enumerate(told):
            # A tab with too many does without the last: it would never have a stream again.
            granted = await grants.read(mounted.grant, session, visitor) if at < MOUNTS else None
            if granted is None:
                news.append(wire.unmount(mounted.into, key_of(mounted.grant)))
                continue
            call, renewed = granted.call, granted.renewed
            mounts.append((call, Place(mounted.into, mounted.mode, renewed or mounted.grant)))
            if renewed is not None:
                news.append(wire.grant(call.key, renewed))
        return mounts, news


def _is_outdated(told: Opening, address: str, build: Relation) -> bool:
    """Whether the document is such that only loading it again helps."""
    return build == "foreign" or bool(told.have and address not in told.have)
