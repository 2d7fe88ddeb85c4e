"""How a process serves."""

from dataclasses import dataclass, field

from helio.server.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Files in PEM form: the chain of certificates, and its private key if that is not in it."""

    chain: str
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Settings of one serving process; every time is in seconds.

    `forwarded_allow_ips`: the proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are
    believed, as comma-separated addresses, networks, or `*`; None: `$FORWARDED_ALLOW_IPS`,
    else this machine only.
    `grace`: how long requests in flight get to finish on SIGTERM; streams end at once.
    `limits`: what clients may send, and how long they may take.
    `certificate`: serve https by it.
    `request_log`: print one line a request; `access_log`: one with time and client.
    """

    forwarded_allow_ips: str | None = None
    grace: float = 8.0
    limits: Limits = field(default_factory=Limits)
    certificate: Certificate | None = None
    request_log: bool = False
    access_log: bool = False
