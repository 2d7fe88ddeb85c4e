"""Attributes in a page, and what the page then shows."""

import pytest


def merge(tab, patch):
    tab.value(f"helio.mergePatch({patch})")


def test_text_show_class_attr_and_style_follow_their_signals(show):
    tab = show("""<div data-signals="{on: false, n: 0, name: 'x'}"></div>
      <b id=t data-text="$n"><i>old</i></b><b id=s data-show="$on" style="color: red">s</b>
      <b id=c class="mine" data-class="{'a b': $on, fooBar: $n}" data-class:is-on="$on"></b>
      <b id=a data-attr="{title: $name, hidden: $on, 'data-x': {n: $n}}"
        data-attr:lang="$on ? 'de' : null"></b>
      <b id=y style="color: red; width: 5px"
        data-style="{color: $on && 'blue', fontSize: '10px', '--own': $n}"
         data-style:width="$n ? $n + 'px !important' : ''"></b>""")
    assert tab.text("#t") == "0"
    assert tab.value("[s.style.display, c.className, a.title, a.hidden, a.lang, a.dataset.x]") == [
        "none",
        "mine",
        "x",
        False,
        "",
        '{"n":0}',
    ]
    assert tab.value("y.style.cssText") == "color: red; width: 5px; font-size: 10px; --own: 0;"
    merge(tab, "{on: true, n: 2}")
    assert tab.value("[s.style.display, s.style.color, c.className, a.hidden, a.lang]") == [
        "",
        "red",
        "mine a b fooBar is-on",
        True,
        "de",
    ]
    assert tab.value("[y.style.color, y.style.getPropertyPriority('width'), y.style.width]") == [
        "blue",
        "important",
        "2px",
    ]
    tab.value(
        "c.removeAttribute('data-class'), y.removeAttribute('data-style'),"
        " s.removeAttribute('data-show')"
    )
    tab.until("c.className == 'mine is-on' && y.style.color == 'red' && y.style.fontSize == ''")
    assert tab.errors == []


def test_attr_writes_live_properties_and_words_for_booleans(show):
    tab = show(
        """<div data-signals="{on: true}"></div>
      <input id=c type=checkbox data-attr:checked="$on" data-attr:indeterminate="!$on">
      <input id=v data-attr:value="$on ? 'yes' : 'no'"><details id=d data-attr:open="$on"></details>
      <b id=e data-attr:aria-expanded="$on" data-attr:draggable="$on"
        data-attr:spellcheck="$on"></b>"""
    )
    state = (
        "[c.checked, c.indeterminate, v.value, d.open, e.ariaExpanded, e.draggable,"
        " e.getAttribute('spellcheck')]"
    )
    assert tab.value(state) == [True, False, "yes", True, "true", True, "true"]
    tab.page.fill("#v", "typed")
    tab.page.click("#c")
    merge(tab, "{on: false}")
    assert tab.value(state) == [False, True, "no", False, "false", False, "false"]


def test_init_effect_and_ref(show):
    tab = show(
        """<b id=r data-ref:my-box data-ref="other.box"></b>
      <div data-signals="{n: 1}" data-init="window.inits = (window.inits ?? 0) + 1"
           data-init__delay.20ms="window.late = 1" data-effect="window.seen = [$n, $myBox.id,
             $other.box.id]"></div>"""
    )
    assert tab.value("inits") == 1
    assert tab.value("seen") == [1, "r", "r"]
    tab.until("window.late === 1")
    merge(tab, "{n: 2}")
    assert tab.value("seen[0]") == 2
    tab.value("r.remove()")
    tab.until("helio.root.myBox === ''")


def test_the_old_hyphen_form_and_late_keys_are_understood(show):
    tab = show("""<div data-signals-_gone="1" data-signals__ifmissing:late="2"></div>
      <button data-on-click="$_gone++" data-on:load="window.loaded = true"
        data-class-hot="$_gone > 1"></button>
      <i data-on:interval__duration.20ms="window.ticks = (window.ticks ?? 0) + 1"></i>
      <b id=t data-text="$_gone + $late"></b>""")
    tab.page.click("button")
    assert tab.text("#t") == "4"
    assert tab.value("document.querySelector('button').className") == "hot"
    assert tab.value("loaded")
    tab.until("ticks > 2")
    assert tab.errors == []


