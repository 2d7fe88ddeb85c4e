"""Element patches: modes, selectors, namespaces, scripts, documents."""

import json


def stream(*events):
    """Patches as the wire has them: each a mapping of the fields of one event."""
    text = ""
    for event in events:
        text += "event: datastar-patch-elements\n"
        for name, value in event.items():
            text += "".join(f"data: {name} {line}\n" for line in str(value).split("\n"))
        text += "\n"
    return text


def patch(show, server, body, *events, done="true", errors=0):
    server.answers("POST", "/x", stream(*events), content_type="text/event-stream")
    tab = show(
        f"""{body}<button id=go data-on:click="@post('/x')" data-indicator="busy"></button>"""
    )
    tab.page.click("#go")
    server.next("/x")
    tab.until(f"helio.root.busy === false && ({done})")
    assert len(tab.errors) == errors, tab.errors
    return tab


def test_every_mode(show, server):
    tab = patch(
        show,
        server,
        """<div id=box><p id=a>a</p><p id=b>b</p><p id=c>c</p><p id=d>d</p></div>""",
        {"elements": "<p id=a class=x>A</p>\n<p id=b>B</p>"},
        {"mode": "inner", "elements": "<p id=c><i>C</i></p>"},
        {"mode": "replace", "elements": "<p id=d>D</p>"},
        {"mode": "prepend", "selector": "#box", "elements": "<b>first</b>"},
        {"mode": "append", "selector": "#box", "elements": "<b>last</b>"},
        {"mode": "before", "selector": "#c", "elements": "<u>before</u>"},
        {"mode": "after", "selector": "#c", "elements": "<u>after</u>text"},
        {"mode": "remove", "selector": "#b"},
        {"mode": "remove", "elements": "<p id=d></p>"},
    )
    assert (
        tab.value("box.innerHTML") == '<b>first</b><p id="a" class="x">A</p><u>before</u><p'
        ' id="c"><i>C</i></p><u>after</u>text<b>last</b>'
    )


def test_a_selector_may_match_several(show, server):
    tab = patch(
        show,
        server,
        """<p class=r data-region="k">1</p><p class=r data-region="k">2</p><ul class=l></ul><ul
          class=l></ul>""",
        {
            "selector": '[data-region="k"]',
            "elements": '<p class=r data-region="k" data-v="2"><b>new</b></p>',
        },
        {"selector": ".l", "mode": "append", "elements": "<li>x<li>y"},
    )
    assert tab.value("[...document.querySelectorAll('.r b')].length") == 2
    assert (
        tab.value("[...document.querySelectorAll('.l')].map((el) => el.innerHTML).join()")
        == "<li>x</li><li>y</li>,<li>x</li><li>y</li>"
    )


def test_outer_with_several_elements_replaces_one_by_all(show, server):
    tab = patch(
        show,
        server,
        """<div id=box><p id=t>old</p></div>""",
        {"selector": "#t", "elements": "<h1>one</h1><p id=t>two</p><p>three</p>"},
    )
    assert tab.value("box.innerHTML") == '<h1>one</h1><p id="t">two</p><p>three</p>'


def test_table_rows_svg_and_mathml_are_parsed_in_their_world(show, server):
    tab = patch(
        show,
        server,
        """<table><tbody id=rows></tbody></table><svg id=s><g id=g></g></svg><math id=m></math>""",
        {"selector": "#rows", "mode": "append", "elements": "<tr><td>1</td></tr>"},
        {"namespace": "svg", "elements": '<g id="g"><circle r="5"/></g>'},
        {"namespace": "svg", "selector": "#s", "mode": "append", "elements": "<linearGradient/>"},
        {"namespace": "mathml", "selector": "#m", "mode": "inner", "elements": "<mi>x</mi>"},
    )
    assert tab.value("""[rows.rows.length, g.firstChild.namespaceURI, s.lastChild.localName,
      m.firstChild.namespaceURI]""") == [
        1,
        "http://www.w3.org/2000/svg",
        "linearGradient",
        "http://www.w3.org/1998/Math/MathML",
    ]


