"""Our browser runtime as files: one for production, one that explains its errors."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

_FOLDER = Path(__file__).parent.parent / "static"
_PRODUCTION = _FOLDER / "helio.js"
_DEVELOPMENT = _FOLDER / "helio.dev.js"
_HEADERS = {"cache-control": "public, max-age=31536000, immutable"}


@cache
def _path(file: Path) -> str:
    """The path of a bundle: it changes with the content, so it may be cached for ever."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    return f"/_helio/{file.stem}.{digest}.js"


def runtime_path(*, development: bool = False) -> str:
    """Where the runtime stands, under the prefix of the application."""
    return _path(_DEVELOPMENT if development else _PRODUCTION)


def runtime_routes() -> list[Route]:
    """The routes of both bundles."""
    return [_route(_PRODUCTION), _route(_DEVELOPMENT)]


def _route(file: Path) -> Route:
    async def answer(request: Request) -> Response:
        return FileResponse(file, media_type="text/javascript; charset=utf-8", headers=_HEADERS)

    return Route(_path(file), answer)
