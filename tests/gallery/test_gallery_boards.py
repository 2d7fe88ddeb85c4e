"""The gallery's boards without a browser: rights, cards, dialogs and the log as plain pages."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from helio import App
from helio.server import Target

GALLERY = Path(__file__).parents[2] / "gallery"
ANN, BOB, EVE = 1, 2, 3
KITCHEN, PARTY, SHOP = "/boards/1", "/boards/2", "/boards/3"


class Visitor:
    """A browser without JavaScript."""

    def __init__(self, app: App) -> None:
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://testserver"
        )

    async def see(self, path: str) -> LexborHTMLParser:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return LexborHTMLParser(answer.text)

    async def send(self, path: str, *, board: str = KITCHEN, **fields: object) -> httpx.Response:
        """Submit a plain form that stands on the board."""
        data = {name.replace("__", "."): str(value) for name, value in fields.items()}
        headers = {"referer": f"http://testserver{board}"}
        return await self.client.post(path, data=data, headers=headers)

    async def follow(self, path: str, board: str = KITCHEN) -> LexborHTMLParser:
        """Follow a link that stands on the board."""
        headers = {"referer": f"http://testserver{board}"}
        answer = await self.client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return LexborHTMLParser(answer.text)

    async def texts(self, selector: str, path: str = KITCHEN) -> list[str]:
        return [node.text() for node in (await self.see(path)).css(selector)]

    async def cards(self, stage: str, path: str = KITCHEN) -> list[str]:
        return await self.texts(f"[data-stage={stage}] .open", path)


Enter = Callable[..., Any]


@pytest.fixture
async def app(modules: None) -> AsyncIterator[App]:
    app: Any = Target.parse(str(GALLERY / "app.py")).load()
    await app.start()
    yield app
    await app.stop()


@pytest.fixture
async def enter(app: App) -> AsyncIterator[Enter]:
    """`await enter(ANN)`: a visitor who has entered as Ann; without a person, nobody."""
    async with AsyncExitStack() as stack:

        async def entering(person: int | None = None) -> Visitor:
            visitor = Visitor(app)
            await stack.enter_async_context(visitor.client)
            if person is not None:
                answer = await visitor.send(f"/boards/enter/{person}", board="/boards")
                assert answer.headers["location"] == "/boards"
            return visitor

        yield entering


# Who sees what


async def test_everybody_may_enter_as_somebody_and_leave(enter: Enter):
    visitor = await enter()
    assert await visitor.texts(".who strong", "/boards") == ["Ann", "Bob", "Eve"]
    assert (await visitor.client.get(KITCHEN)).status_code == 403
    await visitor.send("/boards/enter/2")
    assert await visitor.texts("#boards h2", "/boards") == ["New kitchen", "Street party"]
    await visitor.send("/boards/leave")
    assert await visitor.texts("#boards h2", "/boards") == []
    assert (await visitor.client.get(KITCHEN)).status_code == 403
    assert (await visitor.send("/boards/enter/9")).status_code == 404


@pytest.mark.parametrize(
    ("person", "boards"),
    [(ANN, [KITCHEN, PARTY, SHOP]), (BOB, [KITCHEN, PARTY]), (EVE, [KITCHEN, SHOP])],
)
async def test_a_board_is_for_its_members(enter: Enter, person: int, boards: list[str]):
    visitor = await enter(person)
    statuses = {
        path: (await visitor.client.get(path)).status_code for path in (KITCHEN, PARTY, SHOP)
    }
    assert [path for path, status in statuses.items() if status == 200] == boards
    assert set(statuses.values()) <= {200, 403}
    assert (await visitor.client.get("/boards/99")).status_code == 403


async def test_the_budget_is_for_managers(enter: Enter):
    ann, eve = await enter(ANN), await enter(EVE)
    assert await ann.texts("#budget h2") == ["Budget"]
    assert len(await ann.texts("#manage button")) == 2
    assert await eve.texts("#budget") == []
    assert await eve.texts("#manage") == []
    assert "9,500" not in (await eve.client.get(KITCHEN)).text
    assert (await eve.send(f"{KITCHEN}/budget", _method="PUT", amount=1)).status_code == 403
    await ann.send(f"{KITCHEN}/budget", _method="PUT", amount=12000)
    assert "12,000" in (await ann.client.get(KITCHEN)).text


@pytest.mark.parametrize("amount", ["-1", "many", "1e99", "99999999999999999999"])
async def test_a_budget_is_a_sum_of_money(enter: Enter, amount: str):
    ann = await enter(ANN)
    answer = await ann.send(f"{KITCHEN}/budget", _method="PUT", amount=amount)
    assert answer.status_code in (400, 422)


async def test_the_page_comes_before_the_suppliers_prices(enter: Enter):
    ann = await enter(ANN)
    assert await ann.texts("#offers.waiting") == ["Asking the suppliers for their prices …"]


async def test_managers_remove_and_invite_members(enter: Enter):
    ann, eve = await enter(ANN), await enter(EVE)
    member = f"{KITCHEN}/members/{EVE}"
    assert (await eve.send(f"{KITCHEN}/members/{BOB}", _method="DELETE")).status_code == 403
    await ann.send(member, _method="DELETE")
    assert (await eve.client.get(KITCHEN)).status_code == 403
    assert (await eve.send(f"{KITCHEN}/cards", new_card__title="x")).status_code == 403
    assert (await ann.send(member, _method="DELETE")).status_code == 409
    await ann.send(member, _method="PUT")
    assert (await eve.client.get(KITCHEN)).status_code == 200
    answer = await ann.send(f"{KITCHEN}/members/{ANN}", _method="DELETE")
    assert answer.status_code == 409, "a board keeps its managers"
    assert (await ann.send(f"{KITCHEN}/members/99", _method="PUT")).status_code == 409


# Cards


async def test_a_card_is_added_at_the_end_and_escaped(enter: Enter):
    bob = await enter(BOB)
    before = await bob.cards("todo")
    await bob.send(f"{KITCHEN}/cards", new_card__title="  <b>tiles</b> ")
    assert await bob.cards("todo") == [*before, "<b>tiles</b>"]
    assert "<b>tiles" not in (await bob.client.get(KITCHEN)).text
    assert (await bob.texts("#log li > span:nth-child(2)"))[0] == "Bob added “<b>tiles</b>”"


@pytest.mark.parametrize("title", ["", "  ", "x" * 81])
async def test_a_refused_card_comes_back_with_its_message(enter: Enter, title: str):
    bob = await enter(BOB)
    answer = await bob.send(f"{KITCHEN}/cards", new_card__title=title)
    assert answer.status_code == 422
    assert LexborHTMLParser(answer.text).css_first("#new-card .helio-error").text()


async def test_a_card_moves_to_another_column(enter: Enter):
    bob, ann = await enter(BOB), await enter(ANN)
    await bob.send(f"{KITCHEN}/cards/5/stage", _method="PUT", stage="doing")
    assert await ann.cards("todo") == ["Paint the walls", "Lay the floor"]
    assert (await ann.cards("doing"))[-1] == "Order the cupboards"
    answer = await bob.send(f"{KITCHEN}/cards/5/stage", _method="PUT", stage="lost")
    assert answer.status_code in (400, 422)


async def test_a_card_is_edited_in_its_place(enter: Enter):
    bob = await enter(BOB)
    page = await bob.follow(f"{KITCHEN}/cards/6/edit")
    field = page.css_first("#card-6 .editor [name=title]")
    assert field.attributes["value"] == "Paint the walls"
    assert page.css_first("#card-6 .open") is None
    await bob.send(f"{KITCHEN}/cards/6", _method="PATCH", title="Paint <all>", cost=300)
    assert "Paint <all>" in await bob.cards("todo")
    assert (await bob.texts("#card-6 .cost")) == ["€ 300"]
    for title, cost in (("", 1), ("x", -1), ("x", "much")):
        answer = await bob.send(f"{KITCHEN}/cards/6", _method="PATCH", title=title, cost=cost)
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("", {"_method": "PATCH", "title": "mine", "cost": 0}),
        ("", {"_method": "DELETE"}),
        ("/notes", {"_method": "PATCH", "notes": "mine"}),
        ("/stage", {"_method": "PUT", "stage": "done"}),
        ("/board", {"_method": "PUT", "to": 2}),
        ("/comments", {"new_comment.text": "mine"}),
    ],
)
async def test_nobody_reaches_a_card_of_a_board_that_is_not_his(
    enter: Enter, path: str, fields: dict[str, Any]
):
    """Card 12 is the web shop's, of which Bob is no member."""
    bob, ann = await enter(BOB), await enter(ANN)
    before = (await ann.follow(f"{SHOP}/cards/12", SHOP)).css_first("#dialog").text()
    for board in (SHOP, PARTY):
        answer = await bob.send(f"{board}/cards/12{path}", board=PARTY, **fields)
        assert answer.status_code == (403 if board == SHOP else 404)
    assert (await ann.follow(f"{SHOP}/cards/12", SHOP)).css_first("#dialog").text() == before


