"""Grants: what a tab has mounted comes back as it was, or not at all."""

import enum
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as clock
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helio import Markup, User, mount, publish, region
from helio import html as h
from helio.live.region import Region, RegionCall, lasting_regions
from helio.live.rights import NOBODY
from helio.live.signing import Signer
from helio.live.topics import publisher
from helio.web.grants import LIFETIME, Grants, key_of, sealed
from helio.web.regions import Regions


class Me(User):
    id: int
    name: str = ""


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Point(msgspec.Struct, frozen=True):
    x: int
    y: float
    when: date | None = None


@dataclass(frozen=True)
class Span:
    first: Decimal
    points: tuple[Point, ...]


class Visitor:
    id = "of no interest here"

    def __init__(self, user: object) -> None:
        self._user = user

    async def user(self) -> object:
        return self._user


SECRET = b"a secret of more than 16 bytes"


def grants(secret: bytes = SECRET, now: Callable[[], float] = time.time) -> Grants:
    return Grants(Signer(secret), Regions({}).find, now)


def call(of: Region[...], *arguments: object) -> RegionCall:
    made = of(*arguments)
    assert isinstance(made, RegionCall)
    return made


def give(of: Region[...], *arguments: object, session: str = "ann", **options: Any) -> str:
    return grants(**options).give(sealed(call(of, *arguments)), session)


def taking(annotation: object, name: str) -> Region[...]:
    """A region with one parameter of this type."""

    def function(value: Any):
        return h.p[str(value)]

    function.__annotations__["value"] = annotation
    function.__qualname__ = function.__name__ = name
    return region(function)


ZONES = st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
POINTS = st.builds(Point, st.integers(), FLOATS, st.none() | st.dates())
SOME: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "text": (str, TEXTS),
    "markup": (Markup, TEXTS.map(Markup)),
    "whole": (int, st.integers()),
    "fraction": (float, FLOATS),
    "flag": (bool, st.booleans()),
    "maybe": (int | None, st.none() | st.integers()),
    "either": (int | str | None, st.none() | st.integers() | TEXTS),
    "colour": (Colour, st.sampled_from(Colour)),
    "level": (Level, st.sampled_from(Level)),
    "decimal": (Decimal, st.decimals(allow_nan=False, allow_infinity=False)),
    "uuid": (UUID, st.uuids()),
    "date": (date, st.dates()),
    "datetime": (datetime, st.datetimes(timezones=st.none() | st.just(UTC) | ZONES)),
    "time": (clock, st.times()),
    "duration": (timedelta, st.timedeltas()),
    "struct": (Point, POINTS),
    "dataclass": (Span, st.builds(Span, st.decimals("0", "9"), st.tuples(POINTS, POINTS))),
    "tuple": (tuple[int, str], st.tuples(st.integers(), TEXTS)),
    "nested": (
        tuple[tuple[Point, ...], date | None],
        st.tuples(st.lists(POINTS, max_size=3).map(tuple), st.none() | st.dates()),
    ),
    "anything": (Any, st.none() | st.booleans() | st.integers() | FLOATS | TEXTS),
}
TAKING = {name: taking(annotation, f"taking_{name}") for name, (annotation, _) in SOME.items()}
ARGUMENTS = st.sampled_from(sorted(SOME)).flatmap(
    lambda name: st.tuples(st.just(TAKING[name]), SOME[name][1])
)


@given(ARGUMENTS)
async def test_a_call_comes_back_as_it_was(given: tuple[Region[...], object]) -> None:
    of, value = given
    token = give(of, value)
    again = await grants().read(token, "ann", NOBODY)
    assert again is not None
    assert again.renewed is None
    assert again.call.key == call(of, value).key == key_of(token)
    assert again.call.values == (value,)
    assert type(again.call.values[0]) is type(value)


@given(ARGUMENTS, st.data())
async def test_no_other_text_is_a_grant(
    given: tuple[Region[...], object], data: st.DataObject
) -> None:
    token = give(*given)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda letter: letter != token[at]))
    kind = data.draw(st.sampled_from(["change", "cut", "add", "drop"]))
    forged = {
        "change": token[:at] + other + token[at + 1 :],
        "cut": token[:at],
        "add": token[:at] + other + token[at:],
        "drop": token[:at] + token[at + 1 :],
    }[kind]
    assert forged == token or await grants().read(forged, "ann", NOBODY) is None


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
async def test_nothing_else_is_a_grant(text: str) -> None:
    assert await grants().read(text, "ann", NOBODY) is None
    key_of(text)


async def test_what_was_signed_for_something_else_is_no_grant() -> None:
    for payload in (b"", b"{}", b"[]", b'["a",{},{},"ann",1]', b"[" * 1000):
        for purpose in ("grant", "other"):
            assert (
                await grants().read("k." + Signer(SECRET).sign(purpose, payload), "ann", NOBODY)
                is None
            )


