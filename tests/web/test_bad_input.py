"""Bad input over real HTTP: a clear refusal, never a fault of ours, and nothing is changed."""

import json
import secrets
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from browser.serving import Served

APP = """
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.datastructures import UploadFile

from helio import App, Form, Session, SessionState, Signals, SQLite, bind, errors, on
from helio import html as h

db = SQLite("bad.db", schema="create table if not exists note (text text)")
app = App(db=db)


class Place(msgspec.Struct, forbid_unknown_fields=True):
    city: str = ""


class Draft(Signals):
    title: Annotated[str, Meta(min_length=2, max_length=20)] = ""
    count: int = 0
    place: Place = Place()


class Move(Form):
    to: int


class Prefs(SessionState):
    sort: str = "name"


async def note(text: object) -> None:
    await db.execute("insert into note values ($1)", str(text))


@app.page("/")
async def index(size: int = 1):
    await db.fetch("select * from note")
    return h.form(on.submit(add))[h.input(bind(Draft.title)), errors(Draft.title)]


@app.page("/cards/{id}")
async def card(id: int):
    await db.fetch("select * from note")
    return h.p[id]


@app.page("/mine")
async def mine(session: Session, prefs: Prefs):
    return h.p[session.get("name")]


@app.page("/odd")
async def odd():
    return h.div[h.p["a\\udce9b\\0c"]]


@app.post("/add")
async def add(draft: Draft):
    await note(draft.title)
    return Draft()


@app.post("/take")
async def take(amount: int):
    await note(amount)


@app.post("/move")
async def move(form: Move):
    await note(form.to)


@app.post("/upload")
async def upload(file: UploadFile):
    await note(file.filename)


@app.put("/items/{id}")
async def rename(id: int, draft: Draft):
    await note(draft.title)


@app.delete("/items/{id}")
async def drop(id: int, hard: bool):
    await note(id)


@app.get("/find")
async def find(limit: int):
    return []
"""

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Send = Callable[..., httpx.Response]


