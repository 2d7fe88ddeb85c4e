"""Structs from the fields of plain forms."""

from datetime import date
from typing import Annotated

import msgspec
import pytest

from helio.signals import Invalid, Signals


class Address(msgspec.Struct, forbid_unknown_fields=True):
    city: Annotated[str, msgspec.Meta(min_length=3)] = "none"
    main: bool = True


class Draft(Signals):
    title: str = ""
    count: int = 1
    ratio: float | None = None
    done: bool = True
    due: date | None = None
    tags: list[str] = []  # noqa: RUF012
    address: Address = Address()


class Top(Signals, prefix=""):
    query: str = ""


def test_text_becomes_what_the_fields_are() -> None:
    pairs = [
        ("draft.title", "x"),
        ("draft.count", "7"),
        ("draft.ratio", "1.5"),
        ("draft.done", "on"),
        ("draft.due", "2025-01-31"),
        ("draft.tags", "a"),
        ("draft.tags", "b"),
        ("draft.address.city", "Rome"),
        ("other", "y"),
    ]
    assert Draft.read_form(pairs) == Draft(
        title="x",
        count=7,
        ratio=1.5,
        done=True,
        due=date(2025, 1, 31),
        tags=["a", "b"],
        address=Address(city="Rome", main=False),
    )


def test_a_box_that_is_not_ticked_is_false() -> None:
    assert Draft.read_form([("draft.title", "x")]).done is False
    assert Draft.read_form([("draft.done", "off")]).done is False


def test_an_emptied_field_is_none_where_only_that_fits() -> None:
    draft = Draft.read_form([("draft.due", ""), ("draft.ratio", ""), ("draft.title", "")])
    assert (draft.due, draft.ratio, draft.title) == (None, None, "")


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        Draft.read_form(
            [("draft.count", "x"), ("draft.due", "x"), ("draft.address.city", "x"), ("draft.y", "")]
        )
    assert refused.value.messages == {
        "count": "Expected a whole number, got text",
        "due": "Expected a date, such as 2025-01-31",
        "address.city": "Expected at least 3 characters",
        "y": "Unknown field",
    }
    assert refused.value.struct is Draft


def test_fields_at_the_top_lie_among_others() -> None:
    assert Top.read_form([("query", "x"), ("draft.title", "y"), ("submit", "")]) == Top(query="x")