async def test_whose_it_is_and_how_long_it_holds() -> None:
    of = TAKING["whole"]
    token = give(of, 5)
    assert await grants(b"another secret of 16 bytes").read(token, "ann", NOBODY) is None
    assert await grants().read(token, "bob", NOBODY) is None
    assert await grants().read(token, "", NOBODY) is None
    for age, holds, renewed in ((0.4, True, False), (0.6, True, True), (1.1, False, False)):
        then = time.time() + age * LIFETIME
        found = await grants(now=lambda then=then: then).read(token, "ann", NOBODY)
        assert (found is not None, bool(found and found.renewed)) == (holds, renewed)


async def test_a_renewed_one_holds_on() -> None:
    token = give(TAKING["either"], "x")
    later = time.time() + 0.9 * LIFETIME
    found = await grants(now=lambda: later).read(token, "ann", NOBODY)
    assert found is not None
    assert found.renewed is not None
    again = await grants(now=lambda: later + 0.9 * LIFETIME).read(found.renewed, "ann", NOBODY)
    assert again is not None
    assert again.call.key == found.call.key


async def test_what_a_visitor_without_session_got_he_keeps_when_he_has_one() -> None:
    token = give(TAKING["whole"], 5, session="")
    assert await grants().read(token, "", NOBODY) is not None
    assert await grants().read(token, "ann", NOBODY) is not None


@region
def private(me: Me, number: int = 1):
    return h.p[me.name]


async def test_a_user_is_named_and_loaded_anew() -> None:
    token = give(private, Me(id=7, name="Ann, once"))
    assert "Ann" not in str(Signer(SECRET).verify("grant", token.rpartition(".")[2]))
    again = await grants().read(token, "ann", Visitor(Me(id=7, name="Ann, now")))
    assert again is not None
    assert again.call.values == (Me(id=7, name="Ann, now"), 1)
    for other in (None, Me(id=8, name="Ann, once")):
        assert await grants().read(token, "ann", Visitor(other)) is None


async def test_a_region_that_has_gone_or_changed() -> None:
    def shown(a: int, b: int = 2):
        return h.p[a]

    shown.__qualname__ = "passing"
    first = region(shown)
    token = give(first, 1)
    assert await grants().read(token, "ann", NOBODY) is not None

    def changed(a: int):
        return h.p[a]

    changed.__qualname__ = "passing"
    del first
    assert lasting_regions(f"{__name__}.passing") == []
    assert await grants().read(token, "ann", NOBODY) is None
    second = region(changed)
    assert await grants().read(token, "ann", NOBODY) is None
    token = give(second, 1)
    assert await grants().read(token, "ann", NOBODY) is not None
    third = region(changed)  # which of the two is meant nobody knows
    assert await grants().read(token, "ann", NOBODY) is None
    assert third is not second


@region
def unannotated(value, other: float = 0.0, when: date | None = None):
    return h.p[str(value)]


@region
def unreadable(value: "Nowhere"):  # noqa: F821  # pyright: ignore[reportUndefinedVariable]
    return h.p["x"]


class Odd(enum.Enum):
    PAIR = (1, 2)


@pytest.mark.parametrize(
    ("of", "arguments", "told"),
    [
        (unannotated, ((1, 2),), r"argument value=\(1, 2\).*Annotate the parameter with its type"),
        (unannotated, (date(2020, 1, 1),), "argument value=.*Annotate the parameter"),
        (unannotated, (Colour.RED,), "argument value=.*Annotate the parameter"),
        (unannotated, (1, 2), "argument other=2 .*annotated float: pass a value of exactly"),
        (unannotated, (1, float("nan")), "argument other=nan "),
        (unannotated, ("\ud800",), "argument value="),
        (unannotated, (1, 1.0, datetime(2020, 1, 1)), "argument when="),
        (TAKING["text"], (5,), "argument value=5 .*annotated str"),
        (taking(Odd, "taking_odd"), (Odd.PAIR,), "argument value=<Odd.PAIR"),
        (unreadable, (5,), "Nowhere"),
        (TAKING["anything"], ((Me(id=1),),), "has a user inside"),
    ],
)
def test_what_cannot_be_carried_is_told_where_it_is_mounted(
    of: Region[...], arguments: tuple[object, ...], told: str
) -> None:
    with pytest.raises(TypeError, match=told):
        mount(of(*arguments), into="slot")


def test_a_region_that_a_handler_defines_is_not_mounted() -> None:
    token = publisher.set(lambda topics: None)
    try:
        publish("we are in a handler")

        @region
        def local():
            return h.p["a visitor's data"]

    finally:
        publisher.reset(token)
    with pytest.raises(TypeError, match="defined while a request is answered"):
        mount(local(), into="slot")


def test_too_much_to_carry() -> None:
    with pytest.raises(ValueError, match="too many to be signed"):
        give(TAKING["text"], "x" * 4000)


def test_a_region_of_two_users_belongs_to_no_tab() -> None:
    @region
    def letters(me: Me, friend: Me):
        return h.p[f"{me.name} to {friend.name}"]

    with pytest.raises(TypeError, match="it takes two users"):
        sealed(call(letters, Me(1), Me(2)))