async def test_a_card_goes_to_another_board_with_its_comments(enter: Enter):
    ann, eve = await enter(ANN), await enter(EVE)
    refused = await eve.send(f"{KITCHEN}/cards/4/board", _method="PUT", to=2)
    assert refused.status_code == 403
    await ann.send(f"{KITCHEN}/cards/4/board", _method="PUT", to=2)
    assert "Choose the worktop" not in await ann.cards("doing")
    assert "Choose the worktop" in await ann.cards("doing", PARTY)
    page = await ann.follow(f"{PARTY}/cards/4", PARTY)
    assert len(page.css("#comments li")) == 3
    assert (await ann.client.get(f"{KITCHEN}/cards/4")).status_code == 404


# The dialog


async def test_a_card_opens_in_the_page(enter: Enter):
    bob = await enter(BOB)
    page = await bob.follow(f"{KITCHEN}/cards/4")
    assert page.css_first("#dialog h2").text() == "Choose the worktop"
    assert page.css_first("main #card-5") is not None
    assert [one.text() for one in page.css("#send-away option")] == ["Street party"]
    assert (await bob.send(f"{KITCHEN}/cards/close")).headers["location"] == KITCHEN


async def test_comments_are_said_under_ones_name(enter: Enter):
    bob, eve = await enter(BOB), await enter(EVE)
    said = await bob.send(f"{KITCHEN}/cards/7/comments", new_comment__text="Oak & <pine>")
    assert said.status_code == 303
    page = await eve.follow(f"{KITCHEN}/cards/7")
    [comment] = page.css("#comments li")
    assert comment.css_first("strong").text() == "Bob"
    assert comment.text().endswith("Oak & <pine>")
    empty = await bob.send(f"{KITCHEN}/cards/7/comments", new_comment__text=" ")
    assert empty.status_code == 422


