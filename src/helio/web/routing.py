"""Which endpoint answers a request, and what is said where there is none."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from helio.web.answers import HTMLAnswer, problem_answer
from helio.web.endpoint import Endpoint
from helio.web.incoming import Incoming
from helio.web.opening import errand
from helio.web.problems import problem_page
from helio.web.visitors import Visitors


class PathRoute(Route):
    """An endpoint at its path. It gives way to a later one that answers the request's method."""

    def __init__(self, path: str, endpoint: Endpoint) -> None:
        super().__init__(path, endpoint)
        self._endpoint = endpoint

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        if match is not Match.FULL:
            return match, found
        # What concerns a page's stream goes where the page is found.
        method = scope["method"]
        if errand(method, Headers(scope=scope)) is not None:
            method = "GET"
        if not self._endpoint.answers(method):
            return Match.PARTIAL, found
        return match, found


class Missing:
    """What stands at every other path."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(Request(scope, receive))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        if request.scope["path"] == "/favicon.ico":
            # Browsers ask for it unbidden; a site without an icon is no error in their console.
            return Response(status_code=204)
        text = "This page does not exist."
        incoming = Incoming(request, self._visitors)
        if incoming.plain:
            answer: Response = HTMLAnswer(problem_page(404, text), 404)
        else:
            answer = problem_answer(404, text, incoming)
        answer.headers["vary"] = "Datastar-Request"
        return answer
