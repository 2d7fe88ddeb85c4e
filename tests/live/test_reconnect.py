"""Coming back: who has what is current hears nothing, and costs no render."""

from helio import Topic, region, watch
from helio import html as h
from live.standin import Tab, Visit, have, quiet, running

CELLS = Topic("reconnect.cells", int)
renders = 0


@region
def cell(number: int) -> object:
    global renders
    renders += 1
    watch(CELLS(number))
    return h.p[f"cell {number}"]


def page() -> object:
    watch(CELLS(0))
    return h.main[map(cell, range(20))]


async def test_ten_thousand_streams_that_lack_nothing_hear_nothing() -> None:
    async with running() as hub:
        document = await hub.document(Visit(page))
        before = renders
        tabs = [Tab() for _ in range(10_000)]
        for number, tab in enumerate(tabs):
            await hub.open(Visit(page), have(document.html), tab, f"tab-{number}", steps=True)
        await quiet(hub)
        assert renders == before
        assert not any(tab.sent for tab in tabs)
        hub.publish([CELLS(3)])
        await quiet(hub)
        assert renders == before + 1, "rendered once, equal, and so not sent"
        assert not any(tab.sent for tab in tabs)
