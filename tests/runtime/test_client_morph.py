"""The morph: the page becomes the new HTML, and what the user has there stays."""

import os
import random
import threading

import pytest

MORPH = """window.morph = async (elements, fields = {}) => {
  const original = window.fetch
  let data = ''
  for (const [name, value] of Object.entries({...fields, elements})) {
    for (const line of value.split('\\n')) data += `data: ${name} ${line}\\n`
  }
  const body = `event: datastar-patch-elements\\n${data}\\n`
  window.fetch = async () => new Response(body, {headers: {'content-type': 'text/event-stream'}})
  await helio.actions.get('/made-here')
  window.fetch = original
}, 0"""

CHECK = """async ({before, after}) => {
  await morph(before, {selector: '#root', mode: 'outer'})
  const root = document.querySelector('#root')
  const unique = (top) => {
    const found = new Map()
    for (const el of [top, ...top.querySelectorAll('*')]) {
      if (el.id) found.set('#' + el.id, found.has('#' + el.id) ? null : el)
      const key = el.parentNode === top && el.dataset.key
      if (key) found.set('=' + el.localName + key, found.has('=' + el.localName + key) ? null : el)
    }
    return found
  }
  const old = unique(root)
  const template = document.createElement('template')
  template.innerHTML = after
  await morph(after, {selector: '#root', mode: 'outer'})
  const now = document.querySelector('#root')
  const problems = []
  if (!now.isEqualNode(template.content.firstChild)) problems.push(['is', now.outerHTML,
      'instead of', template.innerHTML])
  for (const [key, el] of unique(now)) {
    const was = old.get(key)
    if (el && was && was.localName === el.localName && was !== el) problems.push(['made again',
      key])
  }
  return problems
}"""


@pytest.fixture
def morphing(show):
    def open_page(body):
        tab = show(body)
        tab.value(MORPH)
        return tab

    return open_page


def run(tab, html, **fields):
    tab.page.evaluate("([html, fields]) => morph(html, fields)", [html, fields])


class Trees:
    """Random HTML with ids that move about, keys, text, comments and attributes."""

    def __init__(self, dice):
        self.dice = dice

    def tree(self, ids):
        pool = list(ids)
        self.dice.shuffle(pool)
        keep = pool[: self.dice.randint(0, len(pool))]
        return f'<div id="root">{self.children(keep, 3)}</div>'

    def children(self, ids, depth):
        keys = [f"k{n}" for n in range(5)]
        self.dice.shuffle(keys)
        return "".join(self.child(ids, keys, depth) for _ in range(self.dice.randint(0, 6)))

    def child(self, ids, keys, depth):
        kind = self.dice.random()
        if kind < 0.15:
            return self.dice.choice(["one", " two ", "\n"])
        if kind < 0.2:
            return "<!--note-->"
        tag = self.dice.choice(["p", "b", "section"])
        marks = ""
        if ids and self.dice.random() < 0.45:
            # An id keeps its tag, as pages do.
            name = ids.pop()
            tag = ["b", "i", "section"][int(name[1:]) % 3]
            marks = f' id="{name}"'
        elif self.dice.random() < 0.25:
            marks = f' data-key="{keys.pop()}"' if keys else ""
        for name in ("class", "title", "data-n"):
            if self.dice.random() < 0.2:
                marks += f' {name}="{self.dice.choice("xyz")}"'
        tag = "b" if tag == "p" else tag
        inner = self.children(ids, depth - 1) if depth else ""
        return f"<{tag}{marks}>{inner}</{tag}>"


@pytest.mark.parametrize("native", [True, False], ids=["moveBefore", "insertBefore"])
def test_random_trees_become_each_other_and_keyed_nodes_stay_themselves(morphing, native):
    seed = int(os.environ.get("MORPH_SEED", random.SystemRandom().randrange(10**6)))
    print(f"MORPH_SEED={seed}")
    trees = Trees(random.Random(seed))  # noqa: S311
    tab = morphing('<div id="root"></div>')
    if not native:
        tab.value("delete Element.prototype.moveBefore && 0")
    for turn in range(250):
        ids = [f"n{n}" for n in range(9)]
        pair = {"before": trees.tree(ids), "after": trees.tree(ids)}
        assert tab.page.evaluate(CHECK, pair) == [], (seed, turn, pair)
    assert tab.errors == []


