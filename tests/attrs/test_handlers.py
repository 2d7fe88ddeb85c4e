"""Handlers on events: what is written for the runtime, and beside it for plain HTML."""

from collections.abc import Callable, Mapping

import pytest
from selectolax.lexbor import LexborHTMLParser

from helio.attrs import effect, init, on
from helio.html import h
from helio.js import Call, Ref, evt, js

TITLE = Ref(("draft", "title"))


class Command:
    """Stands in for a command: fills its path as a real one does, the rest is payload."""

    def __init__(self, method: str, path: str, *, plain: bool = True) -> None:
        self.method = method
        self.path = path
        self.plain = plain

    def __action__(self, arguments: Mapping[str, object]) -> Call:
        rest = {name: each for name, each in arguments.items() if f"{{{name}}}" not in self.path}
        url = self.path.format(**arguments)
        return Call(self.method, url, rest or None, self.plain)  # type: ignore[arg-type]


add = Command("post", "/todos")
done = Command("post", "/todos/{id}/done")
remove = Command("delete", "/todos/{id}")
search = Command("get", "/search?q={q}&page=1")


def test_a_command_without_arguments() -> None:
    assert h.button(on.click(add)) == "<button data-on:click=\"@post('/todos')\"></button>"


def test_rows_share_one_expression_and_carry_their_address() -> None:
    assert h.button(on.click(done, id=3)) == (
        '<button data-on:click="@post(el.dataset.toClick)" data-to-click="/todos/3/done"></button>'
    )


def test_javascript() -> None:
    assert h.button(on.click(js("$open = !$open"))) == (
        '<button data-on:click="$open = !$open"></button>'
    )
    with pytest.raises(TypeError, match="takes no arguments, and was given id"):
        on.click(js("f()"), id=3)


def test_values_that_only_the_browser_knows_go_into_the_payload() -> None:
    made = h.button(on.keydown(add, key=evt.key, title=TITLE, n=1))
    assert (
        "@post(el.dataset.toKeydown, {payload: {key: evt.key, title: $draft.title, n: 1}})" in made
    )


def test_an_address_that_only_the_browser_knows() -> None:
    class Moving:
        def __action__(self, arguments: Mapping[str, object]) -> Call:
            return Call("put", js("{} + {}", "/move/", arguments["to"]))  # type: ignore[arg-type]

    made = h.form(on.submit(Moving(), to=TITLE))
    assert made == "<form data-on:submit=\"@put(('/move/' + $draft.title))\"></form>"


@pytest.mark.parametrize(
    ("make", "attribute"),
    [
        (lambda: on.click.prevent.stop(add), "data-on:click__prevent__stop"),
        (lambda: on.input.debounce("300ms")(add), "data-on:input__debounce.300ms"),
        (lambda: on.input.debounce(300, "leading")(add), "data-on:input__debounce.300ms.leading"),
        (lambda: on.scroll.throttle("1s", "trailing")(add), "data-on:scroll__throttle.1s.trailing"),
        (lambda: on.keydown.window(add), "data-on:keydown__window"),
        (lambda: on.click.outside.once(add), "data-on:click__outside__once"),
        (lambda: on.my_event(add), "data-on:my-event"),
        (lambda: on.myEvent(add), "data-on:my-event__case.camel"),
        (lambda: on["a.b"](add), "data-on:a.b"),
        (lambda: init(add), "data-init"),
        (lambda: init.delay("1s").viewtransition(add), "data-init__delay.1s__viewtransition"),
        (lambda: effect(js("f()")), "data-effect"),
    ],
)
def test_names_with_modifiers(make: Callable[[], object], attribute: str) -> None:
    assert f" {attribute}=" in h.p(make())  # type: ignore[arg-type]


def test_events_with_different_modifiers_have_addresses_of_their_own() -> None:
    made = h.p(on.keydown(done, id=1), on.keydown.window(done, id=2))
    assert 'data-on:keydown="@post(el.dataset.toKeydown)" data-to-keydown="/todos/1/done"' in made
    assert "@post(el.dataset.toKeydownWindow)" in made
    assert 'data-to-keydown-window="/todos/2/done"' in made


