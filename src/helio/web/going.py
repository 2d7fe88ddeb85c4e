"""Going to another page: the answer of a command, and what our runtime shows of that page."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec
from urllib.parse import unquote

from helio.live.recorder import forbid
from helio.web.document import Framed
from helio.web.incoming import Incoming
from helio.web.pages import Page
from helio.web.refusals import NotFound

if TYPE_CHECKING:
    from helio.web.app import App

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Goto:
    """The tab goes to this page."""

    page: Page[...]
    url: str


def goto(page: Page[...], /, **arguments: object) -> Goto:
    """Go to a page of this site, by its path and query arguments: `goto(card, id=3)`.

    Our runtime gets the page in the command's answer and shows it in the place of the present one;
    others are redirected. Raises TypeError for what is no page, and for arguments that it has not.
    """
    forbid("goto(…)")
    if not isinstance(page, Page):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(
            f"goto({page!r}): that is no page. Name a function decorated with @app.page(path), or "
            "return redirect(url)."
        )
    return Goto(page, page.url(**arguments))


async def arrived(app: "App", there: Goto, incoming: Incoming) -> Framed:
    """The page as the visitor would get it by its URL. Raises Refused if he would not."""
    page, home = there.page, app.home_of(there.page)
    path, _, query = there.url.partition("?")
    arguments = page.path.match(unquote(path).removeprefix(page.prefix))
    if arguments is None:  # a slash in an argument that takes none
        raise NotFound()
    shown = incoming.elsewhere(path, query, arguments)
    shown.visit = incoming.visit.known_to(home.users, shown.request)
    call = await page.call(shown, home)
    rendered = await home.hub.document(call, await shown.visit.visitor())
    incoming.visit.cookies += shown.visit.cookies
    return home.frame.framed(page, rendered, shown.request)
