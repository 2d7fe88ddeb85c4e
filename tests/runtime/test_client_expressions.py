"""Expressions: what is rewritten, what is not, and what an error says."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = [
    ("$a", "1"),
    ("$a.b-c", "undefined"),
    ("$kebab-name", "k"),
    ("$a-1", "0"),
    ("$a-$b", "-1"),
    ("$b-- + $b", "3"),
    ("'$a'", "$a"),
    ('`$a ${$a} ${`${$b} $b ${"}"}`}`', "$a 1 2 $b }"),
    (r"'it\'s $a; ' + $a", "it's $a; 1"),
    ("/[/$a;]+/.test('$') + '|' + /\\$a/.source", "true|\\$a"),
    ("$b / 2 / $a", "1"),
    ("!/x/.test('y')", "true"),
    ("$a // a comment; with $signs", "1"),
    ("/* $a; */ $b", "2"),
    ("$list[0] + $list[$a] + $list.1", "10"),
    ("$['a'] + $list.length", "4"),
    ("$o?.p?.q ?? 'none'", "none"),
    ("$o.p.q", "none"),
    ("const x = $a; x + 1", "2"),
    ("let text = 'a;b'; text.split(';').length;", "2"),
    ("[1, 2].map((n) => { const m = n * 2; return m }).join()", "2,4"),
    ("(() => { if ($a) { return 'yes; no' } })()", "yes; no"),
    ("{ a: $a }", "[object Object]"),
    ("if ($a) { return 'early' }", "early"),
    ("el.id + typeof evt", "tundefined"),
    ("@peek(() => $a) + '@peek($a)'", "1@peek($a)"),
    ("@peek( /* first */ () => $a )", "1"),
    ("ünder($a)", "ü1"),
    ("$naïve", "n"),
    ("$a > 0 && $b < 3 ? `${$a}${$b}` : ''", "12"),
    ("$a;\n  $b;\n", "2"),
    ("({$: 1}).$", "1"),
    ("foo$a", "own"),
]


def test_an_expression_reads_as_written(show):
    tab = show("""<div data-signals="{a: 1, b: 2, list: [2, 4, 0], o: {p: {q: 'none'}}, naïve: 'n'}"
      data-signals:kebab-name__case.kebab="'k'"></div>
      <script>window['ünder'] = (n) => 'ü' + n; window.foo$a = 'own'</script><b id=t></b>""")
    found = tab.page.evaluate(
        """(sources) => sources.map((source) => {
          helio.mergePatch({a: 1, b: 2})
          t.textContent = ''
          t.setAttribute('data-text', source)
          helio.apply(t)
          return [source, t.textContent]
        })""",
        [source for source, _ in CASES],
    )
    assert dict(found) == dict(CASES)
    assert tab.errors == []


def test_one_bad_attribute_stops_no_other(show):
    tab = show(
        """<form id=f><button type=button class=go data-on:click="a * b +* c">x</button></form>
      <b data-text="$x.y.z"></b><b data-show></b><b data-class="{a: } }, function () {"></b>
      <b data-text="@nothing()"></b><b data-bind:x__prop></b><b data-text:key="1"></b>
      <i id=ok data-text="1 + 1"></i>"""
    )
    assert tab.text("#ok") == "2"
    tab.page.click("button")
    everything = "\n".join(tab.errors)
    assert "data-on:click on form#f > button.go" in everything
    assert "  a * b +* c\n         ^" in everything
    assert "KeyNotAllowed" in everything
    assert "ValueRequired" in everything
    assert "BindPropNameMissing" in everything
    assert "UndefinedAction" in everything
    assert "@nothing" in everything
    assert len(tab.errors) == 7


def test_an_error_keeps_its_dependencies_and_is_told_once(show):
    tab = show("""<div data-signals="{o: null, n: 0}"></div><b id=t data-text="$n + $o.x"></b>""")
    tab.value("helio.mergePatch({n: 1})")
    tab.value("helio.mergePatch({n: 2})")
    assert len(tab.errors) == 1
    assert "  $n + $o.x\n          ^" in tab.errors[0]
    tab.value("helio.mergePatch({o: {x: 5}})")
    assert tab.text("#t") == "7"


def test_a_body_may_declare_el_and_return_a_cleanup(show):
    tab = show(
        """<div id=d data-signals="{n: 1}" data-init="const el = 5; window.seen = el"
      data-effect="const el = $n; window.log = [...(window.log ?? []), el];
        return () => log.push(-el)"></div>"""
    )
    assert tab.value("seen") == 5
    tab.value("helio.mergePatch({n: 2})")
    assert tab.value("log") == [1, -1, 2]
    tab.value("d.remove()")
    tab.until("log.at(-1) === -2")
    assert tab.errors == []


def test_signals_may_hold_functions(show):
    tab = show("""<div data-signals="{hello: (name) => 'hi ' + name}"></div>
      <b id=t data-text="$hello('Ada')"></b><b data-init="$missing()"></b>""")
    assert tab.text("#t") == "hi Ada"
    assert len(tab.errors) == 1
    assert "is not a function" in tab.errors[0]


pieces = st.sampled_from(
    [
        "$a",
        "@get(",
        "'",
        '"',
        "`",
        "\\",
        "/",
        "//",
        "/*",
        "*/",
        "${",
        "}",
        "{",
        "(",
        ")",
        ";",
        "\n",
        "x",
        "é",
        "\u2028",
    ]
)


def test_text_is_never_taken_for_code(show):
    tab = show("""<div data-signals="{a: 1}"></div><b id=t></b>""")

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(pieces, max_size=12).map("".join))
    def check(text):
        quoted = json.dumps(text)
        single = "'" + quoted[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
        template = "`" + text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${") + "`"
        pattern = "/" + "".join(f"\\u{ord(sign):04x}" for sign in text) + "[/'$a;{(`]/.source"
        sources = [
            quoted,
            single,
            template,
            f"{quoted}; $a; {single} + {template}",
            f"{pattern} && {quoted}",
        ]
        found = tab.page.evaluate(
            """(sources) => sources.map((source) => {
              t.setAttribute('data-text', source)
              helio.apply(t)
              return t.textContent
            })""",
            sources,
        )
        assert found == [text, text, text, text + text, text]

    check()
    assert tab.errors == []
