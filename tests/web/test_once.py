"""Commands that are sent twice: the first answer counts, and memory has a limit."""

import asyncio

import pytest

from helio.web import once
from helio.web.once import Once


async def made(answers: Once[str], key: str, text: str, repeated: str | None = "") -> str:
    async def make() -> str:
        return text

    return await answers.answer(key, make, lambda made: repeated or made, len)


async def test_a_repeated_id_gets_the_first_answer() -> None:
    answers = Once[str]()
    assert await made(answers, "a", "first") == "first"
    assert await made(answers, "a", "second") == "first"
    assert await made(answers, "b", "third") == "third"


async def test_who_repeats_it_meanwhile_waits_for_it() -> None:
    answers = Once[str]()
    go = asyncio.Event()

    async def make() -> str:
        await go.wait()
        return "slow"

    first = asyncio.create_task(answers.answer("a", make, lambda made: made, len))
    await asyncio.sleep(0)
    second = asyncio.create_task(made(answers, "a", "fast"))
    await asyncio.sleep(0)
    go.set()
    assert await asyncio.gather(first, second) == ["slow", "slow"]


async def test_all_answers_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "WEIGHT", 10)
    answers = Once[str]()
    for key in "abc":
        await made(answers, key, key * 4)
    assert await made(answers, "b", "again") == "bbbb"
    assert await made(answers, "a", "again") == "again"
    await made(answers, "large", "x" * 11)
    assert await made(answers, "large", "again") == "again"


async def test_so_has_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "KEPT", 2)
    answers = Once[str]()
    for key in "abc":
        await made(answers, key, key)
    assert [await made(answers, key, "again") for key in "cb"] == ["c", "b"]
    assert await made(answers, "a", "again") == "again"
