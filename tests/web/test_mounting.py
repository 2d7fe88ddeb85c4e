"""Mounts: a region in a slot of one tab, kept current there wherever its stream goes."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from helio import App, mount, slot
from helio import html as h
from helio.live.signing import Signer
from helio.web.grants import LIFETIME, Grants, sealed
from helio.web.opening import MOUNTS
from web.mounting_site import (
    NEWS,
    NOW,
    REGIONS,
    RIGHTS,
    SECRET,
    TAB,
    details,
    granted,
    guarded,
    key_of,
    mounted,
    serve,
    tab,
    versions,
    world,
)
from web.visiting import browser, detail, events, stream


@pytest.fixture(autouse=True)
def fresh() -> None:
    world.__init__()


@pytest.fixture
async def app() -> AsyncIterator[App]:
    made = serve()
    yield made
    await made.stop()


@pytest.fixture
async def visitor(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as made:
        yield made


@pytest.fixture
async def other() -> AsyncIterator[App]:
    """Another process of the same application."""
    made = serve()
    yield made
    await made.stop()


async def test_a_region_comes_by_the_open_stream_and_not_by_the_answer(
    app: App, visitor: httpx.AsyncClient
) -> None:
    async with stream(app, "/", helio_tab=TAB) as opened:
        answer = await visitor.post("/open/details/5", headers=tab())
        assert (answer.status_code, answer.content) == (204, b"")
        event = await mounted(opened, "details of 5: old")
        assert event.fields["into"] == "dialog"
        assert event.fields["mode"] == "inner"
        assert event.fields["key"] == key_of(details(5))
        assert event.fields["html"].startswith("<article")
        await opened.says(f"ack {answer.headers['helio-ack']}")
        kinds = [event.event for event in opened.events]
        assert kinds.index("helio-mount") < kinds.index("helio-ack")


async def test_without_a_stream_here_the_answer_carries_the_grant_alone(
    visitor: httpx.AsyncClient,
) -> None:
    answer = await visitor.post("/open/details/5?mode=append", headers=tab())
    [event] = events(answer)
    assert event.event == "helio-mount"
    assert event.fields.keys() == {"into", "mode", "key", "grant"}
    assert event.fields["key"] == key_of(details(5))
    assert "details of" not in answer.text


async def test_the_stream_that_is_opened_with_the_grant_brings_it_and_keeps_it_current(
    app: App, visitor: httpx.AsyncClient
) -> None:
    [event] = events(await visitor.post("/open/details/5", headers=tab()))
    document = await visitor.get("/")
    said = {"have": versions(document.text), "mounts": [granted(event)]}
    async with stream(app, "/", said, helio_tab=TAB) as opened:
        await mounted(opened, "details of 5: old")
        assert "page: old" not in opened.text
        world.news = "new"
        app.publish(NEWS)
        await opened.says("details of 5: new")
        assert len(opened.of("helio-mount")) == 1


async def test_the_page_renders_around_it(app: App, visitor: httpx.AsyncClient) -> None:
    async with stream(app, "/", helio_tab=TAB) as opened:
        await visitor.post("/open/guarded/5", headers=tab())
        await mounted(opened, "the secret of 5")
        before = len(opened.text)
        world.news = "new"
        app.publish(NEWS)
        await opened.says("page: new")
        assert "secret" not in opened.text[before:]


async def test_it_survives_the_end_of_the_stream_and_of_the_process(
    app: App, other: App, visitor: httpx.AsyncClient
) -> None:
    async with stream(app, "/", helio_tab=TAB) as opened:
        await visitor.post("/open/details/5", headers=tab())
        event = await mounted(opened, "details of 5")
        document = await visitor.get("/")
    await app.stop()
    have = versions(document.text) | versions(event.fields["html"])
    said: dict[str, Any] = {"have": have, "mounts": [granted(event)]}
    async with stream(other, "/", said, helio_tab=TAB) as opened:
        world.news = "newest"
        other.publish(NEWS)
        await opened.says("details of 5: newest")
        assert not opened.of("helio-mount"), "it was there already"
        assert "details of 5: old" not in opened.text


async def test_who_lacks_nothing_hears_nothing(app: App, visitor: httpx.AsyncClient) -> None:
    [event] = events(await visitor.post("/open/details/5", headers=tab()))
    page = versions((await visitor.get("/")).text)
    async with stream(app, "/", {"have": page, "mounts": [granted(event)]}) as opened:
        html = (await mounted(opened, "details of 5")).fields["html"]
    have = page | versions(html)
    async with stream(app, "/", {"have": have, "mounts": [granted(event)]}) as opened:
        assert opened.status == 200
        world.news = "new"
        app.publish(NEWS)
        await opened.says("details of 5: new")
        first = opened.events[0]
        assert first.event == "helio-batch" or "new" in first.data


async def test_another_secret_or_session_expiry_or_letter_takes_it_away(
    app: App, visitor: httpx.AsyncClient
) -> None:
    call = sealed(details(5))
    ours = Signer(SECRET.encode())

    def find(name: str, key: str):
        return details

    good = Grants(ours, find).give(call, "")
    mounts = [
        {"into": f"slot-{at}", "mode": "append", "grant": grant}
        for at, grant in enumerate(
            [
                Grants(Signer(b"another secret of the kind"), find).give(call, ""),
                Grants(ours, find).give(call, "of somebody else"),
                Grants(ours, find, lambda: LIFETIME).give(call, ""),
                good[:-1] + ("A" if good[-1] != "A" else "B"),
                good,
                good.replace("details", "silent_", 1),
                "",
                "no grant\nat all",
            ]
        )
    ]
    async with stream(app, "/", {"mounts": mounts}) as opened:
        await mounted(opened, "details of 5")
        await opened.says("slot-7")
        [kept] = opened.of("helio-mount")
        assert kept.fields["into"] == "slot-4"
        gone = {
            event.fields["into"]: event.fields.get("key") for event in opened.of("helio-unmount")
        }
        key = key_of(details(5))
        assert gone == {
            **{f"slot-{at}": key for at in range(4)},
            "slot-5": key.replace("details", "silent_"),
            "slot-6": None,
            "slot-7": None,
        }


async def test_a_grant_that_is_half_used_is_renewed(app: App) -> None:
    old = Grants(
        Signer(SECRET.encode()), lambda name, key: details, lambda: NOW - 0.6 * LIFETIME
    ).give(sealed(details(5)), "")
    said: dict[str, Any] = {"mounts": [{"into": "dialog", "mode": "inner", "grant": old}]}
    async with stream(app, "/", said) as opened:
        await opened.says("event: helio-grant")
        [event] = opened.of("helio-grant")
        assert event.fields["key"] == key_of(details(5))
        said["mounts"][0]["grant"] = event.fields["grant"]
    async with stream(app, "/", said) as opened:
        await mounted(opened, "details of 5")
        assert not opened.of("helio-grant")


async def test_the_rule_is_asked_when_it_is_mounted(app: App, visitor: httpx.AsyncClient) -> None:
    world.refused = {5}
    refused = await visitor.post("/open/guarded/5", headers=tab())
    assert refused.status_code == 403
    assert detail(refused, "toast")["text"] == "You may not see this."
    async with stream(app, "/", helio_tab=TAB) as opened:
        refused = await visitor.post("/open/guarded/5", headers=tab())
        assert refused.status_code == 403
        assert (await visitor.post("/open/guarded/6", headers=tab())).status_code == 204
        await mounted(opened, "the secret of 6")
        assert "the secret of 5" not in opened.text


async def test_the_rule_is_asked_again_when_the_stream_opens_and_when_it_changes(
    app: App, visitor: httpx.AsyncClient
) -> None:
    [event] = events(await visitor.post("/open/guarded/5", headers=tab()))
    [news] = events(await visitor.post("/open/details/6", headers=tab()))
    said = {"mounts": [granted(event), granted(news, "other")]}
    key = key_of(guarded(5))
    async with stream(app, "/", said) as opened:
        await mounted(opened, "the secret of 5")
        world.refused = {5}
        app.publish(RIGHTS)
        await opened.says("helio-unmount")
        [gone] = opened.of("helio-unmount")
        assert gone.fields == {"into": "dialog", "key": key}
    async with stream(app, "/", said) as opened:
        await mounted(opened, "details of 6")
        await opened.says("helio-unmount")
        assert "secret" not in opened.text


async def test_what_a_command_publishes_is_in_what_it_mounts(
    app: App, visitor: httpx.AsyncClient
) -> None:
    async with stream(app, "/", helio_tab=TAB) as opened:
        answer = await visitor.post("/open-and-change", data={"to": "newer"}, headers=tab())
        assert detail(answer, "toast")["text"] == "done"
        assert "helio-mount" not in answer.text
        event = await mounted(opened, "details of 7")
        assert "details of 7: newer" in event.data


async def test_a_generator_mounts_as_it_yields(app: App, visitor: httpx.AsyncClient) -> None:
    async with stream(app, "/", helio_tab=TAB) as opened:
        answer = await visitor.post("/yielding", headers=tab())
        assert [event.event for event in events(answer)] == ["helio-toast"]
        await mounted(opened, "details of 3")
        await mounted(opened, "the secret of 1")
    answer = await visitor.post("/yielding", headers=tab())
    kinds = [event.event for event in events(answer)]
    assert kinds == ["helio-toast", "helio-mount", "helio-mount"]
    world.refused = {13}
    answer = await visitor.post("/yielding-refused", headers=tab())
    assert detail(answer, "toast") == {"text": "You may not see this.", "tone": "error"}


async def test_a_part_takes_it_as_well(app: App, visitor: httpx.AsyncClient) -> None:
    async with stream(app, "/", helio_tab=TAB) as opened:
        await visitor.post("/into-part", headers=tab())
        event = await mounted(opened, "details of 2")
        assert (event.fields["into"], event.fields["mode"]) == ("~list-1", "append")


async def test_unmounting(app: App, visitor: httpx.AsyncClient) -> None:
    async with stream(app, "/", helio_tab=TAB) as opened:
        for number in (1, 2):
            await visitor.post(f"/open/details/{number}?mode=append", headers=tab())
        await mounted(opened, "details of 2")
        answer = await visitor.post("/close", data={"number": "1"}, headers=tab())
        assert answer.status_code == 204
        await opened.says("helio-unmount")
        assert opened.of("helio-unmount")[0].fields == {"into": "dialog", "key": key_of(details(1))}
        before = len(opened.text)
        world.news = "new"
        app.publish(NEWS)
        await opened.says("details of 2: new")
        assert "details of 1" not in opened.text[before:]
        await visitor.post("/close", headers=tab())
        await opened.says("event: helio-unmount\ndata: into dialog\n\n")
    [event] = events(await visitor.post("/close", headers=tab()))
    assert (event.event, event.fields) == ("helio-unmount", {"into": "dialog"})


async def test_a_refreshed_region_is_rendered_again(app: App, visitor: httpx.AsyncClient) -> None:
    async with stream(app, "/still", helio_tab=TAB) as opened:
        await opened.says("silently 0")
        answer = await visitor.post("/refresh", headers=tab())
        assert answer.status_code == 204
        await opened.says("silently 1")
        await opened.says(f"ack {answer.headers['helio-ack']}")


async def test_to_refresh_what_nobody_shows_is_no_render(
    app: App, visitor: httpx.AsyncClient
) -> None:
    assert (await visitor.post("/refresh", headers=tab())).status_code == 204
    assert world.rendered == []
    assert "data-init" not in (await visitor.get("/still")).text, "it reads nothing: it is static"


async def test_a_users_region_is_his_alone(app: App) -> None:
    async with browser(app) as ann, browser(app) as bob:
        for number, person in ((1, ann), (2, bob)):
            await person.post(f"/log-in/{number}")
        [event] = events(await ann.post("/open-mine", headers=tab()))
        cookies = {name: f"helio={one.cookies['helio']}" for name, one in (("a", ann), ("b", bob))}
        said = {"mounts": [granted(event)]}
        async with stream(app, "/", said, cookie=cookies["a"]) as opened:
            await mounted(opened, "what user 1 has")
        async with stream(app, "/", said, cookie=cookies["b"]) as opened:
            await opened.says("helio-unmount")
            assert "what user 1 has" not in opened.text
        assert (
            await ann.post("/open-other", data={"number": "2"}, headers=tab())
        ).status_code == 500
        assert (
            await ann.post("/open-other", data={"number": "1"}, headers=tab())
        ).status_code == 200


async def test_who_logs_in_by_the_command_gets_it_with_his_new_rights(
    app: App, visitor: httpx.AsyncClient
) -> None:
    async with stream(app, "/", helio_tab=TAB) as opened:
        answer = await visitor.post("/log-in/1", headers=tab())
        [event] = [event for event in events(answer) if event.event == "helio-mount"]
        assert not opened.of("helio-mount")
    cookie = f"helio={visitor.cookies['helio']}"
    async with stream(app, "/", {"mounts": [granted(event)]}, cookie=cookie) as opened:
        await mounted(opened, "details of 1")


async def test_a_session_that_a_command_begins_is_in_the_grant(
    app: App, visitor: httpx.AsyncClient
) -> None:
    answer = await visitor.post("/sort/size", headers=tab())
    assert "set-cookie" in answer.headers
    [event] = [event for event in events(answer) if event.event == "helio-mount"]
    said = {"mounts": [granted(event)]}
    async with stream(app, "/", said, cookie=f"helio={visitor.cookies['helio']}") as opened:
        await mounted(opened, "sorted by size")
    async with stream(app, "/", said) as opened:
        await opened.says("helio-unmount")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/region", "Say where it shall be shown: return mount(details(…), into='slot')"),
        ("/page", "returned a page: return goto(index, …)"),
    ],
)
async def test_what_was_probably_meant(
    app: App, visitor: httpx.AsyncClient, path: str, told: str
) -> None:
    app.development = True
    answer = await visitor.post(path, headers=tab())
    assert answer.status_code == 500
    assert told in detail(answer, "toast")["text"]


async def test_a_page_that_shows_too_much_is_told_so(app: App, visitor: httpx.AsyncClient) -> None:
    async with stream(app, "/", helio_tab=TAB) as opened:
        for number in range(MOUNTS):
            answer = await visitor.post(f"/open/details/{number}?mode=append", headers=tab())
            assert answer.status_code == 204
        more = await visitor.post("/open/details/999?mode=append", headers=tab())
        assert more.status_code == 409
        assert "cannot show any more" in detail(more, "toast")["text"]
        # What is there already, or takes the place of others, is no more than there was.
        assert (await visitor.post("/open/details/5?mode=append", headers=tab())).status_code == 204
        assert (await visitor.post("/open/details/999", headers=tab())).status_code == 204
        await opened.says("details of 999")


async def test_in_development_a_mount_without_the_rule_of_its_command_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = App()
    app.development = True

    async def member(user: object) -> bool:
        return True

    @app.page("/")
    def index():
        return h.main[slot("dialog")]

    @app.post("/ruled/{name}", allow=member)
    def ruled(name: str):
        return mount(REGIONS[name](1), into="dialog")

    @app.post("/open")
    def opening():
        return mount(details(1), into="dialog")

    async with browser(app) as someone:
        for path in ("/open", "/ruled/guarded"):
            await someone.post(path, headers=tab())
        assert "which has none" not in caplog.text
        for _ in range(2):
            await someone.post("/ruled/details", headers=tab())
    assert caplog.text.count("web.mounting_site.details, which has none") == 1
    await app.stop()


async def test_arguments_that_no_tab_can_carry_are_refused(
    app: App, visitor: httpx.AsyncClient
) -> None:
    async with stream(app, "/", helio_tab=TAB) as opened:
        answer = await visitor.post(f"/sort/{'x' * 4000}", headers=tab())
        assert answer.status_code == 413
        assert detail(answer, "toast")["text"] == "This is too long to be shown."
        assert not opened.of("helio-mount")
