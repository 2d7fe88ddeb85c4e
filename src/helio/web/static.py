"""Static files: asked for again at each visit, and sent again only when they have changed."""

import errno

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from helio.web.answers import HTMLAnswer
from helio.web.problems import problem_page

UNKEPT = {"cache-control": "no-cache"}


class Static(StaticFiles):
    """A folder of files. A browser keeps them, but asks whether they are still right (`ETag`)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await self._found(path, scope)
        except HTTPException as error:  # nobody around this would make an answer of it
            text = "This file does not exist." if error.status_code == 404 else error.detail
            html = problem_page(error.status_code, text)
            return HTMLAnswer(html, error.status_code, {**(error.headers or {}), **UNKEPT})
        response.headers.setdefault("cache-control", "no-cache")
        return response

    async def _found(self, path: str, scope: Scope) -> Response:
        try:
            return await super().get_response(path, scope)
        except (ValueError, OSError) as error:  # a NUL, or more than a name may have
            if isinstance(error, OSError) and error.errno != errno.ENAMETOOLONG:
                raise
            raise HTTPException(404) from None
