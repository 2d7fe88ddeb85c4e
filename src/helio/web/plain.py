"""Plain forms: where one goes that was sent without the runtime, and how it comes back refused."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from helio.html import FormState
from helio.live.views import Document
from helio.web.answers import HTMLAnswer, listed
from helio.web.commands import Command
from helio.web.effects import Redirect
from helio.web.execution import refuse_other_user
from helio.web.filling import filled
from helio.web.going import Goto
from helio.web.incoming import Incoming
from helio.web.mounting import Mount, Refresh
from helio.web.problems import problem_page
from helio.web.security import local_path, same_origin_path

if TYPE_CHECKING:
    from helio.web.app import App

log = logging.getLogger("helio.web")

PAGE_HEADERS = {"cache-control": "private, no-cache"}
"""A document is right at the moment it is served."""


async def answer(app: "App", result: object, command: Command[...], incoming: Incoming) -> Response:
    """What a plain form gets when all went well: another page, or the one it came from.

    That is shown at once if something is mounted in it.
    """
    items = listed(result)
    for item in items:
        if isinstance(item, Refresh):
            await app.refreshing.refresh(item.call.key)
    for item in items:
        if isinstance(item, Redirect | Goto):
            return RedirectResponse(item.url, 303)
    url = origin(app, command, incoming)
    mounts = [item for item in items if isinstance(item, Mount)]
    document = await _document(app, FormState(back=url), incoming, mounts) if mounts else None
    if document is None:
        return RedirectResponse(url, 303)
    return HTMLAnswer(document, 200, PAGE_HEADERS)


def origin(app: "App", command: Command[...], incoming: Incoming) -> str:
    """The page that a plain form was sent from, as far as is known."""
    request = incoming.request
    told = (
        local_path(incoming.values.get("_back", "")),
        same_origin_path(request.headers.get("referer"), request),
    )
    for url in told:
        # The address of a refused form's page is its command's, where nothing can be visited.
        if url and app.can_visit(url.partition("?")[0]):
            return url
    return app.prefix + (command.back or "/")


async def again(
    app: "App",
    messages: dict[str, str],
    command: Command[...],
    incoming: Incoming,
    status: int = 422,
) -> Response:
    """The page that the form stands on, once more, with its values and the messages."""
    form = FormState(incoming.values, messages, origin(app, command, incoming))
    document = await _document(app, form, incoming)
    if document is None:
        document = problem_page(status, "; ".join(messages.values()))
    return HTMLAnswer(document, status, PAGE_HEADERS)


async def _document(
    app: "App", form: FormState, incoming: Incoming, mounts: Sequence[Mount] = ()
) -> str | None:
    """The page that a form came from, as it is once; None if there is none, or not the slots.

    Its forms know the page, since this answer stands at the command's address.
    """
    path, _, query = form.back.partition("?")
    found = app.find_page(path)
    if found is None:
        return None
    page, arguments = found
    shown = incoming.elsewhere(path, query, arguments)
    visitor = await shown.visit.visitor()
    hub = app.aside(form)
    try:
        rendered = await hub.document(await page.call(shown, app), visitor)
        regions: list[Document] = []
        for mount in mounts:
            await refuse_other_user(mount.what.call, visitor)
            regions.append(await hub.document(mount.what.call, visitor))
    finally:
        await hub.stop()
    incoming.visit.cookies += shown.visit.cookies
    declared = {path: value for one in regions for path, value in one.declared.items()}
    rendered = replace(rendered, declared={**rendered.declared, **declared})
    document = app.frame.framed(page, rendered, shown.request, form).document
    for mount, region in zip(mounts, regions, strict=True):
        document = filled(document, mount.into, mount.mode, region.html)
        if document is None:
            log.warning("%s has no slot or part for %s", page.where, mount.what.call.name)
            return None
    return document
