"""`helio routes`: what an application answers."""

from collections.abc import Iterator

from helio.server import Target, TargetError
from helio.web.app import App


def list_routes(text: str) -> list[str]:
    """One line a page or command: method, path, handler. Raises `TargetError`."""
    app = Target.parse(text).load()
    if not isinstance(app, App):
        raise TargetError(f"{text} wraps its application, whose routes cannot be seen from here.")
    rows = sorted(_rows(app), key=lambda row: (row[1], row[0]))
    columns = [max((len(row[i]) for row in rows), default=0) for i in range(2)]
    return [f"{method:<{columns[0]}}  {path:<{columns[1]}}  {name}" for method, path, name in rows]


def _rows(app: App) -> Iterator[tuple[str, str, str]]:
    for page in app.pages:
        yield "GET", f"{page.prefix}{page.path}", page.qualified
    for command in app.commands:
        yield command.method.upper(), f"{command.prefix}{command.path}", command.qualified
    for child in app.children:
        yield from _rows(child)
