"""The signal store: declarations, merge patches, what is private, what is never stored."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ALL = "JSON.parse(JSON.stringify(helio.filtered({exclude: /^_helio/})))"
FORBIDDEN = ("__proto__", "constructor", "prototype")


def merged(target, patch):
    """RFC 7386, as its own pseudo-code says it."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if key in FORBIDDEN:
            continue
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def test_declarations_nest_and_later_ones_win_unless_they_ask_not_to(show):
    tab = show("""
      <div data-signals="{a: {b: 1, c: [1, 2]}, n: null}" data-signals:foo-bar="'x'"
           data-signals:deep.er="3" data-signals:snake-name__case.snake="1"></div>
      <div data-signals="{a: {b: 2}}"></div>
      <div data-signals__ifmissing="{a: {b: 9, d: 4}}" data-signals__ifmissing:foo-bar="'y'"></div>
    """)
    assert tab.value(ALL) == {
        "a": {"b": 2, "c": [1, 2], "d": 4},
        "n": None,
        "fooBar": "x",
        "deep": {"er": 3},
        "snake_name": 1,
    }
    assert tab.errors == []


def test_a_declared_null_is_a_value_and_a_patched_null_deletes(show):
    tab = show("""<div data-signals="{chosen: null, other: 1}"></div>
      <b id=a data-text="$chosen === null"></b><b id=b data-text="$other === ''"></b>""")
    assert tab.text("#a") == "true"
    assert tab.text("#b") == "false"
    tab.value("helio.mergePatch({chosen: null, other: null})")
    assert tab.text("#a") == "false"
    assert tab.text("#b") == "true"
    assert tab.value(ALL) == {}


def test_names_that_reach_a_prototype_are_dropped_everywhere(show):
    tab = show("""<div data-signals="{constructor: 1, a: {prototype: 2, b: 1}}"
      data-signals:prototype="1"></div>
      <button data-on:click="$constructor = 5; $a.prototype = 6"></button>""")
    tab.value(
        """helio.mergePatch(JSON.parse(
      `{"__proto__": {"bad": 1}, "a": {"__proto__": {"bad": 1},
        "c": [{"__proto__": {"bad": 1}}]}}`))"""
    )
    tab.value("helio.mergePaths([['__proto__.bad', 1], ['a.constructor', 2]])")
    tab.page.click("button")
    assert tab.value(ALL) == {"a": {"b": 1, "c": [{}]}}
    assert tab.value("({}).bad === undefined && helio.root.a.c[0].bad === ''")


def test_reading_declares_nothing(show):
    tab = show("""<b id=a data-text="$missing + '|' + $list[0] + '|' + $list.length"></b>
      <div data-signals="{list: [], o: {}}"></div><b id=b data-text="$o.p + '|'"></b>""")
    assert tab.text("#a") == "|undefined|0"
    assert tab.text("#b") == "|"
    assert tab.value("JSON.stringify(helio.root.list)") == "[]"
    tab.value("helio.mergePatch({missing: 1, list: [7], o: {p: 2}})")
    assert tab.text("#a") == "1|7|1"
    assert tab.text("#b") == "2|"


def test_lists_change_in_place(show):
    tab = show("""<div data-signals="{list: [{n: 1}, {n: 2}]}"></div>
      <b id=sum data-text="$list.reduce((all, {n}) => all + n, 0)"></b>
      <b id=len data-text="$list.length"></b><b id=first data-text="$list[0]?.n"></b>""")
    steps = [
        ("$.list.push({n: 10})", "13", "3", "1"),
        ("$.list[0].n = 5", "17", "3", "5"),
        ("$.list.splice(0, 1)", "12", "2", "2"),
        ("$.list.reverse()", "12", "2", "10"),
        ("$.list = $.list.filter(({n}) => n > 5)", "10", "1", "10"),
        ("$.list.length = 0", "0", "0", "undefined"),
        ("$.list[2] = {n: 3}; $.list[0] = $.list[1] = {n: 0}", "3", "3", "0"),
    ]
    for code, *expected in steps:
        tab.value(f"(($) => {{ {code} }})(helio.root)")
        assert [tab.text(f"#{name}") for name in ("sum", "len", "first")] == expected, code


