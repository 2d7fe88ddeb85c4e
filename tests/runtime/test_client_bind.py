"""data-bind, for every kind of field."""

ALL = "JSON.parse(JSON.stringify(helio.filtered({exclude: /^_helio/})))"


def test_an_undeclared_signal_takes_what_the_field_has(show):
    tab = show("""<input data-bind:my-text value="a"><input data-bind="n" type=number value="5">
      <input data-bind="r" type=range value="7"><input data-bind="c" type=checkbox checked>
      <input data-bind="v" type=checkbox value="yes"><textarea data-bind="area">t</textarea>
      <select data-bind="one"><option>x<option selected>y</select>
      <select data-bind="many" multiple><option selected>x<option>y<option selected>z</select>
      <input type=radio data-bind="radio" value="p"><input type=radio data-bind="radio"
        value="q" checked>
      <input type=file data-bind="files"><p data-bind="rich" contenteditable>hello</p>""")
    assert tab.value(ALL) == {
        "myText": "a",
        "n": 5,
        "r": 7,
        "c": True,
        "v": "",
        "area": "t",
        "one": "y",
        "many": ["x", "z"],
        "radio": "q",
        "files": [],
        "rich": "hello",
    }
    assert tab.value("document.querySelector('[type=radio]').name") == "radio"
    assert tab.errors == []


def test_a_declared_signal_fills_the_field_and_keeps_its_type(show):
    tab = show(
        """<div
          data-signals="{t: 1, n: '5', c: 'on', v: true, one: 2, many: [1, 3], radio: 2}"></div>
      <input id=t data-bind="t" value="a"><input id=n data-bind="n" type=number>
      <input id=c data-bind="c" type=checkbox><input id=v data-bind="v" type=checkbox value="yes">
      <select id=one data-bind="one"><option>1<option>2</select>
      <select id=many data-bind="many" multiple><option>1<option>2<option>3</select>
      <input id=r1 type=radio data-bind="radio" value="1"><input id=r2 type=radio
        data-bind="radio" value="2">"""
    )
    state = (
        "[t.value, n.value, c.checked, v.checked, one.value, r2.checked,"
        " many.selectedOptions.length]"
    )
    assert tab.value(state) == ["1", "5", True, True, "2", True, 2]
    tab.page.fill("#t", "42")
    tab.page.fill("#n", "6")
    tab.page.uncheck("#c")
    tab.page.uncheck("#v")
    tab.page.select_option("#one", "1")
    tab.page.select_option("#many", ["2", "3"])
    tab.page.check("#r1")
    assert tab.value(ALL) == {
        "t": 42,
        "n": "6",
        "c": "",
        "v": False,
        "one": 1,
        "many": ["2", 3],
        "radio": 1,
    }
    tab.value("helio.mergePatch({t: 7, c: 'on', one: 2, many: [1], radio: 2})")
    assert tab.value(state) == ["7", "6", True, False, "2", True, 1]


def test_checkboxes_of_a_list_each_have_their_item(show):
    tab = show("""<div data-signals="{colours: []}"></div>
      <input type=checkbox data-bind="colours" value="red"><input type=checkbox
        data-bind="colours" value="green" checked>
      <input type=checkbox data-bind="colours" value="blue">""")
    assert tab.value("helio.root.colours.join()") == ",green,"
    tab.page.locator("input").nth(2).check()
    assert tab.value("helio.root.colours.join()") == ",green,blue"
    tab.value("helio.mergePatch({colours: ['red', '', '']})")
    assert tab.value("[...document.querySelectorAll('input')].map((el) => el.checked)") == [
        True,
        False,
        False,
    ]


def test_what_was_typed_before_the_runtime_came_is_not_lost(show, server):
    server.released.clear()
    tab = show(
        """<div data-signals="{t: 'server', a: '', c: false, s: 'x', kept: 'signal'}"></div>
        <input id=t data-bind="t" value="server"><textarea id=a data-bind="a"></textarea>
        <input id=c type=checkbox data-bind="c"><input data-bind="kept" value="">
        <select id=s data-bind="s"><option>x<option>y</select>""",
        ready=False,
    )
    tab.page.fill("#t", "early")
    tab.page.fill("#a", "bird")
    tab.page.check("#c")
    tab.page.select_option("#s", "y")
    server.released.set()
    tab.until("window.helio?.root.t === 'early'")
    assert tab.value(ALL) == {"t": "early", "a": "bird", "c": True, "s": "y", "kept": "signal"}
    assert tab.page.input_value("#t") == "early"


def test_files_arrive_in_their_order(show):
    tab = show("""<input type=file multiple data-bind="files">""")
    tab.page.set_input_files(
        "input",
        [
            {"name": "b.bin", "mimeType": "application/x-test", "buffer": bytes(range(200)) * 500},
            {"name": "a.txt", "mimeType": "text/plain", "buffer": b"hi"},
        ],
    )
    tab.until("helio.root.files.length === 2")
    assert tab.value("helio.root.files.map(({name, mime}) => [name, mime])") == [
        ["b.bin", "application/x-test"],
        ["a.txt", "text/plain"],
    ]
    assert tab.value("atob(helio.root.files[1].contents)") == "hi"


def test_other_properties_and_events_can_be_named(show):
    tab = show(
        """<input id=c type=checkbox data-bind="flag__"
          data-bind:x__prop.indeterminate__event.click.input>
      <x-field id=f data-bind="custom" value="start"></x-field>"""
    )
    tab.value("(c.indeterminate = true, c.dispatchEvent(new Event('input')))")
    assert tab.value("helio.root.x") is True
    assert tab.value("helio.root.custom") == "start"
    tab.value("helio.mergePatch({custom: 'next'})")
    assert tab.value("f.getAttribute('value')") == "next"


def test_writing_moves_no_caret_and_an_empty_number_stays_empty(show):
    tab = show("""<input id=t data-bind="t"><input id=n type=number data-bind="n" value="12">
      <b data-effect="$t = $t.toUpperCase()"></b>""")
    tab.page.fill("#t", "abcd")
    tab.value("(t.focus(), t.setSelectionRange(2, 2))")
    tab.page.keyboard.type("x")
    assert tab.value("[t.value, helio.root.t]") == ["ABXCD", "ABXCD"]
    tab.page.fill("#n", "")
    assert tab.value("[n.value, helio.root.n]") == ["", 0]


def test_key_and_value_together_mean_the_value(show):
    tab = show("""<input data-bind:email__case.kebab="emailAddr" value="a@b">""")
    assert tab.value(ALL) == {"emailAddr": "a@b"}
    assert tab.errors == []