def test_ignored_trees_are_left_alone_until_they_are_not(show):
    tab = show("""<div id=d data-ignore><b data-text="1">a</b></div>
      <div data-ignore__self data-text="2"><b data-text="3">b</b></div>""")
    assert tab.text("body").split() == ["a", "3"]
    tab.value("d.removeAttribute('data-ignore')")
    tab.until("d.textContent == '1'")


def test_a_cloak_goes_when_its_element_is_bound(show):
    tab = show('<b id=c data-cloak data-text="1"></b>')
    assert not tab.value("c.hasAttribute('data-cloak')")


def test_attributes_that_come_change_and_go_are_followed(show):
    tab = show("""<div data-signals="{n: 1}"></div><section id=s></section>""")
    tab.value(
        """s.innerHTML = `<b id=b data-text="$n"
          data-on:click="window.hits = (window.hits ?? 0) + 1"></b>`"""
    )
    tab.until("window.b.textContent == '1'")
    tab.value("b.setAttribute('data-text', '$n * 10')")
    tab.until("b.textContent == '10'")
    tab.value("(b.setAttribute('data-on:click', 'window.hits = 100'), 1)")
    tab.until("(b.click(), window.hits === 100)")
    tab.value("b.removeAttribute('data-text')")
    tab.value("new Promise((done) => setTimeout(done))")
    merge(tab, "{n: 5}")
    assert tab.text("#b") == "10"
    tab.value("(window.gone = b, b.remove(), new Promise((done) => setTimeout(done)))")
    tab.value("(window.hits = 0, gone.click())")
    assert tab.value("hits") == 0


def test_a_moved_element_keeps_its_bindings(show):
    tab = show(
        """<div id=x><b id=b data-init="window.inits = (window.inits ?? 0) + 1"></b></div><div
          id=y></div>"""
    )
    tab.value("(y.append(b), new Promise((done) => setTimeout(done)))")
    assert tab.value("inits") == 1


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ('data-on:click="$n++"', 3),
        ('data-on:click__once="$n++"', 1),
        ('data-on:click__debounce.60ms="$n++"', 1),
        ('data-on:click__debounce.60ms.leading="$n++"', 2),
        ('data-on:click__debounce.60ms.leading.notrailing="$n++"', 1),
        ('data-on:click__throttle.60ms="$n++"', 1),
        ('data-on:click__throttle.60ms.trailing="$n++"', 2),
        ('data-on:click__throttle.60ms.noleading.trailing="$n++"', 1),
        ('data-on:click__delay.10ms="$n++"', 3),
        ('data-on:click__window="$n++"', 3),
        ('data-on:click__document__capture="$n++"', 3),
        ('data-on:click__outside="$n++"', 0),
        ('data-on:click__viewtransition="$n++"', 3),
        ('data-on:click__passive__stop="$n++"', 3),
    ],
)
def test_modifiers_say_when_a_handler_runs(show, attribute, expected):
    tab = show(f"""<div data-signals="{{n: 0}}"></div><button id=b {attribute}>x</button>""")
    tab.value("(b.click(), b.click(), b.click(), new Promise((done) => setTimeout(done, 250)))")
    assert tab.value("helio.root.n") == expected
    assert tab.errors == []


def test_outside_hears_clicks_elsewhere_only(show):
    tab = show(
        """<div data-signals="{n: 0}"></div><p id=p data-on:click__outside="$n++"><b
          id=b>x</b></p><i id=i>y</i>"""
    )
    tab.value("(b.click(), p.click(), i.click())")
    assert tab.value("helio.root.n") == 1


