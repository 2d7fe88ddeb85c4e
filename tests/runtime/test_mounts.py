"""Mounts: regions of one tab, outside of all that surrounds them, kept by the tab itself."""

import json

import pytest

from runtime.events import OPENER, batch, event, mount, region, slot, steps, whole
from runtime.telling import answers, command, title, told

LIST = f"<p data-part='text'>text</p>{slot('detail', '<p id=default>nothing chosen</p>')}"
PAGE = OPENER + region("list", LIST, "l1", "section")
DIALOG = region("edit", '<input id="note"><details><summary>more</summary></details>', tag="dialog")


def shown(tab, selector):
    return tab.value(f"document.querySelector('{selector}')?.checkVisibility() ?? false")


@pytest.fixture
def opened(show, streams):
    """A dialog in the slot, half written in, and the stream that knows of it."""
    tab = show(PAGE)
    streams.next().write(mount("detail", "edit", "g1", DIALOG))
    tab.page.locator("#note").wait_for(state="attached")
    tab.value("document.querySelector('dialog').showModal()")
    tab.page.fill("#note", "half typed")
    tab.page.click("summary")
    tab.page.focus("#note")
    tab.value("note.setSelectionRange(2, 4)")
    tab.value("window.holder = document.querySelector('helio-mount'), 0")
    return tab


def kept(tab):
    assert tab.value("[note.value, note.selectionStart, note.selectionEnd]") == ["half typed", 2, 4]
    assert tab.value("document.activeElement.id") == "note"
    assert tab.value("note.closest('dialog').matches(':modal')")
    assert tab.value("document.querySelector('details').open")
    assert tab.value("holder.isConnected && holder === note.closest('helio-mount')")
    assert tab.value("!document.querySelector('helio-parking')")
    assert tab.errors == []


class Last:
    """The newest stream; what is written has taken effect."""

    def __init__(self, tab, streams):
        self.tab, self.streams, self.count = tab, streams, 0
        tab.page.wait_for_timeout(50)
        tab.value("dispatchEvent(new Event('online'))")
        self.call = streams.next()

    def write(self, data):
        self.count += 1
        self.call.write(data)
        title(self.call, self.tab, f"{self.count}")


def test_a_grant_of_an_answer_opens_the_stream_that_brings_the_region(show, server, streams):
    tab = show(PAGE)
    first = streams.next()
    assert first.headers["helio-have"] == "list=l1"
    assert first.headers["helio-build"] == "b1"
    answers(server, mount("detail", "edit", "g1"))
    command(tab)
    second = streams.next()
    assert told(second) == {
        "have": {"list": "l1"},
        "mounts": [{"into": "detail", "mode": "inner", "grant": "g1"}],
        "presence": [],
    }
    assert second.headers["helio-build"] == "b1"
    assert second.headers["helio-tab"] == first.headers["helio-tab"]
    second.write(mount("detail", "edit", "g1", region("edit", "hello")))
    tab.page.get_by_text("hello").wait_for()
    assert tab.value("document.querySelector('helio-mount').parentElement.dataset.slot") == "detail"
    assert tab.value("({...document.querySelector('helio-mount').dataset})") == {
        "into": "detail",
        "mode": "inner",
    }
    assert not shown(tab, "#default")
    second.drop()
    assert told(streams.next())["have"] == {"list": "l1", "edit": "1"}
    assert tab.errors == []


def test_what_surrounds_a_mount_leaves_it_alone(opened, streams):
    stream = Last(opened, streams)
    for version in range(2, 5):
        html = f"<p>{version}</p>" + LIST.replace("nothing", f"still {version}")
        stream.write(whole("list", f"l{version}", html, "section"))
        kept(opened)
    stream.write(steps("list", "l4", "l5", ("outer", "text", "<p data-part=text>new</p>")))
    stream.write(whole("list", "l6", LIST.replace("nothing", "one"), "section"))
    kept(opened)
    # Its default stays current beneath it.
    assert opened.value("document.querySelector('#default').textContent") == "one chosen"
    assert not shown(opened, "#default")
    opened.value("holder.remove()")
    assert shown(opened, "#default")


