"""What `helio dev` answers while the application does not start."""

from markupsafe import escape

from helio.server.application import Receive, Scope, Send

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: auto; padding: 1rem; }}
pre {{ overflow: auto; padding: 1rem; border: 1px solid; border-radius: .5rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
<pre>{report}</pre>
<p>This page reloads itself until the application is back.</p>
</body>
</html>
"""


class Broken:
    """An application that answers every request with 503 and the reason."""

    development = True

    def __init__(self, title: str, report: str) -> None:
        page = _PAGE.format(title=escape(title), report=escape(report))
        self._page = page.encode("utf-8", "replace")
        self._text = f"{title}\n\n{report}\n".encode("utf-8", "replace")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, send)

    async def drain(self, deadline: float) -> None:
        """Nothing to do: there are no streams."""

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, send: Send) -> None:
        # Plain text for the browser runtime: it shows no such body, keeps the page and tries again.
        live = any(name == b"datastar-request" for name, _ in scope["headers"])
        body, kind = (self._text, b"text/plain") if live else (self._page, b"text/html")
        headers = [
            (b"content-type", kind + b"; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"vary", b"Datastar-Request"),
            (b"retry-after", b"1"),
        ]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": body})