def test_prevent_and_stop_need_no_value_and_may_name_keys(show):
    tab = show(
        """<div data-signals="{n: 0, m: 0}" data-on:click="$m++"><a id=a href="#x"
          data-on:click__prevent__stop>x</a></div>
      <input id=i data-on:keydown__prevent.enter="$n++" data-on:keydown__key.ctrl-s="$n += 10">
      <form data-on:submit="$n += 100"><button id=s>send</button></form>"""
    )
    tab.page.click("#a")
    assert tab.value("[location.hash, helio.root.m]") == ["", 0]
    tab.page.focus("#i")
    tab.page.keyboard.press("a")
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Control+s")
    assert tab.page.input_value("#i") == "a"
    tab.page.click("#s")
    assert tab.value("helio.root.n") == 111
    assert tab.page.url.rstrip("/") == tab.value("location.origin")


def test_document_and_window_events_find_their_target(show):
    tab = show(
        """<div data-signals="{n: 0}" data-on:visibilitychange="$n++" data-on:hashchange="$n += 10"
      data-on:my-event="$n += 100" data-on:my-event__case.camel="$n += 1000"></div>"""
    )
    tab.value("document.dispatchEvent(new Event('visibilitychange'))")
    tab.value("location.hash = 'x'")
    tab.until("helio.root.n === 11")
    tab.value("document.querySelector('div').dispatchEvent(new Event('my-event'))")
    tab.value("document.querySelector('div').dispatchEvent(new Event('myEvent'))")
    assert tab.value("helio.root.n") == 1111


def test_nothing_pending_runs_after_its_element_is_gone(show):
    tab = show(
        """<div data-signals="{n: 0}"></div><p id=p><button id=b data-on:click__debounce.50ms="$n++"
      data-on:click__delay.50ms="$n++" data-on-interval__duration.20ms="$n++"></button></p>"""
    )
    tab.value(
        "(b.click(), p.remove(), helio.root.n = 0, new Promise((done) => setTimeout(done, 200)))"
    )
    assert tab.value("helio.root.n") == 0


def test_intersection_and_signal_patches_are_events(show):
    tab = show(
        """<div data-signals="{a: 0, b: 0, seen: 0, left: 0}"></div><div
          style="height: 3000px"></div>
      <p id=p data-on-intersect__once="$seen++" data-on-intersect__exit="$left++">x</p>
      <i data-on-signal-patch="window.patches = [...(window.patches ?? []),
        JSON.stringify(patch)]; $b++"
         data-on-signal-patch-filter="{include: /^a$/}"></i>"""
    )
    assert tab.value("helio.root.seen") == 0
    tab.value("p.scrollIntoView()")
    tab.until("helio.root.seen === 1")
    tab.value("scrollTo(0, 0)")
    tab.until("helio.root.left === 1")
    tab.value("p.scrollIntoView()")
    merge(tab, "{a: 5}")
    assert tab.value("patches") == ['{"a":5}']
    assert tab.value("helio.root.b") == 1


def test_json_signals_show_what_passes(show):
    tab = show(
        """<div data-signals="{a: {b: 1, _c: 2}, d: [1]}"></div>
      <pre id=p data-json-signals__terse="{exclude: /^_helio/}"></pre><pre id=q
        data-json-signals="{include: /^d/}"></pre>"""
    )
    assert tab.text("#p") == '{"a":{"b":1,"_c":2},"d":[1]}'
    merge(tab, "{d: [2]}")
    assert tab.text("#q") == '{\n  "d": [\n    2\n  ]\n}'


def test_plugins_of_the_page_join_in(show):
    tab = show("""<b id=a data-shout="'hi'"></b><button data-on:click="@double(21)"></button>
      <script type=module>
        import {attribute, action, load, watcher, actions, effect} from '/helio.js'
        attribute({name: 'shout', requirement: {value: 'must'}, returnsValue: true,
          apply: ({el, rx}) => effect(() => { el.title = rx().toUpperCase() })})
        load({name: 'double', apply: (ctx, n) => { window.doubled = [n * 2, ctx.el.tagName,
          ctx.evt.type] }})
        window.called = () => actions.double
      </script>""")
    tab.until("a.title === 'HI'")
    tab.page.click("button")
    assert tab.value("doubled") == [42, "BUTTON", "click"]
    assert tab.value("typeof called()") == "function"
