"""Metrics over HTTP: `/_helio/metrics`, in the text format that Prometheus reads.

Only for whoever brings the token of `App(metrics=…)`: the numbers say how busy an application is.
"""

from collections.abc import Callable, Iterator
from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from helio.live.hub import Hub
from helio.live.metrics import Durations
from helio.web.answers import NO_STORE

PATH = "/_helio/metrics"
KIND = "text/plain; version=0.0.4; charset=utf-8"


def metrics_route(hub: Callable[[], Hub], token: str) -> Route:
    """The route that tells the numbers of a hub. ValueError for a token of under 16 characters."""
    if len(token) < 16:
        raise ValueError(
            "App(metrics=token): a token that nobody guesses has 16 characters or more"
        )

    async def tell(request: Request) -> Response:
        scheme, _, told = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not compare_digest(told.encode(), token.encode()):
            return PlainTextResponse(
                "Bring the token: Authorization: Bearer …\n",
                401,
                {**NO_STORE, "www-authenticate": "Bearer"},
            )
        return Response(exposed(hub()), headers=NO_STORE, media_type=KIND)

    return Route(PATH, tell)


def exposed(hub: Hub) -> str:
    """The numbers of a hub as text."""
    return "".join(line + "\n" for line in _lines(hub))


def _lines(hub: Hub) -> Iterator[str]:
    numbers = hub.metrics
    renders = numbers.renders.count
    yield from _one("streams", "gauge", "Streams that are open.", len(hub.streams))
    yield from _one(
        "views", "gauge", "Pages, regions and rules that are kept.", len(hub.graph.views)
    )
    ratio = numbers.deliveries / renders if renders else 0.0
    yield from _one("shared_ratio", "gauge", "Frames written for each render.", ratio)
    for name, meaning, value in (
        ("streams_opened", "Streams that have been opened.", numbers.opened),
        ("publications", "Times that something was published.", numbers.publications),
        ("render_failures", "Renders that have failed.", numbers.failures),
        ("deliveries", "Frames written to streams.", numbers.deliveries),
        ("delivered_bytes", "Bytes of these frames.", numbers.bytes),
        ("skips", "Frames not written, because the client takes no bytes.", numbers.skips),
        ("cuts", "Streams ended, because they took no bytes for long.", numbers.cuts),
    ):
        yield from _one(f"{name}_total", "counter", meaning, value)
    yield from _many("render_seconds", "How long renders take.", numbers.renders)
    yield from _many("tick_delay_seconds", "How late renders begin.", numbers.delays)
    yield from _many(
        "publish_to_write_seconds", "From a publication to its frames.", numbers.latencies
    )


def _one(name: str, kind: str, meaning: str, value: float) -> Iterator[str]:
    yield f"# HELP helio_{name} {meaning}"
    yield f"# TYPE helio_{name} {kind}"
    yield f"helio_{name} {value:g}" if isinstance(value, float) else f"helio_{name} {value}"


def _many(name: str, meaning: str, durations: Durations) -> Iterator[str]:
    yield f"# HELP helio_{name} {meaning}"
    yield f"# TYPE helio_{name} histogram"
    for bound, count in durations.upto():
        told = "+Inf" if bound == float("inf") else f"{bound:g}"
        yield f'helio_{name}_bucket{{le="{told}"}} {count}'
    yield f"helio_{name}_sum {durations.total:.9g}"
    yield f"helio_{name}_count {durations.count}"
