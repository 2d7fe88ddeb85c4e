"""Execution: what an answer asks for beside patches is done before the answer is written."""

import logging
from typing import TYPE_CHECKING

from helio import wire
from helio.live.naming import same_user
from helio.live.recorder import RenderError
from helio.live.region import RegionCall
from helio.live.rights import NotAllowed, Visitor, question
from helio.live.rule import guarding
from helio.live.views import Place, nest
from helio.web.answers import AnswerError, Ready, addressed, listed
from helio.web.commands import Command
from helio.web.going import Goto, arrived
from helio.web.incoming import Incoming
from helio.web.mounting import Mount, Refresh, Unmount
from helio.web.opening import MOUNTS
from helio.web.pages import Page
from helio.web.refusals import BadRequest, Reject
from helio.web.slots import selector

if TYPE_CHECKING:
    from helio.web.app import App

log = logging.getLogger("helio.web")

Executed = Mount | Unmount | Refresh | Goto
"""What is executed, and shows what the command has changed."""


class Execution:
    """Executes the answers of one command to one request."""

    def __init__(self, app: "App", incoming: Incoming, command: Command[...]) -> None:
        self._app = app
        self._incoming = incoming
        self._command = command
        self._function = command.function
        self._where = command.where

    async def done(self, result: object) -> list[object]:
        """The items of an answer to a runtime: what of it remains to be written.

        Raises Refused where a rule or a page refuses the visitor.
        """
        return [await self._done(item) for item in listed(result)]

    async def _done(self, item: object) -> object:
        match item:
            case Mount():
                return await self._mount(item)
            case Unmount():
                return self._unmount(item)
            case Refresh():
                return await self._app.refreshing.refresh(item.call.key)
            case Goto():
                return await self._goto(item)
            case RegionCall():
                raise AnswerError(
                    f"{self._where} returned {item.name}. Say where it shall be shown: "
                    f"return mount({item.region.function.__name__}(…), into='slot')."
                )
            case Page():
                name = item.function.__name__
                raise AnswerError(f"{self._where} returned a page: return goto({name}, …).")
            case _:
                self._watch(item)
                return item

    def _watch(self, item: object) -> None:
        """In development: whether an element is sent to where a region would undo it."""
        hub = self._app.hub
        name = addressed(item) if hub.aids is not None else None
        if hub.aids is not None and name is not None:
            hub.aids.patched(self._function, self._where, name, hub.graph.views.values())

    # Mounts

    async def _mount(self, item: Mount) -> Ready | None:
        call = item.what.call
        self._compare(call)
        visitor = await self._incoming.visit.visitor()
        await refuse_other_user(call, visitor)
        if not self._incoming.own:
            return await self._shown_once(item, visitor)
        return await self._mounted(item, visitor)

    def _compare(self, call: RegionCall) -> None:
        """In development: whether what is mounted has less of a rule than the command."""
        aids = self._app.hub.aids
        unruled = call.region.allow is None and call.user is None
        if aids is not None and unruled and guarding(self._command.rule_in(self._app)):
            aids.unruled(self._function, self._where, call.region.qualified)

    async def _mounted(self, item: Mount, visitor: Visitor) -> Ready | None:
        """By the tab's stream, if it is open here; else the tab opens it again, with the grant."""
        call = item.what.call
        session = await self._incoming.visit.known() or ""
        grants = await self._app.trust.grants()
        try:
            grant = grants.give(item.what, session)
        except ValueError as error:
            log.warning("%s: %s", self._where, error)
            raise BadRequest("This is too long to be shown.", 413) from error
        streams = self._app.hub.streams
        stream = streams.of_tab(self._incoming.tab)
        # One that was opened before the visitor logged in has not his rights.
        if stream is not None and stream.visitor.id == visitor.id:
            place = Place(item.into, item.mode, grant)
            if len(stream.mounts) - len(stream.making_room(call.key, place)) >= MOUNTS:
                raise Reject("This page cannot show any more. Load it again.")
            await self._app.hub.mount(stream, call, place)
            if stream in streams:
                return None
        else:
            await _check(call, visitor)
        return Ready(wire.mount(item.into, item.mode, call.key, grant))

    async def _shown_once(self, item: Mount, visitor: Visitor) -> Ready:
        """For stock runtimes, which know no mounts: its HTML as of now."""
        rendered = await self._app.hub.document(item.what.call, visitor)
        data = wire.elements(rendered.html, selector=selector(item.into), mode=item.mode)
        if rendered.declared:
            data = wire.signals(nest(rendered.declared), only_if_missing=True) + data
        return Ready(data)

    def _unmount(self, item: Unmount) -> Ready | None:
        if not self._incoming.own:
            inside = f'> [data-region="{item.key}"]' if item.key else "> *"
            return Ready(wire.elements(selector=f"{selector(item.into)} {inside}", mode="remove"))
        stream = self._app.hub.streams.of_tab(self._incoming.tab)
        if stream is None:
            return Ready(wire.unmount(item.into, item.key))
        self._app.hub.unmount(stream, item.into, item.key)
        return None

    # Pages

    async def _goto(self, item: Goto) -> Ready:
        if not self._incoming.own:
            detail = {"url": item.url, "mode": "push"}
            return Ready(wire.effect("navigate", detail, stock=True))
        framed = await arrived(self._app, item, self._incoming)
        return Ready(wire.goto(item.url, framed.title, framed.inside))


async def _check(call: RegionCall, visitor: Visitor) -> None:
    """Raise NotAllowed if the region's rule refuses the visitor."""
    asked = question(call, visitor)
    if asked is not None and await asked.render() is not True:
        raise NotAllowed(call.name)


async def refuse_other_user(call: RegionCall, visitor: Visitor) -> None:
    """Raise RenderError if a user's region would be shown to another one."""
    if call.user is None:
        return
    if not same_user(await visitor.user(), call.user):
        raise RenderError(
            f"{call.name} shows one user's data, and the visitor who sent this command is not that "
            "user. Pass on the user that the command takes as its own parameter."
        )
