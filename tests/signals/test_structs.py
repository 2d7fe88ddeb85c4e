"""Structs of signals: references on the class, values on instances, patches."""

from datetime import date
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest

from helio.html import FormState, Rendering, h, use
from helio.js import Ref
from helio.signals import Signals


class Kind(Enum):
    NOTE = "note"
    TASK = "task"


class Address(msgspec.Struct, forbid_unknown_fields=True):
    city: str = ""
    path: int = 0


class Draft(Signals):
    title: Annotated[str, msgspec.Meta(max_length=20)] = ""
    count: int = 1
    address: Address = Address(city="Rome")
    tags: list[str] = ["a"]  # noqa: RUF012 - copied for each instance
    kind: Kind = Kind.NOTE
    due: date | None = None


def test_a_field_is_a_reference_on_the_class_and_a_value_on_an_instance() -> None:
    assert isinstance(Draft.title, Ref)
    assert Draft.title.path == ("draft", "title")
    assert Draft.title is Draft.title
    draft = Draft(title="x")
    assert draft.title == "x"
    draft.title = "y"
    assert msgspec.json.decode(msgspec.json.encode(draft))["title"] == "y"


def test_inner_structs_are_reached_into() -> None:
    assert str(Draft.address.city) == "$draft.address.city"
    assert str(Draft.address) == "$draft.address"
    assert str(Draft.address.path) == "$draft.address.path"


def test_an_unknown_name_says_what_may_be_meant() -> None:
    with pytest.raises(AttributeError, match="Draft has no field 'titel': did you mean 'title'"):
        _ = Draft.titel  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="Address has no field 'citty': did you mean 'city'"):
        _ = Draft.address.citty  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        _ = Draft().titel  # type: ignore[attr-defined]


def test_names_on_the_wire() -> None:
    class HTTPDraft2(Signals):
        x: int = 0

    class Named(Signals, prefix="other"):
        x: int = 0

    class Top(Signals, prefix=""):
        x: int = 0

    class Panel(Signals, local=True):
        x: int = 0

    paths = [struct.x.path for struct in (HTTPDraft2, Named, Top, Panel)]  # type: ignore[attr-defined]
    assert paths == [("http_draft2", "x"), ("other", "x"), ("x",), ("_panel", "x")]
    prefixes = [struct.signals_prefix() for struct in (HTTPDraft2, Named, Top, Panel)]
    assert prefixes == ["http_draft2", "other", "", "_panel"]


def test_a_subclass_has_its_own_references() -> None:
    class Edit(Draft):
        id: UUID = UUID(int=0)

    assert str(Edit.title) == "$edit.title"
    assert str(Draft.title) == "$draft.title"
    assert Edit.decode(b'{"title":"x"}') == Edit(title="x")
    assert Edit(title="x").title == "x"


def test_every_field_has_a_default() -> None:
    with pytest.raises(TypeError, match=r"Bad\.title has no default.*title: str = ''"):

        class Bad(Signals):
            title: str


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("class A(Signals, prefix='errors'):\n x: int = 0", "is reserved for messages"),
        ("class A(Signals, prefix='a-b'):\n x: int = 0", "cannot name signals"),
        ("class A(Signals):\n patch: int = 0", r"A\.patch hides Signals\.patch"),
        ("class A(Signals):\n decode: int = 0", r"hides Signals\.decode"),
        ("class A(Signals):\n ä: int = 0", "cannot name a signal"),
        ("class A(Signals):\n a__b: int = 0", "cannot name a signal"),
        ("class A(Signals):\n x: 'list[Later]' = []", None),
    ],
)
def test_mistakes_show_when_the_class_is_made(source: str, message: str | None) -> None:
    scope: dict[str, Any] = {"Signals": Signals}
    if message is None:
        exec(source, scope)  # noqa: S102 - a name that does not exist yet is no mistake
        return
    with pytest.raises(TypeError, match=message):
        exec(source, scope)  # noqa: S102


def test_an_inner_struct_must_refuse_unknown_fields() -> None:
    class Open(msgspec.Struct):
        x: int = 0

    with pytest.raises(TypeError, match=r"Holds\.inner holds Open, which lets unknown fields pass"):

        class Holds(Signals):
            inner: list[Open] = []  # noqa: RUF012


def test_defaults_are_not_shared() -> None:
    one, two = Draft(), Draft()
    one.tags.append("b")
    one.address.city = "Oslo"
    assert two == Draft()
    assert two.tags == ["a"]
    assert two.address.city == "Rome"


def test_an_instance_is_a_full_patch() -> None:
    assert Draft(due=date(2025, 1, 31)).__signals__() == {
        "draft": {
            "title": "",
            "count": 1,
            "address": {"city": "Rome", "path": 0},
            "tags": ["a"],
            "kind": "note",
            "due": "2025-01-31",
        }
    }


def test_a_patch_holds_what_it_names() -> None:
    patch = Draft.patch(title="x", kind=Kind.TASK, address={"city": "Oslo"}, due=None)
    assert patch.__signals__() == {
        "draft": {"title": "x", "kind": "task", "address": {"city": "Oslo"}, "due": None}
    }
    assert Draft.patch(address=Address()).__signals__() == {
        "draft": {"address": {"city": "", "path": 0}}
    }


def test_a_patch_is_checked_for_names_and_types() -> None:
    with pytest.raises(TypeError, match="did you mean 'title'"):
        Draft.patch(titel="x")
    with pytest.raises(TypeError, match=r"Draft\.patch: count='x' does not fit: Expected `int`"):
        Draft.patch(count="x")
    with pytest.raises(TypeError, match="Address has no field 'zip'"):
        Draft.patch(address={"zip": 1})
    assert Draft.patch(title="x" * 30)  # Constraints hold visitors, not the application.


def test_a_reference_declares_its_whole_struct_once() -> None:
    with use(Rendering()) as rendering:
        h.p({"data-text": Draft.title})
        h.p({"data-text": Draft.address.city})
    assert rendering.declared == {
        ("draft", name): value for name, value in Draft().__signals__()["draft"].items()
    }


def test_what_was_typed_into_a_refused_form_is_declared() -> None:
    form = FormState(values={"draft.title": "x", "draft.count": "7", "draft.address.city": "Bari"})
    with use(Rendering(form=form)) as rendering:
        h.p({"data-text": Draft.title})
    assert rendering.declared["draft", "title"] == "x"
    assert rendering.declared["draft", "count"] == 7
    assert rendering.declared["draft", "address"] == {"city": "Bari", "path": 0}
    with use(Rendering(form=FormState(values={"draft.count": "many"}))) as rendering:
        h.p({"data-text": Draft.title})
    assert rendering.declared["draft", "count"] == 1
