"""What goes on the wire: bytes of events, and that no value can forge a field."""

import json
import math
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helio import wire

FORBIDDEN = ["\r", "\n", "\r\n", "\0", "\ud800", "\udfff"]


def parse(data: bytes) -> list[wire.Event]:
    return wire.Parser().feed(data)


def one(data: bytes) -> wire.Event:
    (event,) = parse(data)
    return event


class TestElements:
    def test_only_what_differs_from_the_default_is_written(self):
        assert wire.elements("<p id=a>hi</p>") == (
            b"event: datastar-patch-elements\ndata: elements <p id=a>hi</p>\n\n"
        )

    def test_every_field_in_datastars_spelling(self):
        assert wire.elements(
            "<g/>",
            selector="#chart > g",
            mode="inner",
            namespace="svg",
            view_transition=True,
            view_transition_selector=".card",
            id="a.1",
            retry=0,
        ) == (
            b"event: datastar-patch-elements\n"
            b"id: a.1\n"
            b"retry: 0\n"
            b"data: selector #chart > g\n"
            b"data: mode inner\n"
            b"data: namespace svg\n"
            b"data: useViewTransition true\n"
            b"data: viewTransitionSelector .card\n"
            b"data: elements <g/>\n\n"
        )

    @pytest.mark.parametrize("mode", wire.MODES)
    def test_all_eight_modes(self, mode: wire.Mode):
        event = one(wire.elements("<p/>", selector="#x", mode=mode))
        assert event.fields.get("mode", "outer") == mode

    def test_an_emptied_target_needs_no_elements(self):
        assert one(wire.elements(selector="#x", mode="inner")).data == "selector #x\nmode inner"

    @pytest.mark.parametrize("mode", ["inner", "prepend", "append", "before", "after", "remove"])
    def test_a_mode_that_cannot_find_its_target_is_refused(self, mode: wire.Mode):
        with pytest.raises(ValueError, match="needs a selector"):
            wire.elements("<p id=a/>", mode=mode)

    @pytest.mark.parametrize("mode", ["outer", "replace"])
    def test_targets_by_id(self, mode: wire.Mode):
        assert wire.elements("<p id=a/>", mode=mode)

    def test_unknown_mode_and_namespace_name_the_known_ones(self):
        with pytest.raises(ValueError, match=r"'morph' is unknown.*outer, inner, replace"):
            wire.elements("<p/>", mode="morph")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="html, svg, mathml"):
            wire.elements("<p/>", namespace="xml")  # type: ignore[arg-type]

    @pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
    def test_each_line_of_html_is_a_data_line(self, end: str):
        html = f"<pre>{end}{end}  a{end}</pre>{end}"
        assert one(wire.elements(html)).fields == {"elements": "<pre>\n\n  a\n</pre>\n"}

    def test_what_html_cannot_hold_becomes_the_replacement_character(self):
        assert one(wire.elements("a\0b\ud83dc\udc00")).fields["elements"] == "a\ufffdb\ufffdc\ufffd"

    @pytest.mark.parametrize("bad", FORBIDDEN)
    @pytest.mark.parametrize("field", ["selector", "view_transition_selector"])
    def test_a_field_refuses_what_could_end_it(self, field: str, bad: str):
        with pytest.raises(ValueError, match=rf"{field}: .* at position 2"):
            wire.elements("<p/>", **{field: f"#a{bad}data: elements <script>"})  # type: ignore[arg-type]

    def test_an_empty_selector_is_a_mistake(self):
        with pytest.raises(ValueError, match="selector: the text is empty"):
            wire.elements("<p/>", selector="")

    @pytest.mark.parametrize("bad", ["", "a b", "é", "a\n", "a\nb", "x" * 257, "a\0", "a=b"])
    def test_ids_have_a_fixed_alphabet(self, bad: str):
        with pytest.raises(ValueError, match="is not an event id"):
            wire.elements("<p/>", id=bad)

    @pytest.mark.parametrize("bad", [-1, True, 1.5, "1", "1\ndata: x"])
    def test_retry_is_a_whole_number(self, bad: object):
        with pytest.raises(ValueError, match="retry"):
            wire.elements("<p/>", retry=bad)  # type: ignore[arg-type]