async def test_notes_are_kept(enter: Enter):
    bob = await enter(BOB)
    await bob.send(f"{KITCHEN}/cards/7/notes", _method="PATCH", notes="</textarea>\nlong")
    page = await bob.follow(f"{KITCHEN}/cards/7")
    assert page.css_first("#notes").text() == "</textarea>\nlong"
    long = await bob.send(f"{KITCHEN}/cards/7/notes", _method="PATCH", notes="x" * 2001)
    assert long.status_code in (400, 422)


async def test_a_deleted_card_is_gone_with_what_was_said(enter: Enter):
    bob = await enter(BOB)
    await bob.send(f"{KITCHEN}/cards/4", _method="DELETE")
    assert "Choose the worktop" not in await bob.cards("doing")
    assert (await bob.client.get(f"{KITCHEN}/cards/4")).status_code == 404


# The log


async def test_earlier_entries_follow_the_newest_without_gap(enter: Enter):
    bob = await enter(BOB)
    seen = [node.attributes["id"] for node in (await bob.see(KITCHEN)).css("#log li")]
    form = (await bob.see(KITCHEN)).css_first("#log form.earlier")
    while form is not None:
        fields = {one.attributes["name"]: one.attributes["value"] for one in form.css("input")}
        path = f"{form.attributes['action']}?{httpx.QueryParams(fields)}"
        chunk = (await bob.follow(path)).css_first("#log .page")
        seen += [node.attributes["id"] for node in chunk.css("li")]
        form = chunk.css_first("form.earlier")
    assert seen == [f"entry-{number}" for number in range(25, 0, -1)]