def test_new_elements_are_alive_at_once_and_old_ones_are_ended(show, server):
    body = stream(
        {"selector": "#box", "mode": "inner", "elements": '<b id=t data-text="$n + 1"></b>'}
    )
    body += 'event: datastar-patch-signals\ndata: signals {"n": 6}\n\n'
    server.answers("POST", "/x", body, content_type="text/event-stream")
    tab = show(
        """<div data-signals="{n: 1}"></div><div id=box><i data-effect="window.old = $n"></i></div>
      <button data-on:click="@post('/x')"></button>"""
    )
    tab.page.click("button")
    tab.until("window.t?.textContent === '7'")
    assert tab.value("old") == 1


def test_scripts_run_once_and_again_when_they_change(show, server):
    tab = patch(
        show,
        server,
        """<div id=box><script>window.same = (window.same ?? 0) + 1</script><script
          id=s>window.runs = ['first']</script></div>""",
        {
            "elements": "<div id=box><script>window.same = (window.same ?? 0) + 1</script>"
            "<script id=s>window.runs.push('changed')</script></div>"
        },
        {
            "selector": "body",
            "mode": "append",
            "elements": "<script>window.runs.push('new')</script>",
        },
        {
            "selector": "body",
            "mode": "append",
            "elements": "<p><script>window.runs.push('inner')</script></p>",
        },
        {
            "selector": "body",
            "mode": "append",
            "elements": "<script>window.runs.push('new')</script>",
        },
    )
    assert tab.value("[same, ...runs]") == [1, "first", "changed", "new", "inner", "new"]


def test_a_whole_document_replaces_the_document(show, server):
    tab = patch(
        show,
        server,
        """<input id=i><p id=keep>old</p><div class=own></div>""",
        {
            "elements": '<!doctype html><html lang="de" class="k"><head><meta charset="utf-8">'
            '<title>Neu</title><meta name="x" content="y"></head>'
            '<body class="b"><input id=i><p id=keep>new</p></body></html>'
        },
        done="document.title === 'Neu'",
    )
    assert tab.value(
        "[document.documentElement.lang, document.body.className, keep.textContent]"
    ) == ["de", "b", "new"]
    assert tab.value("document.head.querySelectorAll('script').length") == 0
    assert tab.value("document.querySelectorAll('.own, #go').length") == 0


def test_head_and_body_may_come_alone(show, server):
    tab = patch(
        show,
        server,
        """<p id=p>old</p>""",
        {"elements": "<head><title>T2</title></head>"},
        {"elements": '<body data-x="1"><p id=p>new</p></body>'},
        done="document.title === 'T2' && document.body.dataset.x === '1'",
    )
    assert tab.text("#p") == "new"


def test_what_the_page_put_into_head_and_body_itself_stays(show, server):
    server.answers(
        "POST",
        "/x",
        stream({"elements": "<html><head><title>N</title></head><body><p>new</p></body></html>"}),
        content_type="text/event-stream",
    )
    tab = show("""<button data-on:click="@post('/x')"></button>""")
    tab.value(
        "(document.head.append(document.createElement('style')),"
        " document.body.append(document.createElement('aside')), 0)"
    )
    tab.page.click("button")
    tab.until("document.title === 'N'")
    assert tab.value("document.querySelectorAll('style, aside').length") == 2


def test_view_transitions_keep_the_order(show, server):
    patch(
        show,
        server,
        """<p id=p>0</p>""",
        {"elements": "<p id=p>1</p>", "useViewTransition": "true"},
        {"elements": "<p id=p>2</p>"},
        {"elements": "<p id=p>3</p>", "useViewTransition": "true", "viewTransitionSelector": "#p"},
        done="p.textContent === '3'",
    )


def test_patches_that_cannot_be_applied_say_why_and_stop_nothing(show, server):
    tab = patch(
        show,
        server,
        """<p id=p>old</p>""",
        {"elements": "<p id=nowhere>x</p>"},
        {"elements": "<p>x</p>"},
        {"selector": "#nowhere", "elements": "<p>x</p>"},
        {"mode": "sideways", "elements": "<p id=p>x</p>"},
        {"namespace": "vrml", "elements": "<p id=p>x</p>"},
        {"mode": "append", "elements": "<p>x</p>"},
        {"selector": "###", "elements": "<p>x</p>"},
        {"elements": "<p id=p>new</p>"},
        done="p.textContent === 'new'",
        errors=7,
    )
    everything = "\n".join(tab.errors)
    for word in (
        "#nowhere",
        "without an id",
        "InvalidMode",
        "InvalidNamespace",
        "ExpectedSelector",
        "###",
    ):
        assert word in everything, json.dumps(tab.errors)
