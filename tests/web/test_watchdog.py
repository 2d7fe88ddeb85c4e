"""In development, code that blocks the event loop is named."""

import asyncio
import time

import pytest

from helio.web.watchdog import Watchdog
from live.standin import until


async def slow_handler() -> None:
    time.sleep(0.5)


async def test_the_place_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    dog = Watchdog(limit=0.1)
    dog.start()
    try:
        for _ in range(2):
            await asyncio.create_task(slow_handler(), name="page slow at /")
            await asyncio.sleep(0.1)
        await until(lambda: caplog.records)
    finally:
        dog.stop()
    [record] = caplog.records
    text = record.getMessage()
    assert "slow_handler at" in text
    assert "test_watchdog.py:" in text
    assert "(page slow at /)" in text
    assert "await" in text


async def test_nothing_is_said_of_a_loop_that_turns(caplog: pytest.LogCaptureFixture) -> None:
    dog = Watchdog(limit=2)
    dog.start()
    await asyncio.sleep(0.3)
    dog.stop()
    assert not caplog.records


async def test_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    dog = Watchdog(limit=0.1)
    dog.start()
    dog.stop()
    await asyncio.sleep(0.1)
    await slow_handler()
    await asyncio.sleep(0.1)
    assert not caplog.records