FORM = """<form id="f"><p>{extra}</p>{first}<input name="q" value="{value}"><textarea
          name="t">{text}</textarea>
<input type="checkbox" name="c" {checked}><input type="radio" name="r" value="1"><input
          type="radio" name="r" value="2">
<select name="s"><option>a<option>b{option}</select></form>"""
BLANK = {"extra": "", "first": "", "value": "", "text": "", "checked": "", "option": ""}


def test_typed_values_focus_and_caret_survive_repetitions(morphing):
    tab = morphing(FORM.format(**BLANK))
    tab.page.fill("[name=q]", "typed text")
    tab.page.fill("[name=t]", "long text")
    tab.page.check("[name=c]")
    tab.page.check("[value='2']")
    tab.page.select_option("select", "b")
    tab.value(
        "(window.q = document.querySelector('[name=q]'), q.focus(), q.setSelectionRange(2, 5,"
        " 'backward'))"
    )
    run(
        tab,
        FORM.format(
            **(BLANK | {"extra": "news", "first": '<input name="new">', "option": "<option>c"})
        ),
    )
    state = """[q.value, q.isConnected, document.activeElement === q, q.selectionStart,
      q.selectionEnd, q.selectionDirection,
      document.querySelector('[name=t]').value, document.querySelector('[name=c]').checked,
      document.querySelector('[value="2"]').checked, document.querySelector('select').value,
        q.form.elements[0].name]"""
    assert tab.value(state) == [
        "typed text",
        True,
        True,
        2,
        5,
        "backward",
        "long text",
        True,
        True,
        "b",
        "new",
    ]


def test_a_value_that_the_server_changed_is_shown_even_in_a_focused_field(morphing):
    tab = morphing(FORM.format(**BLANK))
    tab.page.fill("[name=q]", "typed")
    tab.page.fill("[name=t]", "typed")
    tab.page.check("[name=c]")
    tab.page.focus("[name=q]")
    run(tab, FORM.format(**(BLANK | {"value": "server", "text": "server"})))
    values = (
        "[...document.querySelectorAll('[name=q], [name=t]')].map((el) =>"
        " el.value).concat(document.querySelector('[name=c]').checked)"
    )
    assert tab.value(values) == ["server", "server", True]
    run(tab, FORM.format(**(BLANK | {"value": "server", "text": "server", "checked": "checked"})))
    run(tab, FORM.format(**BLANK))
    assert tab.value(values) == ["", "", False]


def test_a_bound_field_hears_of_a_value_that_a_patch_changed(morphing):
    tab = morphing('<input id="i" data-bind="v" value="one">')
    tab.page.fill("#i", "typed")
    run(tab, '<input id="i" data-bind="v" value="one" class="x">')
    assert tab.value("[i.value, helio.root.v]") == ["typed", "typed"]
    run(tab, '<input id="i" data-bind="v" value="two">')
    assert tab.value("[i.value, helio.root.v]") == ["two", "two"]


def test_a_value_that_is_no_longer_given_leaves_a_bound_field_alone(morphing):
    html = """<div id="d"><input {bind}i" {value}><textarea {bind}t">{text}</textarea>
      <input type="checkbox" {bind}c" {checked}>
      <select {bind}s"><option>a<option {selected}>b</select></div>"""
    given = {"value": 'value="one"', "text": "one", "checked": "checked", "selected": "selected"}
    values = """[...document.querySelectorAll('#d input, #d textarea, #d select')].map((el) =>
      el.type === 'checkbox' ? el.checked : el.value)"""
    for bind, kept in (
        ('data-bind="', ["one", "one", True, "b"]),
        ('name="', ["", "", False, "a"]),
    ):
        tab = morphing(html.format(bind=bind, **given))
        run(tab, html.format(bind=bind, **dict.fromkeys(given, "")))
        assert tab.value(values) == kept
        run(tab, html.format(bind=bind, **given))
        assert tab.value(values) == ["one", "one", True, "b"]


def test_anonymous_fields_are_matched_by_what_they_are(morphing):
    tab = morphing('<div id="d"><input placeholder="b"><input type="password"></div>')
    tab.value(
        "(window.b = d.children[0], window.p = d.children[1], b.value = 'mine', p.value = 'secret',"
        " b.focus())"
    )
    run(
        tab,
        '<div id="d"><input placeholder="a"><input placeholder="b"><i></i><input'
        ' type="password"></div>',
    )
    assert tab.value("""[d.children[1] === b, d.children[3] === p, b.value, p.value,
      document.activeElement === b, d.children[0].value]""") == [
        True,
        True,
        "mine",
        "secret",
        True,
        "",
    ]


