"""What a page's stream is told of the mounts when it opens."""

from runtime.events import OPENER, batch, mount, region, slot, steps
from runtime.telling import answers, command, told

LIST = slot("detail")
PAGE = OPENER + region("list", LIST, "l1", "section")


def test_a_static_page_opens_a_stream_for_what_is_mounted(show, streams, server):
    tab = show(
        f'<template id="helio-page" data-build="b7"></template><main>{slot("detail")}</main>'
    )
    server.on("POST", "/", streams)
    answers(server, mount("detail", "edit", "g1"))
    command(tab)
    call = streams.next()
    assert call.path == "/"
    assert call.headers["helio-build"] == "b7"
    assert told(call)["mounts"] == [{"into": "detail", "mode": "inner", "grant": "g1"}]
    call.write(mount("detail", "edit", "g1", region("edit", "hello")))
    tab.page.get_by_text("hello").wait_for()
    call.drop()
    assert told(streams.next())["have"] == {"edit": "1"}
    tab.until("document.documentElement.dataset.helioConnection == 'online'")
    tab.value("document.querySelector('helio-mount').remove()")
    # Nothing wants it any more.
    tab.until("!document.documentElement.hasAttribute('data-helio-connection')")
    tab.page.wait_for_timeout(100)
    assert streams.quiet


def test_what_is_had_goes_into_the_body_when_it_is_much(show, streams):
    long = "".join(region(f"{'k' * 40}{n}", "", f"v{n}") for n in range(100))
    twice = region("twice", "") + region("twice", "", "2")
    show(OPENER + long + twice)
    have = told(streams.next())["have"]
    # Of two copies that differ nothing is known.
    assert have == {f"{'k' * 40}{n}": f"v{n}" for n in range(100)}


def test_a_region_that_is_elsewhere_too_is_asked_for_again(show, streams, server):
    tab = show(PAGE + region("edit", "here", "7"))
    assert streams.next().headers["helio-have"] == "list=l1 edit=7"
    answers(server, mount("detail", "edit", "g"))
    command(tab)
    call = streams.next()
    assert told(call)["have"] == {"list": "l1"}
    call.write(mount("detail", "edit", "g", region("edit", "here", "7")))
    tab.until("document.querySelector('helio-mount')")
    call.write(steps("edit", "7", "8", ("append", "", "!")))
    tab.until("[...document.querySelectorAll('[data-region=edit]')].every(e => e.dataset.v == 8)")
    assert tab.value("document.body.innerText").count("here!") == 2


def test_no_more_is_asked_for_than_a_tab_may_have(show, streams):
    tab = show(OPENER + region("list", "<ul data-part=rows></ul>"))
    stream = streams.next()
    rows = [mount("~rows", f"r{n}", f"g{n}", region(f"r{n}", "", tag="li")) for n in range(103)]
    stream.write(batch(*(row.replace("mode inner", "mode append") for row in rows)))
    tab.until("document.querySelectorAll('helio-mount').length == 103")
    stream.drop()
    named = told(streams.next())["mounts"]
    assert [one["grant"] for one in named] == [f"g{n}" for n in range(3, 103)]
    assert tab.value("document.querySelectorAll('helio-mount').length") == 103
    assert "TooManyMounts" in tab.errors[0]
