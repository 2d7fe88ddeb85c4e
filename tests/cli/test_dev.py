"""`helio dev`: restarts on change, loses no request meanwhile, and shows what is broken."""

import os
import signal
import threading
from pathlib import Path

import pytest

from cli.commands import app, rest, until


@pytest.fixture
def todo(tmp_path: Path) -> Path:
    """The file of an application."""
    file = tmp_path / "todo.py"
    file.write_text(app("one"))
    return file


@pytest.fixture
def dev(helio, todo: Path):
    """`helio dev` serving it."""
    command = helio("dev", "todo.py", "--port", "0")
    assert command.get() == (200, "data: one 1\n\n")
    return command


def test_it_serves_the_new_code_after_a_change(dev, todo: Path):
    todo.write_text(app("two"))
    dev.says("todo.py changed: restarted in ")
    assert dev.get() == (200, "data: two 1\n\n")


@pytest.mark.parametrize("name", ["base.html", "style.css", "page.js", "schema.sql"])
def test_it_restarts_for_the_files_an_application_is_made_of(dev, tmp_path: Path, name: str):
    (tmp_path / name).touch()
    dev.says(f"{name} changed: restarted in ")


def test_it_restarts_for_a_new_directory_with_such_files(dev, tmp_path: Path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "words.py").touch()
    dev.says("changed: restarted in ")


def test_other_files_do_not_restart_it(dev, tmp_path: Path, todo: Path):
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "cat.png").touch()
    (tmp_path / "todo.db").touch()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "x.py").touch()
    todo.write_text(app("two"))
    dev.says("todo.py changed: restarted in ")
    assert len([line for line in dev.out if "restarted" in line]) == 1


def test_requests_during_restarts_wait_and_succeed(dev, todo: Path):
    done = threading.Event()
    answers: list[tuple[int, str]] = []

    def ask() -> None:
        while not done.is_set():
            answers.append(dev.get())

    client = threading.Thread(target=ask)
    client.start()
    try:
        for times in (1, 2, 3):
            todo.write_text(app(f"version {times}"))
            dev.says("restarted", times)
    finally:
        done.set()
        client.join()
    assert {status for status, _ in answers} == {200}
    assert dev.get() == (200, "data: version 3 1\n\n")


def test_open_streams_are_told_to_come_back(dev, todo: Path):
    stream = dev.open("/stream")
    assert stream.recv(65536)
    todo.write_text(app("two"))
    assert rest(stream).endswith(b"retry: 5\n\n\r\n")


def test_a_broken_change_is_shown_until_it_is_mended(dev, todo: Path):
    todo.write_text(app("two") + "\nsize = '<b>'\n1 / 0\n")
    dev.says("ZeroDivisionError")
    status, page = dev.get()
    assert status == 503
    assert "todo.py does not start" in page
    assert "ZeroDivisionError: division by zero" in page
    assert 'http-equiv="refresh"' in page
    assert str(todo) in page
    todo.write_text(app("two"))
    dev.says("restarted")
    assert dev.get() == (200, "data: two 1\n\n")


def test_what_is_broken_from_the_beginning_is_served_as_such(helio, todo: Path):
    todo.write_text("app = None\n")
    dev = helio("dev", "todo.py", "--port", "0")
    status, page = dev.get()
    assert status == 503
    assert "is a builtins.NoneType, not a helio.App." in page
    todo.write_text(app("two"))
    dev.says("restarted")
    assert dev.get()[0] == 200


def test_a_start_that_fails_is_shown(dev, todo: Path):
    failing = "raise LookupError('no <database>')"
    todo.write_text(app("two").replace("await receive()", failing, 1))
    dev.says("LookupError: no <database>")
    status, page = dev.get()
    assert status == 503
    assert "LookupError: no &lt;database&gt;" in page


def test_a_process_that_dies_is_told_and_shown(dev, todo: Path):
    os.kill(dev.children()[0], signal.SIGKILL)
    dev.says("The process ended by itself, with status -9.")
    assert dev.get()[0] == 503
    todo.write_text(app("two"))
    dev.says("restarted")
    assert dev.get() == (200, "data: two 1\n\n")


def test_an_error_of_a_request_is_shown_from_the_file_on(dev, todo: Path):
    todo.write_text(app("two").replace("headers = [", "1 / 0\n        headers = [", 1))
    dev.says("restarted")
    assert dev.get()[0] == 500
    dev.says("ZeroDivisionError: division by zero")
    assert [line for line in dev.err if 'File "' in line] == [dev.says(f'File "{todo}", line ')]


def test_it_prints_one_line_a_request(dev):
    dev.says("200 GET / ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_its_process_and_breaks_the_streams(dev, number: int):
    stream = dev.open("/stream")
    assert stream.recv(65536)
    children = dev.children()
    dev.signal(number)
    assert dev.wait() == 0
    assert rest(stream).endswith(b"retry: 5\n\n\r\n")
    assert not [child for child in children if is_running(child)]


def test_an_interrupt_from_the_keyboard_reaches_both_and_ends_quietly(dev):
    os.killpg(dev.process.pid, signal.SIGINT)
    assert dev.wait() == 0
    assert [line for line in (*dev.out, *dev.err) if "GET /" not in line] == [
        f"todo.py is served at {dev.url}, restarts on changes"
    ]


def test_its_process_ends_when_it_is_killed(dev):
    (child,) = dev.children()
    dev.signal(signal.SIGKILL)
    dev.wait()
    until(lambda: not is_running(child))


def is_running(process: int) -> bool:
    """Whether the process is there, and no mere zombie."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