@pytest.mark.parametrize("how", ["outer", "replace", "remove", "steps", "batch"])
def test_a_mount_moves_over_into_what_replaces_its_surroundings(opened, streams, how):
    stream = Last(opened, streams)
    other = f"<article><h1>other</h1><div>{slot('detail', 'text')}</div></article>"
    new = f'<main data-region="list" data-v="l2">{other}</main>'
    select = '[data-region="list"]'
    if how == "remove":
        stream.write(
            batch(
                event("datastar-patch-elements", selector=select, mode="remove"),
                event("datastar-patch-elements", selector="body", mode="append", elements=new),
            )
        )
    elif how == "steps":
        stream.write(steps("list", "l1", "l2", ("after", "text", f"<b data-part=b>{other}</b>")))
        stream.write(steps("list", "l2", "l3", ("outer", "", f'<main data-region="list">{other}')))
    elif how == "batch":
        stream.write(
            batch(whole("list", "l2", "<b>one</b>"), whole("list", "l3", f"<i>{other}</i>"))
        )
    else:
        stream.write(event("datastar-patch-elements", selector=select, mode=how, elements=new))
    kept(opened)
    assert opened.value("holder.parentElement === document.querySelector('helio-slot')")
    assert opened.value("holder.closest('article') !== null")
    assert opened.text("helio-slot") == "more"
    opened.page.wait_for_timeout(700)
    assert streams.quiet


def test_where_elements_cannot_be_moved_text_and_focus_go_along(show, streams):
    tab = show(PAGE)
    tab.value("delete Element.prototype.moveBefore && 0")
    stream = streams.next()
    stream.write(mount("detail", "edit", "g1", region("edit", "<input id=note>")))
    tab.page.fill("#note", "half typed")
    tab.value("note.setSelectionRange(2, 4)")
    stream.write(whole("list", "l2", f"<div><p>{slot('detail')}</p></div>", "main"))
    tab.until("document.querySelector('main')")
    assert tab.value("[note.value, note.selectionStart, note.selectionEnd]") == ["half typed", 2, 4]
    assert tab.value("document.activeElement.id") == "note"


def test_what_is_mounted_is_nobody_else_s(opened, streams):
    """Another region brings an element of the same name, while its surroundings change."""
    stream = Last(opened, streams)
    side = event(
        "datastar-patch-elements",
        selector="body",
        mode="append",
        elements=region("side", "<ul data-part=rows></ul>"),
    )
    stream.write(side)
    stream.write(
        batch(
            whole("list", "l2", LIST.replace("nothing", "one"), "section"),
            steps("side", "1", "2", ("append", "rows", "<input id=note>")),
        )
    )
    assert opened.value("[...document.querySelectorAll('#note')].map(el => el.value)") == [
        "half typed",
        "",
    ]
    assert opened.value("holder.querySelector('#note') === document.activeElement")


def test_without_its_target_a_mount_is_over(opened, streams):
    stream = Last(opened, streams)
    assert told(stream.call)["mounts"]
    stream.write(whole("list", "l2", "<p>no slot</p>", "section"))
    assert opened.value("document.querySelector('helio-mount')") is None
    call = streams.next()
    assert call.method == "GET"
    assert call.headers["helio-have"] == "list=l2"
    assert opened.errors == []


def test_whoever_removes_a_mount_ends_it(opened, streams, server):
    stream = Last(opened, streams)
    answers(server, mount("detail", "more", "g2", mode="append"))
    command(opened)
    stream = streams.next()
    assert [told["grant"] for told in json.loads(stream.body)["mounts"]] == ["g1", "g2"]
    stream.write(mount("detail", "more", "g2", region("more", "more"), "append"))
    opened.page.get_by_text("more", exact=True).nth(1).wait_for(state="attached")
    opened.value("note.closest('helio-mount').remove()")
    call = streams.next()
    assert [told["grant"] for told in json.loads(call.body)["mounts"]] == ["g2"]


def test_removed_by_an_answer_the_stream_hears_of_it_but_not_from_itself(opened, streams, server):
    stream = Last(opened, streams)
    answers(server, event("helio-unmount", into="detail", key="other"), path="/other")
    answers(server, event("helio-unmount", into="detail"))
    command(opened, "/other")
    server.next("/other")
    command(opened)
    opened.until("!document.querySelector('helio-mount')")
    assert shown(opened, "#default")
    call = streams.next()
    assert call.method == "GET"
    call.write(mount("detail", "edit", "g1", DIALOG))
    opened.until("document.querySelector('helio-mount')")
    call.write(event("helio-unmount", into="detail", key="edit"))
    opened.until("!document.querySelector('helio-mount')")
    opened.page.wait_for_timeout(700)
    assert streams.quiet
    assert stream.call is not call


