"""Columns: the cards of one board in one stage, each edited in its place, moved by button or drag.

Selectors: `.column` with `data-stage`, in it `.fold`, `.many`; `#card-ID` (cards) with `.open`,
`.back`, `.forth`, `.edit`; `.editor` with `input[name=title]`, `input[name=cost]`.
"""

import msgspec

from board_cards import LONGEST, STAGES, Stage, existing, find, save, shift
from board_dialog import open_card
from board_people import is_member
from database import db
from helio import Markup, Routes, TabState, init, js, mount, on, part, region, unmount
from helio import html as h

routes = Routes(allow=is_member)


class Folded(TabState):
    """The columns that are folded in one tab."""

    stages: list[Stage] = []  # noqa: RUF012 - msgspec copies it


class Face(msgspec.Struct, frozen=True):
    """What of a card is seen in its column."""

    id: int
    title: str
    cost: int
    noted: bool
    comments: int


@region
async def column(board_id: int, stage: Stage, folded: bool) -> Markup:
    cards = await _cards(board_id, stage)
    moved = js("evt.dataTransfer.getData('text')")
    return h.section(
        ".column",
        on.dragover.prevent(js("evt.dataTransfer.dropEffect = 'move'")),
        on.drop.prevent(shift, board_id=board_id, card_id=moved, stage=stage),
        data_stage=stage,
        class_={"folded": folded},
    )[
        h.header[
            h.h2[STAGES[stage]],
            h.span(".many")[len(cards)],
            h.form(on.submit(fold, board_id=board_id, stage=stage))[
                h.button(
                    ".fold",
                    aria_label=f"Fold “{STAGES[stage]}”",
                    aria_expanded="false" if folded else "true",
                )
            ],
        ],
        None if folded else h.ul[(_face(board_id, stage, card) for card in cards)],
    ]


async def _cards(board_id: int, stage: Stage) -> list[Face]:
    return await db.fetch(
        "select id, title, cost, notes <> '' as noted, "
        "(select count(*) from comment where card_id = card.id and comment.board_id = $1) "
        "as comments from card where board_id = $1 and stage = $2 order by place, id",
        board_id,
        stage,
        into=Face,
    )


# While a card is dragged, what the server says of it waits.
_DRAGGED = js("evt.dataTransfer.setData('text', el.dataset.card); el.dataset.hold = ''")
_DROPPED = js("delete el.dataset.hold")


def _face(board_id: int, stage: Stage, card: Face) -> Markup:
    stages = list(STAGES)
    at = stages.index(stage)
    return h.li(
        f"#card-{card.id}",
        on.dragstart(_DRAGGED),
        on.dragend(_DROPPED),
        part=part("card", card.id),
        draggable="true",
        data_card=card.id,
    )[
        h.a(".open", on.click(open_card, board_id=board_id, card_id=card.id))[card.title],
        h.p(".facts")[
            h.span(".cost")[f"€ {card.cost:,}"] if card.cost else None,
            h.span(title="Has notes")["≡"] if card.noted else None,
            h.span(title="Comments")[f"{card.comments} ✉"] if card.comments else None,
        ],
        h.div(".moves")[
            _move(board_id, card.id, stages[at - 1], "back", "←") if at else None,
            h.form(on.submit(edit, board_id=board_id, card_id=card.id))[
                h.button(".edit", aria_label=f"Edit “{card.title}”", title="Edit")["✎"]
            ],
            _move(board_id, card.id, stages[at + 1], "forth", "→") if at < 2 else None,
        ],
    ]


def _move(board_id: int, card_id: int, stage: Stage, name: str, arrow: str) -> Markup:
    label = f"Move to “{STAGES[stage]}”"
    return h.form(on.submit(shift, board_id=board_id, card_id=card_id, stage=stage))[
        h.button(class_=name, aria_label=label, title=label)[arrow]
    ]


@routes.post("/boards/{board_id:int}/fold")
def fold(board_id: int, stage: Stage, folded: Folded) -> None:
    others = [one for one in folded.stages if one != stage]
    folded.stages = others if stage in folded.stages else [*others, stage]


# In its place: the editor is mounted into the card, which is a slot as long as it is there.


@routes.get("/boards/{board_id:int}/cards/{card_id:int}/edit")
async def edit(board_id: int, card_id: int) -> object:
    await existing(board_id, card_id)
    return mount(editor(board_id, card_id), into=part("card", card_id))


@routes.post("/boards/{board_id:int}/cards/{card_id:int}/give-up")
def give_up(board_id: int, card_id: int) -> object:
    return unmount(part("card", card_id))


@region(allow=is_member)
async def editor(board_id: int, card_id: int) -> Markup | None:
    card = await find(board_id, card_id)
    if card is None:
        return None
    title, cost = js("el.elements.title.value"), js("+el.elements.cost.value")
    return h.div(".editor")[
        h.form(on.submit(save, board_id=board_id, card_id=card_id, title=title, cost=cost))[
            h.input(
                init(js("el.select()")),
                name="title",
                value=card.title,
                aria_label="Title",
                required=True,
                maxlength=LONGEST,
                autocomplete="off",
            ),
            h.label["€ ", h.input(name="cost", type="number", value=card.cost, min=0)],
            h.button(".primary")["Save"],
        ],
        h.form(on.submit(give_up, board_id=board_id, card_id=card_id))[
            h.button(".quiet-button")["Cancel"]
        ],
    ]
