"""How a process serves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Settings of one serving process; every time is in seconds.

    `forwarded_allow_ips`: the proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are
    believed, as comma-separated addresses, networks, or `*`; None: `$FORWARDED_ALLOW_IPS`,
    else this machine only.
    `grace`: how long requests in flight get to finish on SIGTERM; streams end at once.
    `keep_alive`: how long an idle connection is kept; above the 60 s after which common
    proxies close theirs, so that they never send a request into a closing connection.
    `request_log`: print one line a request.
    """

    forwarded_allow_ips: str | None = None
    grace: float = 8.0
    keep_alive: int = 75
    request_log: bool = False
