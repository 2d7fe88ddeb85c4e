"""Fields of forms: `bind`, `errors`, and what a refused plain form shows again."""

from collections.abc import Callable

import pytest

from helio.attrs import bind, errors
from helio.html import Element, FormState, Rendering, h, use
from helio.signals import Signals


class Draft(Signals):
    title: str = ""
    done: bool = False
    kind: str = "a"
    tags: list[str] = []  # noqa: RUF012


def test_a_field_has_the_signal_and_its_name() -> None:
    assert h.input(bind(Draft.title), placeholder="x") == (
        '<input data-bind="draft.title" name="draft.title" placeholder="x">'
    )
    assert h.input(bind(Draft.title), name="t") == '<input data-bind="draft.title" name="t">'


def test_other_properties_and_events() -> None:
    assert h.p(bind(Draft.title, prop="inner-html", event="blur change")) == (
        '<p data-bind__prop.inner-html__event.blur.change="draft.title" name="draft.title"></p>'
    )


def test_only_a_signal_can_be_bound() -> None:
    with pytest.raises(
        TypeError, match=r"bind\(…\) takes a signal.*not 'x' \(str\); on an instance"
    ):
        bind(Draft(title="x").title)


def test_binding_declares_the_struct() -> None:
    with use(Rendering()) as rendering:
        h.input(bind(Draft.title))
        errors(Draft.title)
    assert rendering.declared == {
        ("draft", "title"): "",
        ("draft", "done"): False,
        ("draft", "kind"): "a",
        ("draft", "tags"): [],
        ("errors", "draft", "title"): "",
    }


def test_the_place_of_a_message() -> None:
    assert errors(Draft.title) == (
        '<small role="alert" class="helio-error" data-show="$errors.draft.title" '
        'data-text="$errors.draft.title"></small>'
    )
    assert 'class="helio-error mine"' in errors(Draft.title, ".mine")
    form = FormState(messages={"draft.title": "too <short>"})
    with use(Rendering(form=form)):
        assert errors(Draft.title).endswith(">too &lt;short&gt;</small>")
        assert errors(Draft.kind).endswith("></small>")


TITLE = 'data-bind="draft.title" name="draft.title"'
DONE = 'data-bind="draft.done" name="draft.done"'
KIND = 'data-bind="draft.kind" name="draft.kind"'


def test_typed_text_stands_again() -> None:
    form = FormState({"draft.title": '<"x">'})
    with use(Rendering(form=form)):
        assert h.input(bind(Draft.title), value="old") == (
            f'<input {TITLE} value="&lt;&#34;x&#34;&gt;">'
        )
        assert h.textarea(bind(Draft.title))["old"] == (
            f"<textarea {TITLE}>\n&lt;&#34;x&#34;&gt;</textarea>"
        )
        assert h.input(bind(Draft.kind), value="old") == f'<input {KIND} value="old">'
        for kind in ("password", "file"):
            assert "value" not in h.input(bind(Draft.title), type=kind)


def test_an_emptied_field_stays_empty() -> None:
    with use(Rendering(form=FormState({"draft.title": ""}))):
        assert 'value=""' in h.input(bind(Draft.title), value="old")
        assert h.textarea(bind(Draft.title))["old"] == f"<textarea {TITLE}>\n</textarea>"


@pytest.mark.parametrize(
    ("typed", "made", "checked"),
    [
        ("on", lambda: h.input(bind(Draft.done), type="checkbox"), True),
        (True, lambda: h.input(bind(Draft.done), type="checkbox"), True),
        (False, lambda: h.input(bind(Draft.done), type="checkbox", checked=True), False),
        ("a", lambda: h.input(bind(Draft.done), type="radio", value="a"), True),
        ("b", lambda: h.input(bind(Draft.done), type="radio", value="a", checked=True), False),
        (["a", "c"], lambda: h.input(bind(Draft.done), type="checkbox", value="c"), True),
        (["a"], lambda: h.input(bind(Draft.done), type="checkbox", value="c"), False),
    ],
)
def test_boxes_are_ticked_again(typed: object, made: type[Element], checked: bool) -> None:
    with use(Rendering(form=FormState({"draft.done": typed}))):
        html = made()
    assert (" checked" in html) is checked


def test_a_choice_is_chosen_again() -> None:
    def view() -> str:
        return h.select(bind(Draft.kind))[
            h.option(value="a", selected=True)["A"],
            h.optgroup[h.option(value="<b>")["B"], h.option["c"]],
        ]

    with use(Rendering(form=FormState({"draft.kind": "<b>"}))):
        assert view() == (
            f'<select {KIND}><option value="a">A</option><optgroup>'
            '<option value="&lt;b&gt;" selected>B</option><option>c</option></optgroup></select>'
        )
    with use(Rendering(form=FormState({"draft.kind": ["a", "c"]}))):
        assert view().count(" selected") == 2
    assert view().count(" selected") == 1


class Order(Signals):
    """What a form shows before anybody has typed."""

    count: int = 1
    note: str = ""
    gift: bool = True
    size: str = "m"
    sure: bool = False


@pytest.mark.parametrize(
    ("field", "has"),
    [
        (lambda: h.input(bind(Order.count), type="number"), ' value="1"'),
        (lambda: h.input(bind(Order.note)), None),
        (lambda: h.input(bind(Order.count), value=7), ' value="7"'),
        (lambda: h.input(bind(Order.gift), type="checkbox"), " checked"),
        (lambda: h.input(bind(Order.sure), type="checkbox"), None),
        (lambda: h.input(bind(Order.size), type="radio", value="m"), " checked"),
        (lambda: h.input(bind(Order.size), type="password"), None),
    ],
)
def test_a_form_without_javascript_shows_and_sends_the_defaults(
    field: Callable[[], Element], has: str | None
) -> None:
    written = str(field())
    if has is None:
        assert " value=" not in written
        assert " checked" not in written
    else:
        assert has in written


def test_a_box_for_another_value_is_not_ticked() -> None:
    assert " checked" not in h.input(bind(Order.size), type="radio", value="l")