def test_the_whole_place_belongs_to_one(opened, streams, server):
    Last(opened, streams)
    answers(server, mount("detail", "view", "g2"))
    command(opened)
    call = streams.next()
    # What will be replaced is not asked for.
    assert [told["grant"] for told in json.loads(call.body)["mounts"]] == ["g2"]
    assert opened.value("note.isConnected")
    call.write(mount("detail", "view", "g2", region("view", "the other")))
    opened.page.get_by_text("the other").wait_for()
    assert opened.value("document.querySelectorAll('helio-mount').length") == 1
    opened.page.wait_for_timeout(700)
    assert streams.quiet


def test_the_same_again_is_morphed(opened, streams):
    stream = Last(opened, streams)
    stream.write(mount("detail", "edit", "g2", DIALOG.replace("more", "less")))
    kept(opened)
    assert opened.text("summary") == "less"
    opened.value("dispatchEvent(new Event('online'))")
    assert told(streams.next())["mounts"] == [{"into": "detail", "mode": "inner", "grant": "g2"}]


def test_a_renewed_grant_is_named_from_then_on(opened, streams):
    stream = Last(opened, streams)
    stream.write(event("helio-grant", key="edit", grant="g9"))
    opened.value("dispatchEvent(new Event('online'))")
    assert told(streams.next())["mounts"] == [{"into": "detail", "mode": "inner", "grant": "g9"}]


def test_pages_of_a_list_stay_behind_it_and_in_order(show, streams):
    rows = "<li id=a>a</li><li id=b>b</li>"
    tab = show(OPENER + region("rows", f"<ul data-part='rows' id=rows>{rows}</ul>"))
    stream = streams.next()
    for name in "xyz":
        html = region(name, name, tag="li")
        stream.write(mount("~rows", name, f"g{name}", html, "prepend" if name == "z" else "append"))
    stream.write(steps("rows", "1", "2", ("append", "rows", "<li id=c>c</li>")))
    title(stream, tab, "c")
    assert tab.value("rows.textContent") == "zabcxy"
    stream.write(steps("rows", "2", "3", ("prepend", "rows", "<li id=d>d</li>")))
    more = f"<ul data-part='rows' id=rows><li id=0>0</li>{rows}<li id=e>e</li></ul>"
    title(stream, tab, "d")
    assert tab.value("rows.textContent") == "zdabcxy"
    stream.write(whole("rows", "4", more))
    title(stream, tab, "e")
    assert tab.value("rows.textContent") == "z0abexy"
    # A list made anew has them in the same order.
    stream.write(whole("rows", "5", more.replace("ul", "ol")))
    title(stream, tab, "f")
    assert tab.value("document.querySelector('ol').textContent") == "z0abexy"


def test_text_is_hidden_too_wherever_it_stands(show, streams):
    tab = show(
        OPENER + region("t", "<table><tr><td id='cell 1'>12</td><td>x</td></tr></table>", "1")
    )
    stream = streams.next()
    stream.write(mount("%23cell%201", "edit", "g", region("edit", "<input>")))
    tab.page.locator("td input").wait_for()
    assert tab.text("td >> nth=0") == ""
    table = "<table><tr><td id='cell 1'>13</td><td>y</td></tr></table>"
    stream.write(whole("t", "2", table))
    tab.page.get_by_text("y").wait_for()
    assert tab.text("td >> nth=0") == ""
    stream.write(event("helio-unmount", into="%23cell%201"))
    tab.page.get_by_text("13").wait_for()


def test_a_target_that_is_not_there_is_an_error_and_its_mount_is_dropped(show, streams, server):
    tab = show(PAGE)
    streams.next()
    answers(server, mount("detial", "edit", "g"))
    command(tab)
    call = streams.next()
    call.write(mount("detial", "edit", "g", region("edit", "x")))
    title(call, tab, "x")
    assert len(tab.errors) == 1
    assert "MountTargetNotFound" in tab.errors[0]
    assert "detial" in tab.errors[0]
    assert tab.value("!document.querySelector('helio-mount, helio-parking')")
    assert streams.next().method == "GET"


