"""Presence in markup: where an element puts whoever has it, and what an input says of him."""

from collections.abc import Iterator

import pytest

from helio import Presence, presence
from helio import html as h
from helio.live.signing import Signer, signer


class Where(Presence):
    room: int
    typing: bool = False
    mood: str = ""


class ChatDesk(Presence, prefix="desk"):
    open: bool = False


@pytest.fixture
def signed() -> Iterator[None]:
    token = signer.set(Signer(b"a secret of the tests"))
    yield
    signer.reset(token)


@pytest.mark.usefixtures("signed")
def test_an_element_names_its_place() -> None:
    made = h.main(presence(Where(room=5)), ".wide")["…"]
    before, _, after = made.partition('data-presence="where ')
    token = after.partition('"')[0]
    assert before == "<main "
    assert len(token) > 40
    assert token.isascii()
    assert " " not in token
    assert made == h.main(presence(Where(room=5)), ".wide")["…"], "renders are repeatable"
    assert made != h.main(presence(Where(room=6)), ".wide")["…"]


@pytest.mark.usefixtures("signed")
def test_a_class_may_be_called_otherwise() -> None:
    assert h.p(presence(ChatDesk())).startswith('<p data-presence="desk ')
    assert h.input(ChatDesk.open.while_input(1)) == '<input data-presence-while="desk.open 1000">'


@pytest.mark.usefixtures("signed")
def test_an_element_stands_for_one_place() -> None:
    fix = "given data-presence twice.*give each an element of its own"
    with pytest.raises(ValueError, match=fix):
        h.main(presence(Where(room=5)), presence(Where(room=6)))


@pytest.mark.usefixtures("signed")
def test_only_an_instance_is_a_place() -> None:
    for wrong in (Where, "where", None):
        with pytest.raises(TypeError, match=r"an instance of a Presence class such as Where"):
            presence(wrong)  # type: ignore[arg-type]


@pytest.mark.usefixtures("signed")
def test_what_each_tab_says_of_itself_is_not_for_the_server_to_say() -> None:
    with pytest.raises(TypeError, match="typing has a default, so every tab says it of itself"):
        presence(Where(room=5, typing=True))


@pytest.mark.usefixtures("signed")
def test_a_place_is_held_to_its_types() -> None:
    with pytest.raises(TypeError, match=r"room='5' does not fit: Expected `int`, got `str`"):
        presence(Where(room="5"))  # type: ignore[arg-type]


def test_outside_of_a_render_nobody_signs() -> None:
    with pytest.raises(LookupError, match=r"presence\(Where\(room=5, .* was called outside of a"):
        presence(Where(room=5))


@pytest.mark.parametrize(("seconds", "written"), [(3, 3000), (0.5, 500), (2.0004, 2000), (1e-9, 1)])
def test_an_input_says_a_value_while_it_is_used(seconds: float, written: int) -> None:
    assert h.input(Where.typing.while_input(seconds)) == (
        f'<input data-presence-while="where.typing {written}">'
    )


def test_only_a_value_can_be_said_and_only_for_a_time() -> None:
    with pytest.raises(TypeError, match=r"Where\.room has no default.*part of the place"):
        Where.room.while_input(3)  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match=r"Where\.mood is not a bool"):
        Where.mood.while_input(3)  # type: ignore[attr-defined]
    for never in (0, -1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match=r"while_input\(.*\): give a number of seconds"):
            Where.typing.while_input(never)


def test_the_field_is_not_what_somebody_does() -> None:
    with pytest.raises(TypeError, match=r"Where\.typing is the field.*Where\.first\(…\)"):
        bool(Where.typing)
    assert Where(room=5).typing is False


def test_names_that_cannot_stand_in_markup_are_refused_at_once() -> None:
    with pytest.raises(TypeError, match=r"Own\.count hides Presence\.count"):

        class Own(Presence):
            count: int

    with pytest.raises(TypeError, match=r"User: 'user' cannot name it.*prefix='…'"):

        class User(Presence):
            pass

    with pytest.raises(TypeError, match="'a b' cannot name it"):

        class Spaced(Presence, prefix="a b"):
            pass

    with pytest.raises(TypeError, match=r"Foreign\.größe cannot stand in the markup"):

        class Foreign(Presence):
            größe: int