def a_plain_function() -> None: ...


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: on.click(), r"on\.click\(\) is given nothing: it takes one handler"),
        (lambda: on.click(add, add), "is given 2 values"),
        (lambda: on.click(a_plain_function),
         r"a_plain_function is not a command: decorate it with @app\.post\(path\)"),
        (lambda: on.click("$open = true"), r"plain text: write code as js\('…'\)"),
        (lambda: on.click(3), r"takes a command or js\('…'\), not 3"),
        (lambda: effect(a_plain_function), "is not a command"),
        (lambda: on.input.debounce(add), r"write on\.input\.debounce\(\"300ms\"\)\(handler\)"),
        (lambda: on.input.debounce("soon"), "it also knows leading, notrailing"),
        (lambda: on.input.debounce(), "is given nothing"),
        (lambda: on.input.debounce.prevent, "debounce needs its argument"),
        (lambda: on.click.case("upper"), r"write on\.click\.case\(\"camel\"\)"),
        (lambda: h.p(on.click), r"on\.click has no handler"),
        (lambda: h.p(on.input.debounce), "needs its argument"),
        (lambda: on.click.debounce(time="1s"), "takes no keywords"),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_the_way_out(make: Callable[[], object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make()


def test_an_unknown_modifier_names_the_known() -> None:
    with pytest.raises(AttributeError, match=r"did you mean 'prevent'.*known are capture, case"):
        _ = on.click.prevnt
    with pytest.raises(AttributeError, match="known are delay, viewtransition"):
        _ = init.once
    with pytest.raises(ValueError, match="is not an event's name"):
        _ = on["click__once"]


def test_a_handler_between_brackets_is_in_the_wrong_place() -> None:
    with pytest.raises(TypeError, match="it writes attributes, so it belongs in the parentheses"):
        _ = h.p[on.click(add)]


def test_two_handlers_for_one_event() -> None:
    with pytest.raises(ValueError, match="given data-on:click twice"):
        h.p(on.click(add), on.click(js("f()")))
    with pytest.raises(ValueError, match="given data-to-click twice"):
        h.p(on.click(done, id=1), on.click(done, id=2))


def test_a_form_is_sent_without_javascript_too() -> None:
    assert h.form(on.submit(add))["x"] == (
        '<form data-on:submit="@post(\'/todos\')" method="post" action="/todos">x</form>'
    )


def test_other_methods_travel_in_a_hidden_field() -> None:
    made = h.form(on.submit(remove, id=3))["x"]
    assert (
        'method="post" action="/todos/3"><input type="hidden" name="_method" value="DELETE">'
        in made
    )


def test_a_payload_travels_in_hidden_fields() -> None:
    made = h.form(on.submit(add, title='"<x>', n=3, live=TITLE))
    form = LexborHTMLParser(f"<body>{made}").css_first("form")
    assert form is not None
    fields = {each.attributes["name"]: each.attributes["value"] for each in form.css("input")}
    assert fields == {"title": '"<x>', "n": "3"}


def test_a_query_travels_in_hidden_fields() -> None:
    made = h.form(on.submit(search, q="x"))
    assert 'method="get"' in made
    assert (
        '<input type="hidden" name="q" value="x"><input type="hidden" name="page" value="1">'
        in made
    )


def test_a_link_is_followed_without_javascript_too() -> None:
    assert h.a(on.click(search, q="x"))["x"] == (
        '<a data-on:click__prevent="@get(el.dataset.toClick)" '
        'data-to-click="/search?q=x&amp;page=1" href="/search?q=x&amp;page=1">x</a>'
    )
    assert "href" not in h.a(on.click(add))


def test_where_plain_html_can_do_nothing_nothing_is_written() -> None:
    hidden = Command("post", "/x", plain=False)
    for made in (h.form(on.submit(hidden)), h.form(on.change(add)), h.button(on.click(add))):
        assert "action" not in made
        assert "method" not in made


def test_what_the_author_writes_comes_after() -> None:
    assert 'action="/other"' in h.form(on.submit(add), action="/other")
