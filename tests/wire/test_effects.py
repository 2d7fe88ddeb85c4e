"""Effects as events of our own, and as patches that a stock client understands."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from helio import wire

DETAILS: dict[wire.EffectName, dict[str, object]] = {
    "navigate": {"url": "/a?b=c", "mode": "replace"},
    "title": {"title": "Three new"},
    "focus": {"selector": "#name"},
    "dispatch": {"name": "saved", "detail": {"id": 3}, "selector": "#list"},
    "reconnect": {},
    "toast": {"text": "Saved", "tone": "success", "id": "save"},
}


@pytest.mark.parametrize("name", DETAILS)
def test_an_effect_is_an_event_with_its_detail(name: wire.EffectName):
    (event,) = wire.Parser().feed(wire.effect(name, DETAILS[name]))
    assert event.event == f"helio-{name}"
    assert json.loads(event.fields["detail"]) == DETAILS[name]


def test_defaults_are_spelled_out_and_absent_keys_stay_absent():
    assert b'{"url":"/","mode":"push"}' in wire.effect("navigate", {"url": "/"})
    assert b'{"text":"Hm","tone":"info"}' in wire.effect("toast", {"text": "Hm"})
    assert b'{"name":"x","detail":null}' in wire.effect("dispatch", {"name": "x"})
    assert b'"mode":"reload"' in wire.effect("navigate", {"mode": "reload"})


@pytest.mark.parametrize(
    ("name", "detail", "reason"),
    [
        ("vanish", {}, "'vanish' is unknown.*navigate, title"),
        ("navigate", {}, "a url is needed"),
        ("navigate", {"url": "/", "mode": "pull"}, "mode"),
        ("navigate", {"url": "javascript:alert(1)"}, "neither http"),
        ("navigate", {"url": "JavaScript:alert(1)"}, "neither http"),
        ("navigate", {"url": "java\tscript:alert(1)"}, "control character"),
        ("navigate", {"url": " javascript:alert(1)"}, "control character"),
        ("navigate", {"url": "data:text/html,x"}, "neither http"),
        ("title", {"text": "x"}, "title"),
        ("toast", {"text": "x", "tone": "loud"}, "tone"),
        ("toast", {"text": "x", "id": "a b"}, "the id 'a b'"),
        ("toast", {"text": "x", "id": "a\n"}, "the id"),
        ("reconnect", {"why": 1}, "why"),
    ],
)
@pytest.mark.parametrize("stock", [False, True])
def test_a_detail_that_does_not_fit_is_refused(
    name: wire.EffectName, detail: dict[str, object], reason: str, stock: bool
):
    with pytest.raises(ValueError, match=f"(?s){reason}"):
        wire.effect(name, detail, stock=stock)


def patches(name: wire.EffectName, detail: dict[str, object]) -> list[dict[str, str]]:
    events = wire.Parser().feed(wire.effect(name, detail, stock=True))
    assert all(event.event == "datastar-patch-elements" for event in events)
    return [event.fields for event in events]


@pytest.mark.parametrize(
    ("name", "detail", "source"),
    [
        ("navigate", {"url": "/a"}, 'location.assign("/a")'),
        ("navigate", {"url": "/a", "mode": "replace"}, 'location.replace("/a")'),
        ("navigate", {"mode": "reload"}, "location.reload()"),
        ("title", {"title": "x"}, 'document.title="x"'),
        ("focus", {"selector": "#a"}, 'document.querySelector("#a")?.focus()'),
        (
            "dispatch",
            {"name": "x", "detail": [1]},
            'document.dispatchEvent(new CustomEvent("x",{detail:[1],bubbles:true,composed:true}))',
        ),
    ],
)
def test_stock_runs_a_script_that_removes_itself(
    name: wire.EffectName, detail: dict[str, object], source: str
):
    assert patches(name, detail) == [
        {
            "selector": "body",
            "mode": "append",
            "elements": f'<script data-effect="el.remove()">{source}</script>',
        }
    ]


def test_stock_opens_the_stream_again():
    (patch,) = patches("reconnect", {})
    assert "helio-page" in patch["elements"]
    assert "replaceWith" in patch["elements"]


def test_stock_shows_a_toast_and_replaces_the_older_one():
    older, newer = patches("toast", {"text": "<b>No</b>", "tone": "error", "id": "save"})
    assert older == {"selector": "#save", "mode": "remove"}
    toast = LexborHTMLParser(newer["elements"]).css_first("#save")
    assert toast is not None
    assert toast.text() == "<b>No</b>"
    assert toast.attributes["role"] == "alert"


@given(title=st.text(st.characters(codec="utf-8")))
def test_no_title_can_leave_its_script(title: str):
    (patch,) = patches("title", {"title": title})
    (script,) = LexborHTMLParser(patch["elements"]).css("script")
    source = script.text()
    assert "\n" not in source
    assert not set("<>&\u2028\u2029") & set(source)
    assert json.loads(source.removeprefix("document.title=")) == title