def test_a_target_may_come_with_the_same_batch(show, streams):
    tab = show(PAGE)
    inner = mount("inner", "b", "g2", region("b", "inside"))
    outer = mount("detail", "a", "g1", region("a", slot("inner")))
    streams.next().write(batch(inner, outer))
    tab.page.get_by_text("inside").wait_for()
    assert tab.errors == []


def test_mounts_inside_of_mounts_travel_with_them(opened, streams):
    stream = Last(opened, streams)
    # Not in the dialog itself, whose own mount is under test elsewhere.
    stream.write(mount("detail", "tree", "g2", region("tree", slot("leaf")), "append"))
    stream.write(mount("leaf", "leaf", "g3", region("leaf", "<input id=deep>")))
    opened.value("document.querySelector('dialog').close()")
    opened.page.fill("#deep", "deep")
    opened.value("window.leaf = deep.closest('helio-mount'), 0")
    stream.write(whole("list", "l2", f"<div><b>{slot('detail')}</b></div>", "main"))
    stream.write(whole("tree", "2", f"<p><i>{slot('leaf')}</i></p>", "h1"))
    assert opened.value("leaf.isConnected && deep.value") == "deep"
    assert opened.value("document.activeElement.id") == "deep"
    assert opened.value("leaf.closest('h1').closest('main') !== null")
    opened.value("dispatchEvent(new Event('online'))")
    call = streams.next()
    assert [told["grant"] for told in json.loads(call.body)["mounts"]] == ["g1", "g2", "g3"]
    # The outer one takes it along when it goes.
    call.write(event("helio-unmount", into="detail", key="tree"))
    opened.until("!leaf.isConnected")
    again = streams.next()
    assert [told["grant"] for told in json.loads(again.body)["mounts"]] == ["g1"]


def test_parts_and_ids_inside_of_a_mount_are_its_own(show, streams):
    """What surrounds it has the same names."""
    tab = show(PAGE)
    stream = streams.next()
    mine = region("edit", "<p id=default>mine</p><p data-part=text>my text</p>")
    stream.write(mount("detail", "edit", "g", mine))
    tab.page.get_by_text("mine").wait_for()
    stream.write(
        steps("list", "l1", "l2", ("remove", "#default"), ("outer", "text", "<p data-part=text>T"))
    )
    title(stream, tab, "1")
    assert tab.text("[data-region=edit]") == "mine\n\nmy text"
    assert tab.text("[data-region=list] > p") == "T"
    stream.write(whole("list", "l3", LIST.replace("nothing", "little"), "section"))
    stream.write(steps("edit", "1", "2", ("outer", "text", "<p data-part=text>new")))
    title(stream, tab, "2")
    assert tab.text("[data-region=edit]") == "mine\n\nnew"
    assert tab.value("[...document.querySelectorAll('#default')].map(el => el.textContent)") == [
        "little chosen",
        "mine",
    ]
    assert streams.quiet


def test_a_mount_in_what_is_ignored_for_a_while_is_still_one(opened, streams):
    Last(opened, streams)
    opened.value("holder.closest('section').setAttribute('data-ignore', '')")
    opened.value("new Promise(requestAnimationFrame).then(() => 0)")
    opened.value("holder.closest('section').removeAttribute('data-ignore')")
    opened.value("new Promise(requestAnimationFrame).then(() => holder.remove())")
    assert streams.next().method == "GET"


def test_what_a_document_came_with_is_left_alone_until_something_takes_its_place(
    show, streams, server
):
    """A plain form was answered with a slot filled."""
    filled = '<helio-mount data-into="detail" data-mode="inner" style="display:contents">'
    inside = region("edit", "<input id=note>")
    tab = show(PAGE.replace("</helio-slot>", f"{filled}{inside}</helio-mount></helio-slot>"))
    tab.page.fill("#note", "half typed")
    stream = streams.next()
    assert stream.method == "GET"
    stream.write(whole("list", "l2", f"<div>{slot('detail')}</div>", "main"))
    tab.until("document.querySelector('main')")
    assert tab.page.input_value("#note") == "half typed"
    stream.write(mount("detail", "view", "g", region("view", "the other")))
    tab.page.get_by_text("the other").wait_for()
    assert tab.value("document.querySelectorAll('helio-mount').length") == 1
