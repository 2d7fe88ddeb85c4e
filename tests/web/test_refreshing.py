"""Refreshing: a region whose data tells nothing of its changes is rendered again everywhere."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from helio import App, SQLite, refresh, region
from helio import html as h
from web.visiting import BRISK, browser, own, stream, until


class World:
    """What another service knows."""

    def __init__(self) -> None:
        self.temperature = 20
        self.renders = 0
        self.gate = asyncio.Event()
        self.gate.set()


world = World()


@pytest.fixture(autouse=True)
def fresh() -> None:
    world.__init__()


@region
async def weather(place: str):
    world.renders += 1
    seen = world.temperature
    await world.gate.wait()
    return h.p[f"{seen} degrees in {place}"]


def serve(path: Path) -> App:
    """One process of several that share a database."""
    app = App(db=SQLite(path), pace=BRISK)

    @app.page("/")
    def index():
        return h.main[weather("Ulm"), weather("Rom")]

    @app.post("/warmer")
    def warmer():
        world.temperature += 1
        return refresh(weather("Ulm"))

    return app


@pytest.fixture
async def processes(tmp_path: Path) -> AsyncIterator[tuple[App, App]]:
    made = serve(tmp_path / "shared.db"), serve(tmp_path / "shared.db")
    yield made
    for app in made:
        await app.stop()


async def warm(app: App) -> None:
    async with browser(app) as visitor:
        assert (await visitor.post("/warmer", headers=own())).status_code == 204


async def test_everybody_sees_it_in_all_processes(processes: tuple[App, App]) -> None:
    here, there = processes
    async with stream(here, "/") as near, stream(there, "/") as far:
        for opened in (near, far):
            await opened.says("20 degrees in Ulm")
            await opened.says("20 degrees in Rom")
        await warm(here)
        await near.says("21 degrees in Ulm")
        await far.says("21 degrees in Ulm")
        assert "21 degrees in Rom" not in near.text + far.text


async def test_a_render_under_way_is_followed_by_another(processes: tuple[App, App]) -> None:
    app, _ = processes
    async with stream(app, "/") as opened:
        await opened.says("20 degrees in Ulm")
        world.gate.clear()
        before = world.renders
        await warm(app)
        await until(lambda: world.renders == before + 1)
        await warm(app)
        world.gate.set()
        await opened.says("22 degrees in Ulm")


async def test_what_was_refreshed_while_nobody_looked(processes: tuple[App, App]) -> None:
    app, _ = processes
    async with stream(app, "/") as opened:
        await opened.says("20 degrees in Ulm")
    await warm(app)
    async with stream(app, "/") as opened:
        await opened.says("21 degrees in Ulm")
        assert "20 degrees in Ulm" not in opened.text
