"""Plain forms: where one goes that was sent without the runtime, and how it comes back refused."""

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from helio.html import FormState
from helio.live.hub import Hub
from helio.web.answers import HTMLAnswer, listed
from helio.web.commands import Command
from helio.web.effects import Redirect
from helio.web.incoming import Incoming
from helio.web.problems import problem_page
from helio.web.security import local_path, same_origin_path

if TYPE_CHECKING:
    from helio.web.app import App

PAGE_HEADERS = {"cache-control": "private, no-cache"}
"""A document is right at the moment it is served."""


def back(app: "App", result: object, command: Command[...], incoming: Incoming) -> Response:
    """Where a plain form goes when all went well: a redirect's URL, or the page it came from."""
    for item in listed(result):
        if isinstance(item, Redirect):
            return RedirectResponse(item.url, 303)
    return RedirectResponse(origin(app, command, incoming), 303)


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
    url = origin(app, command, incoming)
    path, _, query = url.partition("?")
    found = app.find_page(path)
    if found is None:
        text = "; ".join(messages.values())
        return HTMLAnswer(problem_page(status, text), status, PAGE_HEADERS)
    page, arguments = found
    form = FormState(incoming.values, messages, url)
    shown = incoming.elsewhere(path, query, arguments)
    hub = Hub(form=form, failure=app.failure)
    try:
        rendered = await hub.document(await page.call(shown))
    finally:
        await hub.stop()
    incoming.cookies += shown.cookies
    html = app.frame.document(page, rendered, shown.request, form)
    return HTMLAnswer(html, status, PAGE_HEADERS)
