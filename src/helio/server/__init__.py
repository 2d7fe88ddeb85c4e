"""The process: a listening address, the application served on it, drain, and reload.

`cli` is the only caller. Everything below knows an application by the protocol
`helio.server.application.Application` alone, so the HTTP server can be replaced without
touching `web`.
"""

from helio.server.application import Application
from helio.server.limits import Limits
from helio.server.listener import AddressError, Listener
from helio.server.options import Certificate, Options
from helio.server.target import Target, TargetError

__all__ = [
    "AddressError",
    "Application",
    "Certificate",
    "Limits",
    "Listener",
    "Options",
    "Target",
    "TargetError",
]
