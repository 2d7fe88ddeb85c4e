"""Where a request may come from."""

from urllib.parse import urlsplit

from starlette.requests import Request

from helio.web.refusals import Forbidden

_SAFE = {"GET", "HEAD", "OPTIONS"}


def check_origin(request: Request) -> None:
    """Refuse commands that another site sent (CSRF).

    Browsers say where a request comes from in `Sec-Fetch-Site` (Fetch Metadata, W3C), older ones
    in `Origin` (RFC 6454); programs that are no browser send neither and carry no cookie by
    accident.
    """
    if request.method in _SAFE:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        origin = request.headers.get("origin")
        allowed = origin is None or _host(origin) == request.headers.get("host")
    if not allowed:
        raise Forbidden("This request came from another site.")


def same_origin_path(url: str | None, request: Request) -> str | None:
    """Path and query of a URL of this site; None for any other."""
    if not url or _host(url) != request.headers.get("host"):
        return None
    parts = urlsplit(url)
    return local_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def local_path(url: str) -> str | None:
    """The URL, if it is a path of this site and nothing that a browser takes for another one."""
    return url if url.startswith("/") and not url.startswith(("//", "/\\")) else None


def _host(url: str) -> str | None:
    """Host and port of a URL; None for what is none."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return None
