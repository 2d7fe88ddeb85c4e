"""What elements show of signals, and what markup sets and derives."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from helio.attrs import (
    attr,
    classes,
    computed,
    ignore,
    ignore_morph,
    indicator,
    preserve_attr,
    ref,
    show,
    signals,
    style,
    text,
)
from helio.html import Rendering, h, use
from helio.js import js
from helio.signals import Signals


class Panel(Signals):
    open: bool = False
    title: str = ""
    count: int = 0


def attributes(*helpers: object) -> dict[str, str | None]:
    node = LexborHTMLParser(f"<body>{h.p(*helpers)}").css_first("p")  # type: ignore[arg-type]
    assert node is not None
    return dict(node.attributes)


def test_text_and_show() -> None:
    assert attributes(text(Panel.title), show(~Panel.open)) == {
        "data-text": "$panel.title",
        "data-show": "!$panel.open",
    }
    assert attributes(show(Panel.count > 1)) == {"data-show": "($panel.count > 1)"}


def test_values_by_name() -> None:
    assert attributes(
        classes({"is-open": Panel.open, "a b": True}, wide=js("$w > {}", 3)),
        style(width=js("{} + 'px'", Panel.count), font_size=js("'2em'")),
        attr(aria_expanded=Panel.open, disabled=~Panel.open),
    ) == {
        "data-class": "{'is-open': $panel.open, 'a b': true, wide: ($w > 3)}",
        "data-style": "{width: ($panel.count + 'px'), 'font-size': ('2em')}",
        "data-attr": "{'aria-expanded': $panel.open, disabled: !$panel.open}",
    }


@pytest.mark.parametrize("helper", [text, show])
def test_plain_text_is_not_javascript(helper: type) -> None:
    with pytest.raises(TypeError, match=r"is plain text: write code as js\('…'\).*in brackets"):
        helper("user input")
    for by_name in (classes, style, attr):
        with pytest.raises(TypeError, match="plain text"):
            by_name(name="user input")
        with pytest.raises(TypeError, match="names nothing"):
            by_name()


def test_signals_from_structs_and_patches() -> None:
    assert json.loads(attributes(signals(Panel(title='it\'s "q"')))["data-signals"] or "") == {
        "panel": {"open": False, "title": 'it\'s "q"', "count": 0}
    }
    assert attributes(signals(Panel.patch(count=2), if_missing=True)) == {
        "data-signals__ifmissing": '{"panel":{"count":2}}'
    }


def test_signals_by_name() -> None:
    made = attributes(signals({Panel.title: "x", "panel.count": js("1 + 1"), "y": {"z": [1]}}))
    assert made == {"data-signals": """{panel: {title: 'x', count: (1 + 1)}, y: ({"z":[1]})}"""}
    with pytest.raises(TypeError, match="lies under 'a', which has a value"):
        signals({"a": 1, "a.b": 2})
    with pytest.raises(TypeError, match="signals"):
        signals(3)  # type: ignore[arg-type]


def test_computed() -> None:
    assert attributes(computed({Panel.count: js("1")}, total=js("{} * 2", Panel.count))) == {
        "data-computed": "{panel: {count: () => (1)}, total: () => ($panel.count * 2)}"
    }
    with pytest.raises(TypeError, match="names nothing"):
        computed()
    with pytest.raises(TypeError, match=r"computed\(x=…\) is read as JavaScript"):
        computed(x="1")


def test_signals_named_in_passing() -> None:
    with use(Rendering()) as rendering:
        assert attributes(indicator("saving"), ref("_map")) == {
            "data-indicator": "saving",
            "data-ref": "_map",
        }
        assert attributes(indicator(Panel.open)) == {"data-indicator": "panel.open"}
    assert rendering.declared[("saving",)] is False
    assert ("panel", "count") in rendering.declared
    assert ("_map",) not in rendering.declared
    with pytest.raises(TypeError, match=r"indicator\(…\) takes a signal such as Draft\.title"):
        indicator(3)


def test_everything_read_is_declared_once_by_whole_structs() -> None:
    with use(Rendering()) as rendering:
        h.p(classes(a=Panel.open), computed(x=js("{}", Panel.count)), style(width=Panel.count))
    assert rendering.declared == {
        ("panel", "open"): False,
        ("panel", "title"): "",
        ("panel", "count"): 0,
    }


def test_what_the_runtime_leaves_alone() -> None:
    assert h.p(ignore, ignore_morph) == h.p(ignore(), ignore_morph())
    assert h.p(ignore, ignore_morph) == "<p data-ignore data-ignore-morph></p>"
    assert h.p(ignore.itself) == "<p data-ignore__self></p>"
    assert h.p(preserve_attr("open", "class")) == '<p data-preserve-attr="open class"></p>'
    with pytest.raises(TypeError, match="names nothing"):
        preserve_attr()
