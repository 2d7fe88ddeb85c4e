"""Routes: the pages and commands that a module collects."""

from collections.abc import Callable
from typing import ParamSpec

from helio.live.naming import qualified
from helio.live.rule import Rule
from helio.web.commands import Command, Method
from helio.web.pages import Layout, Page

P = ParamSpec("P")


class Routes:
    """Pages and commands of a module, for `app.include(routes)`."""

    def __init__(self, *, allow: Rule | None = None) -> None:
        """`allow` is the rule of those that name none of their own."""
        self.allow = allow
        self.pages: list[Page[...]] = []
        self.commands: list[Command[...]] = []

    def page(
        self,
        path: str,
        *,
        title: str | None = None,
        layout: Layout | None = None,
        live: bool = True,
        allow: Rule | None = None,
    ) -> Callable[[Callable[P, object]], Page[P]]:
        """A page at this path: the function returns its HTML, and is run again as it must.

        Its parameters are path and query arguments by name; `User`, `Request`, `Session`,
        `SessionState` and `TabState` structs by type. The title is the function's name unless
        told. One that is not `live` opens no stream: it stays as it was when it was visited.
        `allow` is a rule, `async def rule(user, <path arguments by name>) -> bool`: others get
        403, and whoever has it open when the rule says no is turned away.
        """

        _refuse_bare("page", path)

        def decorate(function: Callable[P, object]) -> Page[P]:
            page = Page(function, path, title, layout, allow or self.allow, live=live)
            self._add_page(page)
            return page

        return decorate

    def get(
        self, path: str, *, back: str | None = None, allow: Rule | None = None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        """An action by GET: it changes nothing, or nothing that matters."""
        return self._command("get", path, back, allow)

    def post(
        self, path: str, *, back: str | None = None, allow: Rule | None = None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        """A command by POST. `back` is where a plain form goes that came from nowhere.

        `allow` is a rule, `async def rule(user, <path arguments by name>) -> bool`: others get 403.
        """
        return self._command("post", path, back, allow)

    def put(
        self, path: str, *, back: str | None = None, allow: Rule | None = None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        """A command by PUT."""
        return self._command("put", path, back, allow)

    def patch(
        self, path: str, *, back: str | None = None, allow: Rule | None = None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        """A command by PATCH."""
        return self._command("patch", path, back, allow)

    def delete(
        self, path: str, *, back: str | None = None, allow: Rule | None = None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        """A command by DELETE."""
        return self._command("delete", path, back, allow)

    def _command(
        self, method: Method, path: str, back: str | None, allow: Rule | None
    ) -> Callable[[Callable[P, object]], Command[P]]:
        _refuse_bare(method, path)

        def decorate(function: Callable[P, object]) -> Command[P]:
            command = Command(function, method, path, back, allow or self.allow)
            self._add_command(command)
            return command

        return decorate

    def _add_page(self, page: Page[...]) -> None:
        self.pages.append(page)

    def _add_command(self, command: Command[...]) -> None:
        self.commands.append(command)


def _refuse_bare(decorator: str, path: object) -> None:
    """Raise TypeError for `@app.page` without parentheses, which would register nothing."""
    if callable(path):
        raise TypeError(
            f'@app.{decorator} needs a path: write @app.{decorator}("/…") above {qualified(path)}'
        )
