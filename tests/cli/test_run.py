"""`helio run`: serves, ends well, and says what it cannot do."""

import signal
import socket
from pathlib import Path

import pytest

from cli.commands import app, rest, until


def test_it_prints_where_it_serves_and_nothing_else(helio, tmp_path: Path):
    (tmp_path / "todo.py").write_text(app())
    command = helio("run", "todo.py", "--port", "0")
    assert command.get() == (200, "data: hello 0\n\n")
    command.signal()
    assert command.wait() == 0
    assert command.out == [f"todo.py is served at {command.url}"]
    assert command.err == []


def test_it_serves_a_module(helio, tmp_path: Path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "main.py").write_text(app() + "site = app\ndel app\n")
    command = helio("run", "shop.main:site", "--port", "0")
    assert command.get()[0] == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_breaks_open_streams_and_ends_it(helio, tmp_path: Path, number: int):
    (tmp_path / "todo.py").write_text(app())
    command = helio("run", "todo.py", "--port", "0")
    streams = [command.open("/stream") for _ in range(20)]
    for stream in streams:
        assert stream.recv(65536)
    command.signal(number)
    assert command.wait() == 0
    for stream in streams:
        assert rest(stream).endswith(b"retry: 5\n\n\r\n")
    assert command.err == []


def test_a_second_interrupt_quits_at_once(helio, tmp_path: Path):
    (tmp_path / "todo.py").write_text(app())
    command = helio("run", "todo.py", "--port", "0")
    stream = command.open("/stream")
    assert stream.recv(65536)
    slow = command.open("/slow")
    command.signal(signal.SIGINT)
    rest(stream)
    assert command.process.poll() is None
    command.signal(signal.SIGINT)
    assert command.wait() == 130
    slow.close()


def test_a_port_in_use_is_named(helio, tmp_path: Path):
    (tmp_path / "todo.py").write_text(app())
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = helio("run", "todo.py", "--port", str(port))
        assert command.wait() == 1
    assert command.out == []
    assert len(command.err) == 1
    assert command.err[0].startswith(f"Port {port} of 127.0.0.1 is in use by another program.")


def test_a_missing_file_is_one_line(helio):
    command = helio("run", "todo.py", "--port", "0")
    assert command.wait() == 1
    assert len(command.err) == 1
    assert command.err[0].startswith("There is no file todo.py in ")


def test_an_exception_of_the_application_is_shown_from_its_file_on(helio, tmp_path: Path):
    (tmp_path / "todo.py").write_text("def f():\n    return 1 / 0\n\nf()\n")
    command = helio("run", "todo.py", "--port", "0")
    assert command.wait() == 1
    assert command.err[1] == f'  File "{tmp_path}/todo.py", line 4, in <module>'
    assert command.err[-1] == "ZeroDivisionError: division by zero"


def test_an_exception_at_its_start_is_shown_from_its_file_on(helio, tmp_path: Path):
    text = app().replace("await receive()", "raise LookupError('no database')", 1)
    (tmp_path / "todo.py").write_text(text)
    command = helio("run", "todo.py", "--port", "0")
    assert command.wait() == 1
    assert command.err[0] == "Traceback (most recent call last):"
    assert command.err[1].startswith(f'  File "{tmp_path}/todo.py", line ')
    assert command.err[-1] == "LookupError: no database"
    assert command.out == []


def test_help_names_the_commands(helio):
    command = helio("--help")
    assert command.wait() == 0
    assert until(lambda: any("dev" in line for line in command.out))
    assert any("run" in line for line in command.out)
