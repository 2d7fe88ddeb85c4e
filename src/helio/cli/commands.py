"""The commands. Each imports what it needs itself, so that `--help` is immediate."""

import sys
from typing import Annotated, NoReturn

import typer

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


@program.command()
def run(
    target: TargetArgument,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    forwarded_allow_ips: ProxiesOption = None,
) -> None:
    """Serve an application."""
    from helio.cli.serving import run_target
    from helio.server import Options

    run_target(target, host, port, Options(forwarded_allow_ips=forwarded_allow_ips), fail=_fail)


@program.command()
def dev(
    target: TargetArgument,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    forwarded_allow_ips: ProxiesOption = None,
) -> None:
    """Serve an application while you write it: restarts on change, tells what fails."""
    from helio.cli.serving import develop_target
    from helio.server import Options

    options = Options(forwarded_allow_ips=forwarded_allow_ips, grace=2.0, request_log=True)
    develop_target(target, host, port, options, fail=_fail)


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


def _fail(message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise typer.Exit(1)