def test_rows_keep_themselves_when_they_move(morphing):
    def rows(names):
        return (
            '<ul id="l">'
            + "".join(f'<li data-key="{n}"><input value="{n}"></li>' for n in names)
            + "</ul>"
        )

    tab = morphing(rows("abcdef"))
    tab.value(
        "(window.c = l.children[2].firstChild, c.focus(), c.value = 'typed',"
        " c.setSelectionRange(1, 2))"
    )
    for order in ("fedcba", "cxa", "axbycz", "zc", "c"):
        run(tab, rows(order))
        assert tab.value("[...l.children].map((el) => el.dataset.key).join('')") == order
        assert tab.value(
            "[c.isConnected, c.value, document.activeElement === c, c.selectionStart]"
        ) == [
            True,
            "typed",
            True,
            1,
        ]


def test_what_the_user_opened_stays_open(morphing):
    html = """<div
      id="d">{0}<details><summary>s</summary>x</details>
      <dialog><input></dialog><p popover>p</p></div>"""
    tab = morphing(html.format(""))
    tab.page.click("summary")
    tab.value(
        "(document.querySelector('dialog').showModal(),"
        " document.querySelector('[popover]').showPopover())"
    )
    run(tab, html.format("<b>new</b>"))
    state = (
        "[document.querySelector('details').open, document.querySelector('dialog:modal') !== null,"
        " document.querySelector(':popover-open') !== null]"
    )
    assert tab.value(state) == [True, True, True]
    run(tab, html.format("<b>newer</b>").replace("<details>", "<details open>"))
    run(tab, html.format("<b>newest</b>").replace("<dialog>", "<dialog open>"))
    run(tab, html.format("<b>newest</b>"))
    assert tab.value(state) == [False, False, True]


def test_scroll_positions_media_and_frames_are_not_touched(morphing):
    html = """<div id="d">{0}<div class="box" style="height: 50px; overflow: auto"><p
      style="height: 500px">{1}</p></div>
    <iframe src="/frame"></iframe></div><p style="height: 4000px"></p>"""
    tab = morphing(html.format("", "a"))
    tab.value("""new Promise((done) => setTimeout(() => {
      document.querySelector('.box').scrollTop = 70; scrollTo(0, 300)
      document.querySelector('iframe').contentWindow.mark = 1; done()
    }, 300))""")
    run(tab, html.format("<b>n</b><i>m</i>", "b"), selector="#d")
    assert tab.value(
        "[document.querySelector('.box').scrollTop,"
        " document.querySelector('iframe').contentWindow.mark]"
    ) == [70, 1]


def test_what_plugins_and_scripts_wrote_survives_a_repetition(morphing):
    html = """<div id="d" class="base {c}" style="color: {s}" data-class="{{hot: $on}}"
      data-show="$off"
      title="{t}"><b data-text="$on">server</b><i data-attr:lang="'de'">{t}</i></div>"""
    tab = morphing(
        """<div data-signals="{on: true, off: false}"></div>""" + html.format(c="", s="red", t="1")
    )
    tab.value(
        """(d.classList.add('dragged'), d.classList.remove('base'), d.style.width = '5px',
          d.setAttribute('data-mine', 'x'),
      d.title = 'by script', window.changes = 0, new Promise((done) => setTimeout(done)))"""
    )
    tab.value(
        "new MutationObserver((all) => changes += all.length).observe(d, {attributes: true,"
        " subtree: true}), 0"
    )
    run(tab, html.format(c="", s="red", t="1").replace("</div>", "<u>new</u></div>"))
    now = (
        "[[...d.classList].sort().join(' '), d.style.cssText, d.dataset.mine, d.title,"
        " d.textContent, d.querySelector('i').lang]"
    )
    same = [
        "dragged hot",
        "color: red; display: none; width: 5px;",
        "x",
        "by script",
        "true1new",
        "de",
    ]
    assert tab.value("changes") == 0
    found = tab.value(now)
    found[1] = "; ".join(sorted(found[1].rstrip(";").split("; "))) + ";"
    assert found == same
    run(tab, html.format(c="more", s="blue", t="2"))
    found = tab.value(now)
    found[1] = "; ".join(sorted(found[1].rstrip(";").split("; "))) + ";"
    assert found == [
        "dragged hot more",
        "color: blue; display: none; width: 5px;",
        "x",
        "2",
        "true2",
        "de",
    ]


