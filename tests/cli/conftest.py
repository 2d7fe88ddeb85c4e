from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.commands import Command

Helio = Callable[..., Command]


@pytest.fixture
def helio(tmp_path: Path) -> Iterator[Helio]:
    """`helio("run", "todo.py")`: a command in an empty directory; ended with the test."""
    commands: list[Command] = []

    def start(*arguments: str) -> Command:
        commands.append(Command(tmp_path, *arguments))
        return commands[-1]

    yield start
    for command in commands:
        command.end()
