"""The command line: `helio run`, `helio dev` and `helio routes`, each with a TARGET."""

import sys


def main() -> None:
    """Run the command given in `sys.argv`; the entry of the `helio` script."""
    from helio.cli.commands import program

    try:
        program()
    except KeyboardInterrupt:
        sys.exit(130)
