"""Rights that end while pages are open, over real sockets and between real processes."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import httpx
import pytest

from browser.serving import PATIENCE, Served, until

APP = '''
from helio import App, Session, SQLite, User, anyone, region
from helio import html as h

SCHEMA = """
create table if not exists person (id integer primary key, name text);
create table if not exists member (person int, board int);
"""
db = SQLite("rights.db", schema=SCHEMA)


class Me(User):
    id: int
    name: str


async def load(session) -> Me | None:
    if "person" not in session:
        return None
    sql = "select id, name from person where id = $1"
    return await db.fetch_one(sql, session["person"], into=Me)


async def member(user: Me | None, board: int) -> bool:
    if user is None:
        return False
    sql = "select count(*) from member where person = $1 and board = $2"
    return bool(await db.fetch_value(sql, user.id, board))


app = App(db=db, user=load)


@region(allow=member)
def plans(board: int):
    return h.p[f"the plans of {board}"]


@app.page("/")
async def index():
    return h.main[f"{await db.fetch_value('select count(*) from person')} people", plans(7)]


@app.page("/boards/{board}", allow=member)
async def board(board: int, me: Me):
    return h.main[f"board {board} for {me.name}"]


@app.post("/in/{person}", allow=anyone)
async def log_in(session: Session, person: int):
    session["person"] = person


@app.post("/out", allow=anyone)
async def log_out(session: Session):
    del session["person"]


@app.post("/end", allow=anyone)
async def end(session: Session):
    await app.visitors.revoke(session.key)
'''


class Opened:
    """A page's stream, read by a thread until its server ends it."""

    def __init__(self, client: httpx.Client, path: str) -> None:
        self.text = ""
        self.ended = False
        self._connection = HTTPConnection(client.base_url.host, client.base_url.port)
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        headers = {"datastar-request": "true", "helio-request": "a", "cookie": cookies}
        self._connection.request("GET", path, headers=headers)
        self._socket = self._connection.sock
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        response = self._connection.getresponse()
        with contextlib.suppress(HTTPException, OSError):
            while piece := response.read1(65536):
                self.text += piece.decode()
            self.ended = True

    def says(self, text: str) -> None:
        until(lambda: text in self.text)

    def leave(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._connection.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    target = tmp_path / "rights.py"
    target.write_text(APP)
    served = Served(target, tmp_path)
    served.get("/")  # what is read first makes the tables
    yield served
    served.end()


@contextmanager
def person(served: Served, number: int) -> Iterator[httpx.Client]:
    """Somebody who has logged in, and is a member of board 7."""
    served.elsewhere(
        "insert into person values (?, ?)", str(number), f"person {number}", file="rights.db"
    )
    served.elsewhere("insert into member values (?, 7)", str(number), file="rights.db")
    with httpx.Client(base_url=served.url, timeout=PATIENCE) as client:
        assert client.post(f"/in/{number}").status_code == 303
        yield client


@contextmanager
def opened(client: httpx.Client, path: str) -> Iterator[Opened]:
    stream = Opened(client, path)
    try:
        yield stream
    finally:
        stream.leave()


def test_a_right_that_another_process_takes_away_ends_the_page(served: Served) -> None:
    with (
        person(served, 1) as ann,
        person(served, 2) as bob,
        opened(ann, "/boards/7") as hers,
        opened(bob, "/boards/7") as his,
        opened(ann, "/") as shared,
    ):
        hers.says("board 7 for person 1")
        his.says("board 7 for person 2")
        shared.says("the plans of 7")
        served.elsewhere("delete from member where person = 1", file="rights.db")
        hers.says("helio-navigate")
        hers.says("datastar-close")
        until(lambda: hers.ended)
        shared.says("withheld")
        assert "helio-navigate" not in his.text
        assert ann.get("/boards/7").status_code == 403
        assert bob.get("/boards/7").status_code == 200


@pytest.mark.parametrize("how", ["/out", "/end"])
def test_logging_out_ends_the_pages_of_other_tabs(served: Served, how: str) -> None:
    with (
        person(served, 1) as ann,
        opened(ann, "/boards/7") as one,
        opened(ann, "/boards/7") as other,
    ):
        for tab in (one, other):
            tab.says("board 7 for person 1")
        assert ann.post(how).status_code == 303
        for tab in (one, other):
            tab.says("helio-navigate")
        until(lambda: one.ended and other.ended)
        refused = ann.get("/boards/7")
        assert (refused.status_code, "board 7" in refused.text) == (403, False)


def test_a_user_who_is_deleted_is_one_no_more(served: Served) -> None:
    with person(served, 1) as ann, opened(ann, "/boards/7") as hers:
        hers.says("board 7 for person 1")
        served.elsewhere("update person set name = 'ann'", file="rights.db")
        hers.says("board 7 for ann")
        served.elsewhere("delete from person", file="rights.db")
        hers.says("helio-navigate")
        assert ann.get("/boards/7").status_code == 403