class TestSignals:
    def test_a_patch(self):
        assert wire.signals({"a": {"b": 1, "c": None}}) == (
            b'event: datastar-patch-signals\ndata: signals {"a":{"b":1,"c":null}}\n\n'
        )

    def test_only_if_missing_id_and_retry(self):
        assert wire.signals({}, only_if_missing=True, id="7", retry=10) == (
            b"event: datastar-patch-signals\nid: 7\nretry: 10\n"
            b"data: onlyIfMissing true\ndata: signals {}\n\n"
        )

    def test_encoded_json_may_be_pretty_printed(self):
        data = json.dumps({"a": [1, 2], "b": "é\r\n"}, indent=2, ensure_ascii=False).encode()
        assert json.loads(one(wire.signals(data)).fields["signals"]) == {"a": [1, 2], "b": "é\r\n"}

    @pytest.mark.parametrize("bad", [b"", b"[]", b"1", b'{"a":"\0"}', b'{"a":"\xff"}', b"\n\n"])
    def test_encoded_json_that_is_none(self, bad: bytes):
        with pytest.raises(ValueError):
            wire.signals(bad)

    @pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
    def test_a_number_json_cannot_say_is_named(self, number: float):
        patch = {"gone": None, "chart": {"points": [1.0, number]}}
        with pytest.raises(ValueError, match=r"\$\.chart\.points\[1\] is NaN or infinite"):
            wire.signals(patch)

    def test_lone_surrogates_cycles_and_strangers(self):
        with pytest.raises(ValueError, match=r"U\+D800"):
            wire.signals({"a": "\ud800"})
        loop: dict[str, object] = {}
        loop["self"] = loop
        with pytest.raises(ValueError, match="contains itself"):
            wire.signals(loop)
        with pytest.raises(TypeError, match="object has no JSON form"):
            wire.signals({"a": object()})

    def test_mappings_and_kinds_of_strings(self):
        class Safe(str):
            pass

        patch = MappingProxyType({"a": MappingProxyType({"b": Safe("<p>")})})
        assert one(wire.signals(patch)).fields["signals"] == '{"a":{"b":"<p>"}}'


class TestTheRest:
    def test_comment_retry_close(self):
        assert wire.comment() == b":\n\n"
        assert wire.comment("still here") == b": still here\n\n"
        assert wire.retry(1500) == b"retry: 1500\n\n"
        assert wire.close("signed out") == b"event: datastar-close\ndata: reason signed out\n\n"
        assert parse(wire.comment("x") + wire.retry(5)) == []

    @pytest.mark.parametrize("bad", FORBIDDEN)
    def test_they_refuse_what_could_forge_a_field(self, bad: str):
        with pytest.raises(ValueError, match="comment"):
            wire.comment(bad)
        with pytest.raises(ValueError, match="reason"):
            wire.close(f"x{bad}")

    def test_no_negative_wait(self):
        with pytest.raises(ValueError, match="retry"):
            wire.retry(-1)


def arrives_as(html: str) -> str:
    """What a browser is to see of `html`."""
    lines = html.replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in lines)


anything = st.text(st.characters(codec=None, exclude_categories=()))
breaks = st.text(st.sampled_from("\r\n\0 :\ufeff\ud800adt"))


@given(html=anything | breaks)
def test_any_html_arrives_whole_and_alone(html: str):
    (event,) = parse(wire.elements(html, selector="#x"))
    assert event.event == "datastar-patch-elements"
    expected = {"selector": "#x"} | ({"elements": arrives_as(html)} if html else {})
    assert event.fields == expected


@given(text=anything | breaks)
def test_a_field_arrives_as_it_was_or_is_refused(text: str):
    try:
        data = wire.elements("<p/>", selector=text)
    except ValueError:
        assert not text or any(c in "\r\n\0" or "\ud800" <= c <= "\udfff" for c in text)
    else:
        assert one(data).fields == {"selector": text, "elements": "<p/>"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)  # fmt: skip


@given(patch=st.dictionaries(st.text(st.characters(codec="utf-8")), json_values))
def test_any_patch_arrives_whole(patch: dict[str, object]):
    assert json.loads(one(wire.signals(patch)).fields["signals"]) == patch