def ours() -> dict[str, str]:
    """What our runtime says of itself; each action has an id of its own."""
    return {"Datastar-Request": "true", "Helio-Request": secrets.token_hex(8)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("bad")
    (place / "bad.py").write_text(APP)
    served = Served(Path("bad.py"), place)
    assert served.get("/").status_code == 200
    yield served
    served.end()


@pytest.fixture
def quiet(site: Served) -> Iterator[None]:
    """Afterwards nothing must have changed, and nothing be said of an error."""
    before = site.log
    yield
    assert site.rows("select * from note", file="bad.db") == []
    assert site.log == before


@pytest.fixture(params=["ours", "none"])
def send(site: Served, quiet: None, request: pytest.FixtureRequest) -> Iterator[Send]:
    """Sends a request, from our runtime or from none, whose answer must be a refusal."""
    with httpx.Client(base_url=site.url, timeout=15) as client:

        def sent(method: str, path: str, **options: Any) -> httpx.Response:
            runtime = ours() if request.param == "ours" else {}
            options["headers"] = runtime | options.get("headers", {})
            answer = client.request(method, path, **options)
            assert 400 <= answer.status_code < 500, answer.text
            assert "Traceback" not in answer.text
            return answer

        yield sent


DEEP = "[" * 100_000 + "]" * 100_000

BODIES = {
    "empty": (b"", 422, ""),
    "cut off": (b'{"draft": {"title": "ok"', 400, "not JSON"),
    "no JSON": (b"title=ok", 400, "not JSON"),
    "a list": (b'[{"draft": {"title": "okay"}}]', 400, "must be a JSON object, not a list"),
    "null": (b"null", 400, "must be a JSON object, not null"),
    "a string": (b'"draft"', 400, "must be a JSON object, not a string"),
    "a number": (b"1", 400, "must be a JSON object, not a number"),
    "no UTF-8": (b'{"draft": {"title": "\xff\xfe"}}', 400, "not UTF-8"),
    "UTF-16": ('{"draft": {"title": "okay"}}'.encode("utf-16"), 400, ""),
    "NUL": (b'{"draft": {"title": "o\x00k"}}', 400, "not JSON"),
    "NaN": (b'{"draft": {"title": "okay", "count": NaN}}', 400, "not JSON"),
    "Infinity": (b'{"draft": {"title": "okay", "count": -Infinity}}', 400, "not JSON"),
    "a number too large": (b'{"draft": {"title": "okay", "count": 1e999}}', 400, "not JSON"),
    "lone surrogate": (b'{"draft": {"title": "\\ud800ok"}}', 400, ""),
    "lone surrogate elsewhere": (b'{"draft": {"title": "okay"}, "x": "\\udfff"}', 400, ""),
    "lone surrogate in a key": (b'{"draft": {"title": "okay"}, "\\udfff": 1}', 400, ""),
    "too large": (b'{"draft": {"title": "' + b"x" * 70_000 + b'"}}', 413, "64 KiB"),
    "too deep": (b'{"draft": ' * 40 + b"1" + b"}" * 40, 400, "deeper than 32"),
    "far too deep": (b'{"x": ' + DEEP[:60_000].encode() + b"}", 400, ""),
    "too many keys": (json.dumps({f"k{i}": 1 for i in range(1001)}).encode(), 400, "1000 keys"),
    "too short": (b'{"draft": {"title": "x"}}', 422, "at least 2 characters"),
    "too long": (b'{"draft": {"title": "' + b"x" * 21 + b'"}}', 422, "at most 20 characters"),
    "wrong type": (b'{"draft": {"title": 5}}', 422, "Expected text, got a whole number"),
    "wrong types": (b'{"draft": {"title": [], "count": "x"}}', 422, "Expected text, got a list"),
    "no struct": (b'{"draft": "okay"}', 422, ""),
    "null as a struct": (b'{"draft": null}', 422, ""),
    "unknown key": (b'{"draft": {"title": "okay", "admin": true}}', 422, "admin"),
    "unknown key inside": (b'{"draft": {"title": "okay", "place": {"zip": 1}}}', 422, "zip"),
    "poison only": (b'{"__proto__": {"title": "okay"}}', 422, ""),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_json_body_that_is_wrong_is_refused_with_a_reason(send: Send, case: str):
    body, status, reason = BODIES[case]
    answer = send("POST", "/add", content=body, headers=JSON)
    assert answer.status_code == status, answer.text
    assert reason in answer.text


# (What is no UTF-8 in a query has become U+FFFD before anybody reads it as JSON.)
QUERIES = [
    name
    for name, (body, status, _) in BODIES.items()
    if status == 400 and len(body) < 8000 and name != "no UTF-8"
]


@pytest.mark.parametrize("case", QUERIES)
def test_so_is_what_a_query_brings(send: Send, case: str):
    body, _, reason = BODIES[case]
    answer = send("DELETE", f"/items/1?hard=maybe&datastar={quote(body)}")
    assert answer.status_code == 400, answer.text
    assert reason in answer.text


def test_a_parameter_that_does_not_fit_is_refused_in_words(send: Send):
    answer = send("DELETE", "/items/1?hard=maybe")
    assert "does not fit: Expected true or false, got text." in answer.text


def test_our_runtime_gets_what_it_can_show(send: Send):
    body = {"draft": {"title": "x", "count": "y"}}
    answer = send("POST", "/add", json=body, headers=ours())
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "errors": {
            "draft": {
                "title": "Expected at least 2 characters",
                "count": "Expected a whole number, got text",
                "place": {"city": ""},
            }
        }
    }
    broken = send("POST", "/add", content=b"{", headers=JSON | ours())
    assert broken.headers["content-type"].startswith("text/event-stream")
    assert broken.text.startswith("event: helio-toast\n")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (None, 415),
        ("", 415),
        ("text/plain", 415),
        ("application/xml", 415),
        ("text/json", 415),
        ("nonsense", 415),
        ("application/json; charset=latin-9", 400),
        ("application/x-www-form-urlencoded", 422),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=", 400),
        ("multipart/form-data; boundary=x", 400),
    ],
)
def test_a_content_type_that_is_missing_or_wrong(send: Send, kind: str | None, status: int):
    headers = {} if kind is None else {"Content-Type": kind}
    answer = send("POST", "/add", content=b'{"draft": {"title": ""', headers=headers)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "punycode", "unicode_escape"])
def test_a_multipart_form_is_utf_8_whatever_it_says_of_itself(send: Send, charset: str):
    headers = {"Content-Type": f'multipart/form-data; charset={charset}; boundary="x y"'}
    part = '--x y\r\nContent-Disposition: form-data; name="draft.title"\r\n\r\nö\r\n--x y--\r\n'
    answer = send("POST", "/add", content=part.encode(), headers={**headers, "Referer": "/"})
    assert answer.status_code == 422, answer.text
    assert "least 2" in answer.text