def test_marked_trees_and_attributes_are_left_alone(morphing):
    html = """<div id="d"><p data-ignore-morph>{0}</p><details data-preserve-attr="open class"
      class="{0}">{0}</details></div>"""
    tab = morphing(html.format("old"))
    run(tab, html.format("new").replace("<details", "<details open"))
    assert tab.value("""[d.children[0].textContent, d.children[1].textContent,
      d.children[1].className,
      d.children[1].open]""") == [
        "old",
        "new",
        "old",
        False,
    ]
    run(tab, "<p>x</p>", selector="[data-ignore-morph] *")
    run(tab, """<div id="d"><p>plain</p></div>""")
    assert tab.text("#d") == "plain"


def test_only_new_elements_may_take_the_focus(morphing):
    html = """<div id="d">{0}<input id="i" autofocus></div>"""
    tab = morphing('<div id="d"></div><input id="o">')
    tab.page.focus("#o")
    run(tab, html.format(""))
    assert tab.value("document.activeElement.id") == "i"
    tab.page.focus("#o")
    run(tab, html.format("<b>x</b>"))
    assert tab.value("document.activeElement.id") == "o"


def test_rich_text_being_written_is_left_to_its_writer(morphing):
    html = """<div id="d"><p id="e" contenteditable>{0}</p></div>"""
    tab = morphing(html.format("a"))
    tab.page.click("#e")
    tab.page.keyboard.type("xyz")
    run(tab, html.format("b"))
    assert "xyz" in tab.text("#e")
    tab.value("e.blur()")
    run(tab, html.format("c"))
    assert tab.text("#e") == "c"


def test_a_field_named_like_a_property_of_its_form_is_harmless(morphing):
    html = """<form id="f"><input name="id" value="1"><input name="attributes"><input
      name="title"><input name="class">{0}</form>"""
    tab = morphing(html.format(""))
    run(tab, html.format("<b>x</b>"))
    assert tab.page.locator("#f b").count() == 1
    assert tab.errors == []


def test_nothing_is_kept_of_what_is_gone(morphing):
    tab = morphing("""<div id="d"></div>""")
    row = (
        '<p id="p{0}"><b data-on:click="$n++" data-text="$n" data-class="{{x: $n}}"'
        ' data-show="$n"></b></p>'
    )
    tab.page.evaluate(
        """async (row) => {
          window.refs = []
          for (let turn = 0; turn < 40; turn++) {
            await morph(`<div id="d">${row.replaceAll('{0}', turn)}</div>`)
            refs.push(new WeakRef(d.firstChild))
          }
        }""",
        row,
    )
    session = tab.page.context.new_cdp_session(tab.page)
    threading.Event().wait(0.2)
    session.send("HeapProfiler.collectGarbage")
    threading.Event().wait(0.2)
    session.send("HeapProfiler.collectGarbage")
    assert tab.value("refs.filter((ref) => ref.deref()).length") <= 3


@pytest.mark.parametrize("native", [True, False], ids=["moveBefore", "insertBefore"])
def test_what_is_moved_keeps_its_scroll_and_where_the_browser_can_its_frame(
    morphing, server, native
):
    server.answers("GET", "/frame", "<p>frame</p>")
    box = '<div data-key="box" class="box" style="height: 50px; overflow: auto"><p>{0}</p></div>'
    html = '<div id="d"><i data-key="1"></i>{0}<i data-key="2"></i></div>'
    row = box.format("<br>" * 40) + '<p data-key="frame"><iframe src="/frame"></iframe></p>'
    tab = morphing(html.format(row))
    if not native:
        tab.value("delete Element.prototype.moveBefore && 0")
    tab.until("document.querySelector('iframe').contentDocument.body.innerText === 'frame'")
    tab.value(
        """(document.querySelector('.box').scrollTop = 70,
        document.querySelector('iframe').contentWindow.mark = 1)"""
    )
    parts = ['<i data-key="2"></i>', '<i data-key="3"></i>', row, '<i data-key="1"></i>']
    run(tab, f'<div id="d">{"".join(parts)}</div>')
    run(tab, f'<div id="d">{"".join(reversed(parts))}</div>')
    assert tab.value("document.querySelector('.box').scrollTop") == 70
    if native:
        assert tab.value("document.querySelector('iframe').contentWindow.mark") == 1
