"""The ASGI scope of a request (ASGI 3, HTTP & WebSocket 2.3)."""

from typing import Any
from urllib.parse import unquote

from helio.server.application import Scope
from helio.server.head import Head
from helio.server.peer import Peer
from helio.server.proxies import Proxies


def http_scope(
    head: Head,
    peer: Peer,
    proxies: Proxies,
    state: dict[str, Any],
    extensions: dict[str, Any],
) -> Scope:
    """The scope of a request that came from this peer; a trusted proxy says who sent it."""
    client, scheme = peer.client, peer.scheme
    if peer.trusted:
        client = proxies.client(head.headers) or client
        scheme = proxies.scheme(head.headers) or scheme
    path = head.path.decode("ascii")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": head.version,
        "method": head.method,
        "scheme": scheme,
        "path": unquote(path) if "%" in path else path,
        "raw_path": head.path,
        "query_string": head.query,
        "root_path": "",
        "headers": head.headers,
        "client": client,
        "server": peer.server,
        "state": state.copy(),
        "extensions": extensions,
    }