def test_text_that_no_document_can_hold_is_replaced(site: Served):
    answer = site.get("/odd")
    assert (answer.status_code, "<p>a\ufffdb\ufffdc</p>" in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("draft.title=x", 422),
        ("draft.title=okay&draft.count=many", 422),
        ("draft.title=okay&draft.admin=1", 422),
        ("draft.title=" + "x" * 2_000_000, 413),
        ("&".join(["draft.title=okay"] * 2000), 400),
    ],
    ids=["empty", "short", "text", "unknown", "large", "many"],
)
def test_a_form_that_is_wrong(send: Send, body: str, status: int):
    answer = send("POST", "/add", content=body.encode(), headers=FORM)
    assert answer.status_code == status, answer.text[:300]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/items/one", 404),
        ("PUT", "/items/", 404),
        ("PUT", "/items/1/2", 404),
        ("PUT", "/items/99999999999999999999999999", 422),
        ("PUT", "/items/%00", 404),
        ("PUT", "/items/%ff", 404),
        ("DELETE", "/items/one", 404),
        ("DELETE", "/items/1", 400),
        ("DELETE", "/items/1?hard=maybe", 400),
        ("GET", "/cards/one", 404),
        ("GET", "/cards/", 404),
        ("GET", "/nowhere", 404),
        ("GET", "/?size=large", 400),
        ("GET", "/find", 400),
        ("GET", "/find?limit=", 400),
        ("GET", "/find?limit=%ff", 400),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404),
        ("GET", "/_helio/other.js", 404),
    ],
)
def test_a_path_or_query_that_is_wrong(send: Send, method: str, path: str, status: int):
    answer = send(method, path)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/take", {}, 400),
        ("/take", {"amount": "many"}, 400),
        ("/take", {"amount": None}, 400),
        ("/take", {"amount": {"$gt": 0}}, 400),
        ("/take", {"amount": 1.5}, 400),
        ("/move", {}, 422),
        ("/move", {"to": "there"}, 422),
        ("/upload", {"file": "none"}, 422),
    ],
)
def test_a_value_that_is_missing_or_wrong(send: Send, path: str, body: object, status: int):
    answer = send("POST", path, json=body)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PATCH", "/add", "POST"),
        ("GET", "/add", "POST"),
        ("HEAD", "/add", "POST"),
        ("POST", "/", "GET, HEAD"),
        ("TRACE", "/", "GET, HEAD"),
        ("GET", "/items/1", "DELETE, PUT"),
    ],
)
def test_a_method_that_is_not_possible(send: Send, method: str, path: str, allow: str):
    answer = send(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize("override", ["GET", "put", "BREW", "DELETE; drop"])
def test_a_method_in_a_field_is_one_of_three(send: Send, override: str):
    answer = send("POST", "/add", content=f"_method={override}&draft.title=x", headers=FORM)
    assert answer.status_code == (405 if override == "put" else 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
def test_a_command_from_another_site(send: Send, headers: dict[str, str]):
    answer = send("POST", "/add", json={"draft": {"title": "okay"}}, headers=headers)
    assert answer.status_code == 403


# What looks odd and is no fault


def test_head_and_options(site: Served):
    head = httpx.head(site.url)
    assert (head.status_code, head.text) == (200, "")
    assert head.headers["vary"] == "Datastar-Request"
    options = httpx.options(site.url)
    assert options.status_code in (204, 405)
    assert options.headers["allow"] == "GET, HEAD"


ODD_HEADERS = {
    "Helio-Have": ["x" * 8000, "=" * 3000, "a=b" + " a=b" * 900, "a= =b = a", "\xff\xfe=\x80"],
    "Helio-Tab": ["x", "x" * 7000, "../../etc/passwd", "' or 1=1", "\xff" * 12, "a b c d e f g"],
    "Helio-Request": ["", "x" * 7000, "\xff", "a b"],
    "Cookie": ["helio=" + "x" * 7000, "helio=\xff", "helio=;;;=", "helio=a; helio=b"],
    "Last-Event-ID": ["\xff", "x" * 5000],
    "Referer": ["http://[", "//", "\xff", "javascript:alert(1)"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in ODD_HEADERS.items() for value in values]
)
def test_a_header_that_makes_no_sense_is_as_good_as_none(
    site: Served, quiet: None, name: str, value: str
):
    odd = {name.encode(): value.encode("latin-1")}
    runtime = {b"Datastar-Request": b"true", b"Helio-Request": b"abc"} | odd
    for path in ("/", "/mine"):
        assert httpx.get(site.url + path, headers=odd).status_code == 200
    with httpx.stream("GET", site.url, headers=runtime) as stream:
        assert stream.status_code == 200
        assert next(stream.iter_text())
    bad = httpx.post(f"{site.url}/add", data={"draft.title": "x"}, headers=odd)
    assert bad.status_code == 422


@pytest.mark.parametrize("referer", ["http://[", "//evil.example/", "\xff"])
def test_a_plain_form_goes_nowhere_else(site: Served, referer: str):
    headers = {b"Referer": referer.encode("latin-1")}
    for _ in range(2):
        answer = httpx.post(
            f"{site.url}/take",
            data={"amount": "1", "_back": "//evil.example/"},
            headers=headers,
        )
        assert answer.status_code == 303
        assert answer.headers["location"] == "/"
    site.elsewhere("delete from note", file="bad.db")


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /add HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 500\r\n\r\n{",
        b"POST /add HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nff\r\n{",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
    ],
    ids=["cut off", "cut off in a chunk", "NUL in the path", "TLS", "nonsense"],
)
def test_a_connection_that_makes_no_sense_hurts_nobody(site: Served, request_: bytes):
    with socket.create_connection(("127.0.0.1", site.port), timeout=15) as connection:
        connection.sendall(request_)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert not answer.startswith(b"HTTP/1.1 5")
    assert site.get("/").status_code == 200
    assert site.rows("select * from note", file="bad.db") == []
