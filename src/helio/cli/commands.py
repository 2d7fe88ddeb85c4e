"""The commands. Each imports what it needs itself, so that `--help` is immediate."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from helio.server import Certificate

program = typer.Typer(
    name="helio",
    help="Web applications whose pages stay current by themselves.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

TargetArgument = Annotated[
    str,
    typer.Argument(
        metavar="TARGET",
        help="A file (todo.py) or a module with the name of its application (shop.main:app).",
        show_default=False,
    ),
]
HostOption = Annotated[str, typer.Option("--host", help="The address to listen on.")]
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")
]
ProxiesOption = Annotated[
    str | None,
    typer.Option(
        "--forwarded-allow-ips",
        metavar="ADDRESSES",
        help="Proxies whose X-Forwarded-For and -Proto are believed: addresses or networks, "
        "separated by commas. Default: $FORWARDED_ALLOW_IPS, else this machine.",
        show_default=False,
    ),
]
CertificateOption = Annotated[
    str | None,
    typer.Option(
        "--certificate",
        metavar="FILE",
        help="Serve https by this chain of certificates (PEM).",
        show_default=False,
    ),
]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="The certificate's private key, if it is not in the same file.",
        show_default=False,
    ),
]


@program.command()
def run(
    target: TargetArgument,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    unix: Annotated[
        Path | None,
        typer.Option(
            "--unix",
            metavar="PATH",
            help="Listen on a Unix socket at this path instead.",
            show_default=False,
        ),
    ] = None,
    certificate: CertificateOption = None,
    key: KeyOption = None,
    forwarded_allow_ips: ProxiesOption = None,
    keep_alive: Annotated[
        float,
        typer.Option("--keep-alive", min=0.1, help="Seconds that idle connections are kept."),
    ] = 75.0,
    max_connections: Annotated[
        int | None,
        typer.Option(
            "--max-connections",
            min=1,
            help="Connections at a time. Default: what the limit of open files leaves.",
            show_default=False,
        ),
    ] = None,
    max_per_address: Annotated[
        int | None,
        typer.Option(
            "--max-per-address",
            min=1,
            help="Connections of one client's address. Default: any number.",
            show_default=False,
        ),
    ] = None,
    access_log: Annotated[
        bool, typer.Option("--access-log", help="Print one line a request.")
    ] = False,
) -> None:
    """Serve an application."""
    from helio.cli.serving import run_target
    from helio.server import Limits, Options

    options = Options(
        forwarded_allow_ips=forwarded_allow_ips,
        limits=Limits(
            keep_alive=keep_alive, connections=max_connections, per_address=max_per_address
        ),
        certificate=_certificate(certificate, key),
        access_log=access_log,
    )
    run_target(target, unix or (host, port), options, fail=_fail)


@program.command()
def dev(
    target: TargetArgument,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    certificate: CertificateOption = None,
    key: KeyOption = None,
    forwarded_allow_ips: ProxiesOption = None,
) -> None:
    """Serve an application while you write it: restarts on change, tells what fails."""
    from helio.cli.serving import develop_target
    from helio.server import Options

    options = Options(
        forwarded_allow_ips=forwarded_allow_ips,
        grace=2.0,
        certificate=_certificate(certificate, key),
        request_log=True,
    )
    develop_target(target, (host, port), options, fail=_fail)


@program.command()
def routes(target: TargetArgument) -> None:
    """List the pages and commands of an application."""
    from helio.cli.routes import list_routes
    from helio.server import TargetError

    try:
        for line in list_routes(target):
            typer.echo(line)
    except TargetError as error:
        _fail(str(error))


def _certificate(chain: str | None, key: str | None) -> "Certificate | None":
    from helio.server import Certificate

    if chain is None:
        if key is not None:
            _fail("--key is the key of a certificate, which --certificate names.")
        return None
    return Certificate(chain=chain, key=key)


def _fail(message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise typer.Exit(1)
