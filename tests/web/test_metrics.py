"""What an application tells of itself in numbers, and to whom."""

import re

import pytest

from helio import App, Topic, publish, region, watch
from helio import html as h
from web.visiting import BRISK, browser, stream, until

TOKEN = "a token of some length"  # noqa: S105
NEWS = Topic("news")


def site() -> App:
    app = App(metrics=TOKEN, pace=BRISK)
    news = ["first"]

    @region
    def latest() -> object:
        watch(NEWS)
        return h.p[news[-1]]

    @app.page("/")
    def index() -> object:
        return h.main[latest()]

    @app.post("/news")
    def add() -> None:
        news.append("newer")
        publish(NEWS)

    return app


async def numbers(app: App) -> dict[str, float]:
    async with browser(app) as visitor:
        answer = await visitor.get("/_helio/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["cache-control"].startswith("no-store")
    found = re.findall(r"^helio_(\S+) (\S+)$", answer.text, re.MULTILINE)
    return {name: float(value) for name, value in found}


async def test_they_count_what_happens() -> None:
    app = site()
    async with browser(app) as visitor, stream(app, "/") as live:
        before = await numbers(app)
        assert before["streams"] == before["streams_opened_total"] == 1
        await visitor.post("/news")
        await until(lambda: "newer" in live.text)
        after = await numbers(app)
    assert after["publications_total"] == before["publications_total"] + 1
    assert after["deliveries_total"] == before["deliveries_total"] + 1
    assert after["delivered_bytes_total"] > before["delivered_bytes_total"]
    assert after["render_seconds_count"] == before["render_seconds_count"] + 1
    assert after["publish_to_write_seconds_count"] == 1
    assert after['publish_to_write_seconds_bucket{le="+Inf"}'] == 1
    assert after["render_failures_total"] == after["skips_total"] == after["cuts_total"] == 0


async def test_every_number_is_said_what_it_is() -> None:
    app = site()
    async with browser(app) as visitor:
        headers = {"authorization": f"bearer {TOKEN}"}
        text = (await visitor.get("/_helio/metrics", headers=headers)).text
    named = set(re.findall(r"^# TYPE (\w+) (?:gauge|counter|histogram)$", text, re.MULTILINE))
    shown = re.findall(r"^(helio_\w+?)(?:_bucket|_sum|_count)?(?:{.*})? \S+$", text, re.MULTILINE)
    assert set(shown) == named
    assert all(f"# HELP {name} " in text for name in named)


@pytest.mark.parametrize("told", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
async def test_they_are_for_whoever_brings_the_token(told: str | None) -> None:
    async with browser(site()) as visitor:
        headers = {} if told is None else {"authorization": told}
        answer = await visitor.get("/_helio/metrics", headers=headers)
    assert answer.status_code == 401
    assert "helio_" not in answer.text


async def test_without_a_token_there_are_none() -> None:
    async with browser(App()) as visitor:
        assert (await visitor.get("/_helio/metrics")).status_code == 404


def test_a_token_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="16 characters"):
        App(metrics="short")