def test_every_batch_of_changes_is_told_once_as_a_nested_patch(show):
    tab = show(
        """<div data-signals="{a: {b: 1, c: 2}, list: [{x: 1}], gone: 1}"></div>
      <button
        data-on:click="$a.b = 5; $a.c = 6; $list[0].x = 2; delete $gone;
          $fresh = {k: 1}"></button>"""
    )
    tab.value("""(window.patches = [], document.addEventListener('datastar-signal-patch',
      (event) => patches.push(JSON.parse(JSON.stringify(event.detail)))))""")
    tab.page.click("button")
    assert tab.value("patches") == [
        {"a": {"b": 5, "c": 6}, "list": [{"x": 2}], "gone": None, "fresh": {"k": 1}}
    ]
    tab.value("helio.mergePatch({a: {b: 5}})")
    assert len(tab.value("patches")) == 1


def test_computed_signals_follow_each_other_and_cannot_be_set(show):
    tab = show("""<div data-signals="{a: 1}" data-computed:b="$a + 1" data-computed:c="$b + 1"
        data-computed="{deep: {d: () => $c * 10}}"></div>
      <b id=t data-text="$c + '/' + $deep.d"></b><button data-on:click="$b = 9"></button>""")
    assert tab.text("#t") == "3/30"
    tab.value("helio.mergePatch({a: 5, b: 100})")
    assert tab.text("#t") == "7/70"
    tab.page.click("button")
    assert tab.text("#t") == "7/70"
    assert "b is computed" in tab.errors[0]


def test_objects_are_copied_on_assignment_so_two_names_do_not_share(show):
    tab = show(
        """<div data-signals="{a: {x: 1}}"></div><button
          data-on:click="$b = $a; $b.x = 2"></button>"""
    )
    tab.page.click("button")
    assert tab.value(ALL) == {"a": {"x": 1}, "b": {"x": 2}}


def test_what_begins_with_an_underscore_and_what_is_no_data_stays_here(show, server):
    server.answers("POST", "/x", status=204)
    tab = show("""<div data-signals="{a: 1, _b: 2, c: {_d: 3, e: 4}, rows: [{_open: true, id: 1}],
      f: () => 1, when: new Date(0)}" data-ref:node></div>
      <button data-on:click="@post('/x')"></button>""")
    tab.page.click("button")
    assert server.next("/x").signals == {
        "a": 1,
        "c": {"e": 4},
        "rows": [{"id": 1}],
        "when": "1970-01-01T00:00:00.000Z",
    }
    assert tab.errors == []


def test_two_effects_of_one_change_run_once_each(show):
    tab = show("""<div data-signals="{a: 1, b: 1}" data-signals:_runs="0"></div>
      <div data-effect="$a + $b; window.runs = (window.runs ?? 0) + 1"></div>
      <button data-on:click="$a++; $b++"></button>""")
    tab.page.click("button")
    assert tab.value("runs") == 2


names = st.sampled_from(["a", "b", "c", "__proto__", "constructor", "ä"])
leaf = st.none() | st.booleans() | st.integers(-5, 5) | st.text("xyz", max_size=2)
tree = st.recursive(
    leaf,
    lambda inner: (
        st.lists(inner.filter(lambda value: not isinstance(value, dict)), max_size=3)
        | st.dictionaries(names, inner, max_size=3)
    ),
    max_leaves=8,
)
patches = st.lists(st.dictionaries(names, tree, max_size=3), min_size=1, max_size=5)


def test_random_patches_merge_as_the_rfc_says(show):
    tab = show("<p data-json-signals__terse></p>")

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(patches)
    def check(series):
        expected = {}
        for patch in series:
            expected = merged(expected, patch)
        wire = json.dumps(json.dumps(series))
        found = tab.value(f"""() => {{
          helio.mergePatch(Object.fromEntries(['a', 'b', 'c', 'ä'].map((name) => [name, null])))
          for (const patch of JSON.parse({wire})) {{
            helio.mergePatch(patch)
            JSON.stringify(helio.root)
          }}
          return JSON.stringify(helio.filtered({{exclude: /^_helio/}}))
        }}""")
        assert json.loads(found) == expected
        shown = json.loads(tab.text("p"))
        del shown["_helio"]
        assert shown == expected

    check()
    assert tab.errors == []
