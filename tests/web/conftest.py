from collections.abc import AsyncIterator

import pytest

from helio import App
from web.visiting import BRISK


@pytest.fixture
async def app() -> AsyncIterator[App]:
    """An application without a database, with a quick pace; stopped with the test."""
    made = App(pace=BRISK)
    yield made
    await made.stop()
