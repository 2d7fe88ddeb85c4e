"""The budget of a board: a region that only managers are shown, and one that takes its time.

Selectors: `#budget` with `.planned`, `#budget-form input`, `#offers` (its fallback has `.waiting`).
"""

import asyncio
from typing import Annotated

from msgspec import Meta

from board_people import is_manager
from database import db
from helio import Markup, Routes, indicator, js, on, region, show
from helio import html as h

routes = Routes(allow=is_manager)


@region(allow=is_manager)
async def budget(board_id: int) -> Markup:
    limit = await db.fetch_value("select budget from board where id = $1", board_id)
    planned = await db.fetch_value("select sum(cost) from card where board_id = $1", board_id) or 0
    amount = js("+el.elements.amount.value")
    return h.section("#budget.card.panel")[
        h.h2["Budget"],
        h.p(".planned", class_={"over": planned > limit})[
            h.strong[f"€ {planned:,}"], f" planned of € {limit:,}"
        ],
        h.meter(min=0, max=max(limit, planned, 1), value=planned, high=limit or 1)[planned],
        h.form(
            "#budget-form",
            on.submit(set_budget, board_id=board_id, amount=amount),
            indicator("_saving"),
        )[
            h.label(for_="amount")["Limit, €"],
            h.input("#amount", name="amount", type="number", min=0, value=limit),
            h.button["Save"],
            h.span(".quiet", show(js("$_saving")), style="display:none")["Saving …"],
        ],
        offers(board_id),
    ]


@routes.put("/boards/{board_id:int}/budget")
async def set_budget(board_id: int, amount: Annotated[int, Meta(ge=0, le=10_000_000)]) -> None:
    await db.execute("update board set budget = $1 where id = $2", amount, board_id)


@region(
    allow=is_manager,
    fallback=h.p("#offers.quiet", class_="waiting")["Asking the suppliers for their prices …"],
)
async def offers(board_id: int) -> Markup:
    """What the work that is left would cost today. Nobody waits for it: the page comes without."""
    costs = await db.fetch(
        "select id, cost from card where board_id = $1 and stage <> 'done' and cost", board_id
    )
    prices = await _ask_suppliers([(one.id, one.cost) for one in costs])
    return h.p("#offers.quiet")[f"At today’s prices, what is left costs € {sum(prices):,}."]


async def _ask_suppliers(costs: list[tuple[int, int]]) -> list[int]:
    """Stands for another service, which answers after a second and a half."""
    await asyncio.sleep(1.5)
    return [cost + cost * (card_id % 7 - 2) // 50 for card_id, cost in costs]
